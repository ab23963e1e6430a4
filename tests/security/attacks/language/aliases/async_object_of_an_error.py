# The same, in a coroutine and through super().
# expect: script.runtime
# reaches: A
# offending: alias(super(E, e), (int,)).obj
# allowed: alias(super(E, e), (int,)).args

class E(AttributeError):
    pass


class A:
    def __getattr__(self, name):
        raise E('x')


async def f(alias):
    try:
        A().b
    except E as e:
        return alias(super(E, e), (int,)).obj


found = await f(type(list[int]))
