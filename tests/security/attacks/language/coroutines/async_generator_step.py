# An async generator's step.
# expect: script.runtime
# reaches: list
# offending: list(g().asend(None))
# allowed: await g().asend(None)

import asyncio


async def g():
    yield await asyncio.sleep(0, 1)


found = list(g().asend(None))
