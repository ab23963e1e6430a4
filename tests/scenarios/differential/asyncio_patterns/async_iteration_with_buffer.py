import asyncio


class Buffered:
    def __init__(self, source, size):
        self.source, self.queue = source, asyncio.Queue(size)

    async def fill(self):
        async for item in self.source:
            await self.queue.put(item)
        await self.queue.put(StopAsyncIteration)

    def __aiter__(self):
        self.task = asyncio.create_task(self.fill())
        return self

    async def __anext__(self):
        item = await self.queue.get()
        if item is StopAsyncIteration:
            raise StopAsyncIteration
        return item


async def ticker(n):
    for i in range(n):
        yield i
        await asyncio.sleep(0)


async def main():
    return [x async for x in Buffered(ticker(5), 2)], [x async for x in aiter(ticker(2))]


asyncio.run(main())
