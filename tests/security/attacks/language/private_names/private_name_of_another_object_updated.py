# A private name of another object, updated.
# expect: script.runtime
# reaches: int
# offending: asyncio.Event()
# allowed: A()

import asyncio


class A:
    _value = 0


a = asyncio.Event()
a._value += 1
found = 1
