# A global that is called type.
# expect: script.runtime
# reaches: list
# offending: asyncio.Event()
# allowed: A()

import asyncio


class A:
    _value = 'own'


def f(x):
    global type
    type = lambda thing: A
    return [x._value]


found = f(asyncio.Event())
