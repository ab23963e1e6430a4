# A subclass of a lock, through an alias that is made.
# expect: script.runtime
# reaches: type
# offending: asyncio.Event
# allowed: collections.Counter

import asyncio, collections, typing


class A(type(typing.List[int])(asyncio.Event, (int,))):
    pass


found = A
