# The base of a class, in a coroutine.
# expect: script.forbidden_attribute
# reaches: type
# offending: __base__
# allowed: __name__

async def f():
    return ().__class__.__base__


found = await f()
