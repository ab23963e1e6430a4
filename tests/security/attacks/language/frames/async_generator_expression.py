# The frame of an async generator expression.
# expect: script.forbidden_attribute
# reaches: frame
# offending: ag_frame
# allowed: __name__

async def g():
    yield 1


found = (x async for x in g()).ag_frame
