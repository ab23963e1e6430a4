# Sleep zero without end.
# expect: limit.cpu_time

import asyncio

while True:
    await asyncio.sleep(0)
