# Task pile.
# expect: limit.memory | limit.cpu_time

import asyncio

while True:
    asyncio.create_task(asyncio.sleep(1000))
