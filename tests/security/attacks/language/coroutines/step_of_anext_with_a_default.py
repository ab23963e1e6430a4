# What a generator awaits, out of a step of anext() with a default, which is an awaitable of another type.
# expect: script.runtime
# reaches: Future
# offending: a.send(None)
# allowed: await a

import asyncio

async def g():
    await asyncio.sleep(0.01)
    yield "own"

a = anext(g(), "none")
found = a.send(None)
