import asyncio
from contextlib import AsyncContextDecorator, asynccontextmanager


class Traced(AsyncContextDecorator):
    async def __aenter__(self):
        print("in")
        return self

    async def __aexit__(self, *exc):
        print("out")
        return False


@asynccontextmanager
async def around():
    print("before")
    yield
    print("after")


@Traced()
async def job():
    return 1


@around()
async def other():
    return 2


async def main():
    return await job() + await other()


asyncio.run(main())
