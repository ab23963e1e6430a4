# Sleeping without end.
# expect: limit.wall_time

import asyncio

await asyncio.sleep(10**9)
