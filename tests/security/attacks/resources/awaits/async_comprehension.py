# An async comprehension without end.
# expect: limit.steps

async def g():
    while True:
        yield 1


x = [x async for x in g()]
