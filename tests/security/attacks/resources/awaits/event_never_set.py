# An event that nobody sets.
# expect: ?

import asyncio

await asyncio.Event().wait()
