# A parameter of a coroutine function that is called type.
# expect: script.runtime
# reaches: list
# offending: asyncio.Event()
# allowed: A()

import asyncio


class A:
    _value = 'own'


async def f(x, type=lambda thing: A):
    return [x._value]


found = await f(asyncio.Event())
