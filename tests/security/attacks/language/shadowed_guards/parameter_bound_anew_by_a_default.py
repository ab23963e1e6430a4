# A parameter bound anew by the default of another function.
# expect: script.runtime
# reaches: list
# offending: asyncio.Event()
# allowed: A()

import asyncio


class A:
    _value = 'own'


def f(self):
    self._value, self._value

    def g(x=(self := asyncio.Event())):
        pass

    return [self._value]


found = f(A())
