# A timeout that is swallowed.
# expect: limit.wall_time

import asyncio

while True:
    try:
        async with asyncio.timeout(0.001):
            await asyncio.sleep(1)
    except TimeoutError:
        pass
