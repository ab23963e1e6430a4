# A dataclass's __init__ on something else.
# expect: script.runtime
# reaches: Event
# offending: P.__init__(lock, [])
# allowed: P([])

import asyncio, dataclasses


@dataclasses.dataclass
class P:
    _value: object


lock = asyncio.Event()
P.__init__(lock, [])
found = lock
