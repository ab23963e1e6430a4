import asyncio


async def source(out):
    for n in range(5):
        await out.put(n)
    await out.put(None)


async def square(inp, out):
    while (n := await inp.get()) is not None:
        await out.put(n * n)
    await out.put(None)


async def keep_even(inp, results):
    while (n := await inp.get()) is not None:
        if n % 2 == 0:
            results.append(n)


async def main():
    a, b, results = asyncio.Queue(1), asyncio.Queue(1), []
    async with asyncio.TaskGroup() as tg:
        tg.create_task(source(a))
        tg.create_task(square(a, b))
        tg.create_task(keep_even(b, results))
    return results


asyncio.run(main())
