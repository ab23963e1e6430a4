# A parameter bound anew by a class body.
# expect: script.runtime
# reaches: list
# offending: asyncio.Event()
# allowed: A()

import asyncio


class A:
    _value = 'own'


def f(self):
    self._value, self._value

    class G:
        nonlocal self
        self = asyncio.Event()

    return [self._value]


found = f(A())
