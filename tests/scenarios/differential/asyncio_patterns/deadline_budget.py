import asyncio


async def step(name, delay):
    await asyncio.sleep(delay)
    return name


async def main():
    done = []
    try:
        async with asyncio.timeout(0.15):
            for name, delay in [("a", 0.001), ("b", 0.001), ("c", 5), ("d", 0)]:
                done.append(await step(name, delay))
    except TimeoutError:
        done.append("out of time")
    return done


asyncio.run(main())
