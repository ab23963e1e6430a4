import asyncio


async def count(n):
    for i in range(n):
        await asyncio.sleep(0)
        yield i


async def double(x):
    await asyncio.sleep(0)
    return x * 2


async def main():
    listed = [i async for i in count(4)]
    kept = {i async for i in count(6) if i % 2}
    table = {i: await double(i) async for i in count(3)}
    awaited = [await double(i) for i in range(3)]
    lazy = (i * 10 async for i in count(3))
    nested = [[j async for j in count(i)] for i in range(3)]
    flat = [(i, j) async for i in count(2) async for j in count(2)]
    return listed, sorted(kept), table, awaited, [x async for x in lazy], nested, flat


asyncio.run(main())
