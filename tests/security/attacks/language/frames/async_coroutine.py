# The frame of a coroutine.
# expect: script.forbidden_attribute
# reaches: frame
# offending: cr_frame
# allowed: __name__

async def f():
    pass


c = f()
found = c.cr_frame
c.close()
