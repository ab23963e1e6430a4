# A copy of a coroutine.
# expect: script.runtime
# reaches: Condition
# offending: copy.copy(asyncio.Condition())
# allowed: copy.copy([1])

import asyncio, copy


async def f():
    return copy.copy(asyncio.Condition())


found = await f()
