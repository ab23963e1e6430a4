# The frame of a coroutine as the subject.
# expect: script.forbidden_attribute
# reaches: frame
# offending: cr_frame
# allowed: __name__

async def f():
    pass


c = f()
match c.cr_frame:
    case found:
        pass
await c
