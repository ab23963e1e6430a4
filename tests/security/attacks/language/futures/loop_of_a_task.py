# The loop of a task.
# expect: script.forbidden_attribute
# reaches: _UnixSelectorEventLoop
# offending: get_loop
# allowed: get_name

import asyncio

t = asyncio.create_task(asyncio.sleep(0))
found = t.get_loop()
