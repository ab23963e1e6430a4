# Sleeping without end.
# expect: ?

import asyncio

await asyncio.sleep(10**9)
