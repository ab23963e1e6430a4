# A lock.
# expect: script.runtime
# reaches: Lock
# offending: asyncio.Lock()
# allowed: collections.Counter('a')

import asyncio, collections, copy

found = copy.copy(asyncio.Lock())
