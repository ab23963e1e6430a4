# The traceback of an error of a task group.
# expect: script.forbidden_attribute
# reaches: traceback
# offending: __traceback__
# allowed: args

import asyncio


async def f():
    1 / 0


try:
    async with asyncio.TaskGroup() as group:
        group.create_task(f())
except* ZeroDivisionError as errors:
    found = errors.exceptions[0].__traceback__
