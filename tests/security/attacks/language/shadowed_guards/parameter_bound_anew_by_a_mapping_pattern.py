# A parameter bound anew by a mapping pattern.
# expect: script.runtime
# reaches: list
# offending: asyncio.Event()
# allowed: A()

import asyncio


class A:
    _value = 'own'


def f(self):
    self._value, self._value
    match {'a': asyncio.Event()}:
        case {'a': self}:
            pass
    return [self._value]


found = f(A())
