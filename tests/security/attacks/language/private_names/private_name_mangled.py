# A private name, mangled.
# expect: script.runtime
# reaches: list
# offending: asyncio.Event()
# allowed: A()

import asyncio


class A:
    def __init__(self):
        self._B__x = 1


class B:
    def f(self, other):
        other.__x = 1
        return [other.__x]


found = B().f(asyncio.Event())
