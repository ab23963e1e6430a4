# raised in: the record of the call
import asyncio

task = asyncio.create_task(tools.slow())
await asyncio.sleep(0.01)
return "done"
