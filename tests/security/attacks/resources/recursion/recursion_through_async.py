# Recursion through async.
# expect: limit.recursion

async def f():
    await f()


await f()
