# Gather pile.
# expect: limit.memory | limit.cpu_time

import asyncio

await asyncio.gather(*[asyncio.sleep(1000) for _ in range(10**6)])
