# Sleep zero without end.
# expect: ?

import asyncio

while True:
    await asyncio.sleep(0)
