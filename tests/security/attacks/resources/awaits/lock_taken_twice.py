# A lock that is taken twice.
# expect: script.deadlock

import asyncio

lock = asyncio.Lock()
async with lock:
    async with lock:
        pass
