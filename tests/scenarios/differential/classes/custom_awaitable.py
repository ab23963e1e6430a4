import asyncio


class Ready:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        return self.value
        yield


class Later:
    def __await__(self):
        async def inner():
            await asyncio.sleep(0)
            return "later"

        result = yield from inner().__await__()
        return result + "!"


async def main():
    return [await Ready(1), await Ready("x")]


asyncio.run(main())
