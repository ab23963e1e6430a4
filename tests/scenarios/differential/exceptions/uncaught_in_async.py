# raises: LookupError
import asyncio


async def fail_later():
    await asyncio.sleep(0)
    raise LookupError("from the coroutine")


async def main():
    print("starting")
    await asyncio.gather(asyncio.sleep(0), fail_later())


asyncio.run(main())
