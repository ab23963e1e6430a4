# The future that a sleep waits for.
# expect: script.runtime
# reaches: Future
# offending: c.send(None)
# allowed: await c

import asyncio

c = asyncio.sleep(0.001, 5)
found = c.send(None)
