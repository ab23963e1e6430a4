# The loop of the running task.
# expect: script.forbidden_attribute
# reaches: _UnixSelectorEventLoop
# offending: get_loop
# allowed: get_name

import asyncio

found = asyncio.current_task().get_loop()
