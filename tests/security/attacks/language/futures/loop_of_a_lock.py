# The loop of a lock.
# expect: script.runtime
# reaches: method
# offending: _get_loop
# allowed: acquire

import asyncio

found = asyncio.Lock()._get_loop
