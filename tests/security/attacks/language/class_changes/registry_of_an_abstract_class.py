# The registry of an abstract class.
# expect: script.runtime
# reaches: type
# offending: asyncio.Lock
# allowed: A

import abc, asyncio


class B(abc.ABC):
    pass


class A:
    pass


B.register(asyncio.Lock)
found = A
