# A parameter bound anew by a match.
# expect: script.runtime
# reaches: list
# offending: asyncio.Event()
# allowed: A()

import asyncio


class A:
    _value = 'own'


def f(self):
    self._value, self._value
    match asyncio.Event():
        case self:
            return [self._value]


found = f(A())
