# The step of an async generator, driven by hand.
# expect: script.runtime
# reaches: Future
# offending: anext(steps).send(None)
# allowed: await anext(steps)

import asyncio


async def g():
    await asyncio.sleep(0.001)
    yield 1


steps = g()
found = anext(steps).send(None)
