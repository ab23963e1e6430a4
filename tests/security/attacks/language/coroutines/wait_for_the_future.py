# What a coroutine waits for.
# expect: script.forbidden_attribute
# reaches: coroutine
# offending: cr_await
# allowed: __name__

import asyncio


async def f():
    await asyncio.sleep(0.01)


c = f()
t = asyncio.create_task(c)
await asyncio.sleep(0)
found = c.cr_await
await t
