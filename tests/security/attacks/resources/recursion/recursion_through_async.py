# Recursion through async.
# expect: ?

async def f():
    await f()


await f()
