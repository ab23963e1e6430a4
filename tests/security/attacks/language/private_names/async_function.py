# A private name of another object, in a coroutine.
# expect: script.runtime
# reaches: list
# offending: asyncio.Event()
# allowed: A()

import asyncio


class A:
    _value = 1


async def f(x):
    return [x._value]


found = await f(asyncio.Event())
