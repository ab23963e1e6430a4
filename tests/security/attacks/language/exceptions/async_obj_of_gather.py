# The object of a gathered AttributeError.
# expect: script.runtime
# reaches: builtin_function_or_method
# offending: .obj
# allowed: .name

import asyncio


async def f():
    len.nothing


[error] = await asyncio.gather(f(), return_exceptions=True)
found = error.obj
