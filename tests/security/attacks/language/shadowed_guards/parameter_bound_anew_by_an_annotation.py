# A parameter bound anew by an annotated assignment.
# expect: script.runtime
# reaches: list
# offending: asyncio.Event()
# allowed: A()

import asyncio


class A:
    _value = 'own'


def f(self):
    self._value, self._value
    self: int = asyncio.Event()
    return [self._value]


found = f(A())
