# The coroutine of a task.
# expect: script.runtime
# reaches: coroutine
# offending: 'coro'
# allowed: 'name'

import asyncio

t = asyncio.create_task(asyncio.sleep(0))
found = getattr(t, 'get_' + 'coro')()
