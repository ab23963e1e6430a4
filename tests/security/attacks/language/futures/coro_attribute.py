# A task's _coro.
# expect: script.runtime
# reaches: list
# offending: _coro
# allowed: get_name

import asyncio

t = asyncio.create_task(asyncio.sleep(0))
found = [t._coro]
await t
