# The traceback of a gathered error.
# expect: script.forbidden_attribute
# reaches: traceback
# offending: __traceback__
# allowed: args

import asyncio


async def f():
    1 / 0


[error] = await asyncio.gather(f(), return_exceptions=True)
found = error.__traceback__
