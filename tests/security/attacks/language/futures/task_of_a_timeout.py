# The task that a timeout would cancel.
# expect: script.runtime
# reaches: list
# offending: _task
# allowed: when

import asyncio

async with asyncio.timeout(5) as limit:
    found = [limit._task]
