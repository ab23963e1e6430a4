# Another class for an object, in a coroutine.
# expect: script.forbidden_attribute
# reaches: B
# offending: __class__
# allowed: kind

class A:
    pass


class B:
    pass


async def f(a):
    a.__class__ = B
    return a


found = await f(A())
