# A change of a module, as the target of async with.
# expect: script.runtime
# reaches: async_generator
# offending: json.dumps
# allowed: kept

import contextlib
import json


async def g():
    yield 1


made = g()
async with contextlib.aclosing(made) as json.dumps:
    found = made
