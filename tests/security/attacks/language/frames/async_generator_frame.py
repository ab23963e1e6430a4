# An async generator's frame.
# expect: script.forbidden_attribute
# reaches: frame
# offending: ag_frame
# allowed: __name__

async def f():
    yield


found = f().ag_frame
