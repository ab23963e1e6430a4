# An async generator's step, by anext.
# expect: script.runtime
# reaches: list
# offending: list(anext(g()))
# allowed: await anext(g())

import asyncio


async def g():
    yield await asyncio.sleep(0, 1)


found = list(anext(g()))
