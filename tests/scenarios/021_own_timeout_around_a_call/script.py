import asyncio

out = []
try:
    await asyncio.wait_for(tools.work(seconds=20), timeout=0.05)
except TimeoutError:
    out.append("wait_for")
try:
    async with asyncio.timeout(0.05):
        await tools.work(seconds=20)
except TimeoutError:
    out.append("timeout")
out.append(await asyncio.wait_for(tools.work(seconds=0), timeout=5))
return out
