# A queue that is filled without end.
# expect: limit.memory

import asyncio

q = asyncio.Queue()
while True:
    q.put_nowait(bytearray(10**6))
