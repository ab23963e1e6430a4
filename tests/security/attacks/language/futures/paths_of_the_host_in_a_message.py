# Paths of the host in a message.
# expect: script.runtime
# reaches: nothing
# offending: '.py'
# allowed: 'Task'

import asyncio

t = asyncio.ensure_future(asyncio.sleep(9))
t.add_done_callback(print)


async def f():
    await t


try:
    asyncio.run(f())
except RuntimeError as e:
    found = '.py' in str(e)
