import asyncio


async def double(n):
    await asyncio.sleep(0)
    return n * 2


async def fail(n):
    await asyncio.sleep(0)
    raise ValueError(n)


async def main():
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(double(n)) for n in range(3)]
    print([t.result() for t in tasks])
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fail(1))
            sleeper = group.create_task(asyncio.sleep(10))
    except* ValueError as errors:
        print("group", [str(e) for e in errors.exceptions], sleeper.cancelled())
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(double(1))
            raise KeyError("body")
    except ExceptionGroup as error:
        print(error.message, error.exceptions)


asyncio.run(main())
