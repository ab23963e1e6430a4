# A private name of another object, in an async comprehension.
# expect: script.runtime
# reaches: list
# offending: asyncio.Event()
# allowed: A()

import asyncio


class A:
    _value = 1


async def g():
    yield asyncio.Event()


found = [x._value async for x in g()]
