import asyncio

progress("half of it")
await asyncio.sleep(0.6)
progress(f"all {2} of it")
return "done"
