import asyncio

task = asyncio.create_task(tools.work(kind="forgotten"))
await asyncio.sleep(0.02)
return "ended first"
