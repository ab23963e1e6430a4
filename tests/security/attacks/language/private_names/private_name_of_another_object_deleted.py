# A private name of another object, deleted.
# expect: script.runtime
# reaches: int
# offending: asyncio.Event()
# allowed: A()

import asyncio


class A:
    def __init__(self):
        self._value = 1


a = asyncio.Event()
del a._value
found = 1
