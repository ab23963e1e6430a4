# A parameter bound anew by a generator expression.
# expect: script.runtime
# reaches: list
# offending: asyncio.Event()
# allowed: A()

import asyncio


class A:
    _value = 'own'


def f(self):
    self._value, self._value
    g = (self := x for x in [asyncio.Event()])
    next(g)
    return [self._value]


found = f(A())
