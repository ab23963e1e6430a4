# The bases of a class, yielded by an async generator.
# expect: script.forbidden_attribute
# reaches: tuple
# offending: __bases__
# allowed: __name__

async def walk():
    yield ().__class__.__bases__


async for found in walk():
    pass
