# A dataclass's __init__ on something else, awaited.
# expect: script.runtime
# reaches: Event
# offending: asyncio.Event()
# allowed: P(1)

import asyncio, dataclasses


@dataclasses.dataclass
class P:
    _value: object


async def f(thing):
    P.__init__(thing, 5)
    return thing


found = await f(asyncio.Event())
