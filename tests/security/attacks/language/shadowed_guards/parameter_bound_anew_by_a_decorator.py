# A parameter bound anew by a decorator.
# expect: script.runtime
# reaches: list
# offending: asyncio.Event()
# allowed: A()

import asyncio


class A:
    _value = 'own'


def f(self):
    self._value, self._value

    @(self := asyncio.Event(), lambda g: g)[1]
    def g():
        pass

    return [self._value]


found = f(A())
