# A parameter bound anew by unpacking.
# expect: script.runtime
# reaches: list
# offending: asyncio.Event()
# allowed: A()

import asyncio


class A:
    _value = 'own'


def f(self):
    self._value, self._value
    self, _ = asyncio.Event(), 1
    return [self._value]


found = f(A())
