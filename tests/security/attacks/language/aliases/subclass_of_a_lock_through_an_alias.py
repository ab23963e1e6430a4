# A subclass of a lock, through an alias.
# expect: script.runtime
# reaches: type
# offending: asyncio.Queue
# allowed: collections.Counter

import asyncio, collections


class A(asyncio.Queue[int]):
    pass


found = A
