# A parameter bound anew by an async with.
# expect: script.runtime
# reaches: list
# offending: asyncio.Event()
# allowed: A()

import asyncio


class A:
    _value = 'own'


async def f(self):
    self._value, self._value
    import contextlib

    async with contextlib.AsyncExitStack() as stack:
        stack.callback(print)
        async with contextlib.nullcontext(asyncio.Event()) as self:
            pass
    return [self._value]


found = await f(A())
