# A parameter bound anew by an f-string.
# expect: script.runtime
# reaches: list
# offending: asyncio.Event()
# allowed: A()

import asyncio


class A:
    _value = 'own'


def f(self):
    self._value, self._value
    f"{(self := asyncio.Event())}"
    return [self._value]


found = f(A())
