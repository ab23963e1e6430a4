# A coroutine driven by hand, by methodcaller.
# expect: script.runtime
# reaches: list
# offending: [operator.methodcaller('send', None)(c)]
# allowed: [await c]

import asyncio, operator


async def f():
    await asyncio.sleep(0)


c = f()
found = [operator.methodcaller('send', None)(c)]
