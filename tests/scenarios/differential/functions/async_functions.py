import asyncio


async def fetch(name, delay=0):
    await asyncio.sleep(delay)
    return name.upper()


async def pipeline(names):
    out = []
    for name in names:
        out.append(await fetch(name))
    return out


first = await fetch("a")
rest = await pipeline(["b", "c"])
apply = lambda f, *args: f(*args)
third = await apply(fetch, "d")
return [first, *rest, third]
