# Task pile.
# expect: ?

import asyncio

while True:
    asyncio.create_task(asyncio.sleep(1000))
