# Tasks that start two tasks each.
# expect: limit.cpu_time

import asyncio


async def f():
    asyncio.create_task(f())
    asyncio.create_task(f())


await f()
await asyncio.sleep(100)
