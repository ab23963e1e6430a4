# The traceback of a task's error.
# expect: script.forbidden_attribute
# reaches: traceback
# offending: __traceback__
# allowed: args

import asyncio


async def f():
    1 / 0


t = asyncio.create_task(f())
await asyncio.wait([t])
found = t.exception().__traceback__
