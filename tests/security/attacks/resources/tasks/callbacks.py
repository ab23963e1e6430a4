# Callbacks without end.
# expect: limit.cpu_time

import asyncio

t = asyncio.create_task(asyncio.sleep(100))
while True:
    t.add_done_callback(print)
