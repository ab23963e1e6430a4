import asyncio


async def ticks():
    for name in ("a", "b", "c"):
        await asyncio.sleep(0)
        yield name


upper = [t.upper() async for t in ticks()]
async for t in ticks():
    if t == "b":
        continue
    print("tick", t)
else:
    print("no more")
return upper
