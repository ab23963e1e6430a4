# A parameter bound anew by a loop.
# expect: script.runtime
# reaches: list
# offending: asyncio.Event()
# allowed: A()

import asyncio


class A:
    _value = 'own'


def f(self):
    self._value, self._value
    for self in [asyncio.Event()]:
        pass
    return [self._value]


found = f(A())
