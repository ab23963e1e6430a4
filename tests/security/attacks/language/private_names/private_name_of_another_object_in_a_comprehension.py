# A private name of another object, in a comprehension.
# expect: script.runtime
# reaches: list
# offending: asyncio.Event()
# allowed: A()

import asyncio


class A:
    def __init__(self):
        self._value = 1


found = [x._value for x in [asyncio.Event()]]
