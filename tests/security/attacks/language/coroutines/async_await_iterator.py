# What a coroutine yields, unpacked.
# expect: script.runtime
# reaches: list
# offending: [*c.__await__()]
# allowed: [await c]

import asyncio

c = asyncio.sleep(0, 5)
found = [*c.__await__()] or [c]
