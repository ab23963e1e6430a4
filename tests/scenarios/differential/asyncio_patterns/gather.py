import asyncio


async def fetch(name, delay):
    print("start", name)
    await asyncio.sleep(delay)
    print("end", name)
    return name.upper()


async def main():
    results = await asyncio.gather(fetch("slow", 0.03), fetch("fast", 0.01), fetch("mid", 0.02))
    return results, await asyncio.gather(), await asyncio.gather(*(fetch(n, 0) for n in "xy"))


asyncio.run(main())
