# A base that is no base.
# expect: script.runtime
# reaches: EnumType
# offending: asyncio.Event
# allowed: int

import asyncio, enum

found = enum.Enum('E', {'A': ()}, type=asyncio.Event)
