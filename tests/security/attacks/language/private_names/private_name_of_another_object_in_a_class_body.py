# A private name of another object, in a class body.
# expect: script.runtime
# reaches: list
# offending: asyncio.Event()
# allowed: A()

import asyncio


class A:
    def __init__(self):
        self._value = 1


a = asyncio.Event()


class B:
    x = [a._value]


found = B.x
