# Cancellation swallowed.
# expect: limit.wall_time

import asyncio


async def f():
    while True:
        try:
            await asyncio.sleep(1000)
        except BaseException:
            pass


t = asyncio.create_task(f())
await asyncio.sleep(0)
t.cancel()
await t
