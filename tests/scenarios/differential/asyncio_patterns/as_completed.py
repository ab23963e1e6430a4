import asyncio


async def job(name, delay):
    await asyncio.sleep(delay)
    return name


async def main():
    out = []
    for future in asyncio.as_completed([job("slow", 0.04), job("fast", 0.001), job("mid", 0.02)]):
        out.append(await future)
    try:
        for future in asyncio.as_completed([job("a", 0), job("never", 9)], timeout=0.02):
            print(await future)
    except TimeoutError as error:
        print(type(error).__name__)
    return out


asyncio.run(main())
