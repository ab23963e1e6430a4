# The throw of an async generator, driven by hand.
# expect: script.runtime
# reaches: Future
# offending: started.athrow(KeyError).send(None)
# allowed: await started.athrow(KeyError)

import asyncio


async def g():
    try:
        yield 1
    except KeyError:
        await asyncio.sleep(0.001)
        yield 2


started = g()
await anext(started)
found = started.athrow(KeyError).send(None)
