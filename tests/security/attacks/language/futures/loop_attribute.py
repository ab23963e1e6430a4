# A task's _loop.
# expect: script.runtime
# reaches: list
# offending: _loop
# allowed: get_name

import asyncio

t = asyncio.create_task(asyncio.sleep(0))
found = [t._loop]
await t
