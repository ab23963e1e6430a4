# A task.
# expect: script.runtime
# reaches: nothing
# offending: copy.deepcopy([t])
# allowed: [t]

import asyncio, copy

t = asyncio.create_task(asyncio.sleep(0))
await t
found = copy.deepcopy([t])
