# A coroutine's iterator.
# expect: script.runtime
# reaches: list
# offending: list(c.__await__())
# allowed: [await c]

import asyncio


async def f():
    await asyncio.sleep(0)


c = f()
found = list(c.__await__())
