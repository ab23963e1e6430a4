# An event that nobody sets.
# expect: script.deadlock

import asyncio

await asyncio.Event().wait()
