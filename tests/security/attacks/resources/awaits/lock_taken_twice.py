# A lock that is taken twice.
# expect: ?

import asyncio

lock = asyncio.Lock()
async with lock:
    async with lock:
        pass
