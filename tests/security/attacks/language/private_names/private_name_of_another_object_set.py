# A private name of another object, set.
# expect: script.runtime
# reaches: int
# offending: asyncio.Event()
# allowed: A()

import asyncio


class A:
    pass


a = asyncio.Event()
a._value = 1
found = 1
