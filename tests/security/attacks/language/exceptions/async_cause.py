# The context of an error of a task.
# expect: script.forbidden_attribute
# reaches: ZeroDivisionError
# offending: __context__
# allowed: args

import asyncio


async def f():
    try:
        1 / 0
    finally:
        [][1]


[e] = await asyncio.gather(f(), return_exceptions=True)
found = e.__context__
