# The frame of a coroutine by a keyword pattern.
# expect: script.forbidden_attribute
# reaches: frame
# offending: object(cr_frame=found)
# allowed: found

async def f():
    pass


c = f()
match c:
    case object(cr_frame=found):
        pass
await c
