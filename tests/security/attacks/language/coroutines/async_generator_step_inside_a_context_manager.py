# An async generator's step, inside a context manager.
# expect: script.runtime
# reaches: list
# offending: list(anext(g().gen))
# allowed: await anext(g().gen)

import asyncio, contextlib


@contextlib.asynccontextmanager
async def g():
    yield await asyncio.sleep(0, 1)


found = list(anext(g().gen))
