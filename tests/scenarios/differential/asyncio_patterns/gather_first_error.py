import asyncio

log = []


async def ok(n):
    await asyncio.sleep(0.01)
    log.append(n)
    return n


async def bad():
    await asyncio.sleep(0)
    raise RuntimeError("boom")


async def main():
    try:
        await asyncio.gather(ok(1), bad(), ok(2))
    except RuntimeError as error:
        log.append(str(error))
    await asyncio.sleep(0.03)
    return log


asyncio.run(main())
