# The frame of an async generator by a keyword pattern.
# expect: script.forbidden_attribute
# reaches: frame
# offending: object(ag_frame=found)
# allowed: found

async def g():
    yield 1


match g():
    case object(ag_frame=found):
        pass
