# The running loop.
# expect: script.forbidden_attribute
# reaches: _UnixSelectorEventLoop
# offending: get_running_loop
# allowed: current_task

import asyncio

found = asyncio.get_running_loop()
