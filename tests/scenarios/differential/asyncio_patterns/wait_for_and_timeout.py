import asyncio


async def slow():
    try:
        await asyncio.sleep(5)
    except asyncio.CancelledError:
        print("slow was cancelled")
        raise


async def main():
    try:
        await asyncio.wait_for(slow(), timeout=0.01)
    except asyncio.TimeoutError:
        print("wait_for timed out")
    print(await asyncio.wait_for(asyncio.sleep(0, "quick"), 1))
    try:
        async with asyncio.timeout(0.01):
            await slow()
    except TimeoutError:
        print("timeout block")
    async with asyncio.timeout(None) as scope:
        await asyncio.sleep(0)
    print(scope.expired())
    async with asyncio.timeout(5) as scope:
        pass
    return asyncio.TimeoutError is TimeoutError, scope.expired()


asyncio.run(main())
