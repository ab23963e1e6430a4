# A module inside a module, by a name that an async generator gives.
# expect: script.runtime
# reaches: module
# offending: codecs
# allowed: dumps

import json


async def names():
    yield "codecs"


async for name in names():
    found = getattr(json, name)
