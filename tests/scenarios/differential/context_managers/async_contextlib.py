import asyncio
from contextlib import AsyncExitStack, aclosing, asynccontextmanager


@asynccontextmanager
async def session(name):
    await asyncio.sleep(0)
    print("start", name)
    try:
        yield {"name": name}
    finally:
        await asyncio.sleep(0)
        print("stop", name)


async def rows():
    try:
        yield 1
        yield 2
    finally:
        print("rows closed")


async def main():
    async with session("one") as one, session("two"):
        print(one)
    async with AsyncExitStack() as stack:
        both = [await stack.enter_async_context(session(n)) for n in "xy"]
        stack.push_async_callback(asyncio.sleep, 0)
        print([b["name"] for b in both])
    async with aclosing(rows()) as r:
        async for row in r:
            print("row", row)
            break
    try:
        async with session("bad"):
            raise ValueError("inside")
    except ValueError as error:
        return str(error)


asyncio.run(main())
