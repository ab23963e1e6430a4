import asyncio


async def numbers(n):
    try:
        for i in range(n):
            await asyncio.sleep(0)
            yield i
    finally:
        print("generator closed")


class Pages:
    def __init__(self, pages):
        self.pages = pages

    def __aiter__(self):
        self.index = 0
        return self

    async def __anext__(self):
        if self.index >= len(self.pages):
            raise StopAsyncIteration
        await asyncio.sleep(0)
        self.index += 1
        return self.pages[self.index - 1]


async def main():
    out = []
    async for n in numbers(3):
        out.append(n)
    async for page in Pages(["p1", "p2"]):
        out.append(page)
    agen = numbers(5)
    out.append(await anext(agen))
    out.append(await anext(agen))
    await agen.aclose()
    out.append(await anext(agen, "default"))
    return out


asyncio.run(main())
