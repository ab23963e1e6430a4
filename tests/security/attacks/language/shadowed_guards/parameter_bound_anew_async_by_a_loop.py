# A parameter bound anew by an async loop.
# expect: script.runtime
# reaches: list
# offending: asyncio.Event()
# allowed: A()

import asyncio


class A:
    _value = 'own'


async def f(self):
    self._value, self._value

    async def g():
        yield asyncio.Event()

    async for self in g():
        pass
    return [self._value]


found = await f(A())
