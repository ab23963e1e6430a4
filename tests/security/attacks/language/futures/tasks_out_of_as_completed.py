# Tasks out of as_completed.
# expect: script.runtime
# reaches: Task (since 3.13)
# offending: async for x in it
# allowed: for x in it

import asyncio

t = asyncio.create_task(asyncio.sleep(0))
it = iter(asyncio.as_completed([t]))
async for x in it:
    found = x
