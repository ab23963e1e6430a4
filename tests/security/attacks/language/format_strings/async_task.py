# The method itself, run by a task.
# expect: script.runtime
# reaches: str
# offending: __class__
# allowed: real

import asyncio


async def f(form):
    return form(1)


found = await asyncio.create_task(f('{0.__class__}'.format))
