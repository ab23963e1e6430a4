# The subclasses of object, in an async comprehension.
# expect: script.forbidden_attribute
# reaches: list
# offending: __subclasses__
# allowed: __doc__

async def things():
    yield object


found = [thing.__subclasses__ async for thing in things()]
