# A parameter that is called type.
# expect: script.runtime
# reaches: list
# offending: asyncio.Event()
# allowed: A()

import asyncio


class A:
    _value = 'own'


def f(x, type=lambda thing: A):
    return [x._value]


found = f(asyncio.Event())
