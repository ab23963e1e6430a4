# An async generator without end.
# expect: limit.steps

async def g():
    while True:
        yield 1


async for x in g():
    pass
