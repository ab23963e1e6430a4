# A parameter bound anew by the base of a class.
# expect: script.runtime
# reaches: list
# offending: asyncio.Event()
# allowed: A()

import asyncio


class A:
    _value = 'own'


def f(self):
    self._value, self._value

    class G((self := asyncio.Event(), A)[1]):
        pass

    return [self._value]


found = f(A())
