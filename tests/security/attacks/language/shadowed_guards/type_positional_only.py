# A positional-only parameter that is called type.
# expect: script.runtime
# reaches: list
# offending: asyncio.Event()
# allowed: A()

import asyncio


class A:
    _value = 'own'


def f(type, x, /):
    return [x._value]


found = f(lambda thing: A, asyncio.Event())
