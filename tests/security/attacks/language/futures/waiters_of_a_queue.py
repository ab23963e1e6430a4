# The futures that wait for a queue.
# expect: script.runtime
# reaches: list
# offending: _getters
# allowed: qsize

import asyncio

q = asyncio.Queue()
found = [q._getters]
