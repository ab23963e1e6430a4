# A parameter bound anew by an inner function.
# expect: script.runtime
# reaches: list
# offending: asyncio.Event()
# allowed: A()

import asyncio


class A:
    _value = 'own'


def f(self):
    self._value, self._value

    def g():
        nonlocal self
        self = asyncio.Event()

    g()
    return [self._value]


found = f(A())
