# What a task's facade holds.
# expect: script.runtime
# reaches: nothing
# offending: _real
# allowed: get_name

import asyncio

t = asyncio.create_task(asyncio.sleep(0))
found = getattr(t, '_real')
