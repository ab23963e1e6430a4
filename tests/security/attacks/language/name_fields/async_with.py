# A dunder in async with.
# expect: script.forbidden_name
# reaches: async_generator
# offending: __builtins__
# allowed: name

import contextlib


async def g():
    yield 1


async with contextlib.aclosing(g()) as __builtins__:
    found = __builtins__
