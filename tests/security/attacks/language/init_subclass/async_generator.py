# The order of bases out of an async generator of classes.
# expect: script.forbidden_attribute
# reaches: list
# offending: __mro__
# allowed: __name__

kept = []


class B:
    def __init_subclass__(cls):
        kept.append(cls)


class C(B):
    pass


async def each():
    for cls in kept:
        yield cls.__mro__


found = [x async for x in each()]
