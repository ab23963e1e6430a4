import asyncio


class Connection:
    def __init__(self, name):
        self.name, self.open = name, False

    async def __aenter__(self):
        await asyncio.sleep(0)
        self.open = True
        print("open", self.name)
        return self

    async def __aexit__(self, kind, value, traceback):
        await asyncio.sleep(0)
        self.open = False
        print("close", self.name, kind.__name__ if kind else None)
        return kind is KeyError

    async def query(self, n):
        if n < 0:
            raise KeyError(n)
        return [self.name] * n

    def __await__(self):
        yield from asyncio.sleep(0).__await__()
        return "awaited " + self.name


async def main():
    async with Connection("a") as a, Connection("b") as b:
        rows = await a.query(2) + await b.query(1)
    async with Connection("c") as c:
        await c.query(-1)
    return rows, c.open


asyncio.run(main())
