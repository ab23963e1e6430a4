# A loop variable of async for that is called type.
# expect: script.runtime
# reaches: list
# offending: asyncio.Event()
# allowed: A()

import asyncio


class A:
    _value = 'own'


async def g():
    yield lambda thing: A


x = asyncio.Event()
async for type in g():
    found = [x._value]
