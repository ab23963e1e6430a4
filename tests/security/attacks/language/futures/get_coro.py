# A task's get_coro.
# expect: script.forbidden_attribute
# reaches: list
# offending: get_coro
# allowed: get_name

import asyncio

t = asyncio.create_task(asyncio.sleep(0))
found = [t.get_coro]
await t
