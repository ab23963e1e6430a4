# A walk, in a coroutine.
# expect: script.runtime
# reaches: str
# offending: __class__
# allowed: real

async def f():
    return '{0.__class__}'.format(1)


found = await f()
