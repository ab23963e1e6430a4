# A parameter bound anew in a comprehension.
# expect: script.runtime
# reaches: list
# offending: asyncio.Event()
# allowed: A()

import asyncio


class A:
    _value = 'own'


def f(self):
    self._value, self._value
    [self := asyncio.Event() for _ in [1]]
    return [self._value]


found = f(A())
