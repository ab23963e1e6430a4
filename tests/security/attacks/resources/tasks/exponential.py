# Tasks that start two tasks each.
# expect: ?

import asyncio


async def f():
    asyncio.create_task(f())
    asyncio.create_task(f())


await f()
await asyncio.sleep(100)
