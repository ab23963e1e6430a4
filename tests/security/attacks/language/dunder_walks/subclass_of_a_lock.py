# A subclass of a lock.
# expect: script.runtime
# reaches: type
# offending: asyncio.Lock
# allowed: collections.Counter

import asyncio, collections


class A(asyncio.Lock):
    pass


found = A
