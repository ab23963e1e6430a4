import asyncio

print("waiting")
await asyncio.Event().wait()
