# Loops inside of loops.
# expect: ?

import asyncio


async def f():
    asyncio.run(f())


asyncio.run(f())
