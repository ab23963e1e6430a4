# A coroutine driven by hand, by an abstract class.
# expect: script.runtime
# reaches: list
# offending: [collections.abc.Generator.__next__(c)]
# allowed: [await c]

import asyncio, collections.abc


async def f():
    await asyncio.sleep(0)


c = f()
found = [collections.abc.Generator.__next__(c)]
