# The loop of any task.
# expect: script.forbidden_attribute
# reaches: _UnixSelectorEventLoop
# offending: get_loop
# allowed: get_name

import asyncio

found = asyncio.all_tasks().pop().get_loop()
