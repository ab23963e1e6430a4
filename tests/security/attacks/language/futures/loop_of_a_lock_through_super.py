# The loop of a lock, through super().
# expect: script.runtime
# reaches: method
# offending: super(asyncio.Lock, lock)._get_loop
# allowed: lock.acquire

import asyncio

lock = asyncio.Lock()
found = super(asyncio.Lock, lock)._get_loop
