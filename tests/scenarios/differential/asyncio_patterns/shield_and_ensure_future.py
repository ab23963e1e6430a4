import asyncio

log = []


async def important():
    await asyncio.sleep(0.08)
    log.append("important finished")
    return 42


async def main():
    task = asyncio.ensure_future(important())
    try:
        await asyncio.wait_for(asyncio.shield(task), 0.01)
    except TimeoutError:
        log.append("outer timed out")
    log.append(await task)
    log.append(asyncio.ensure_future(task) is task)
    log.append((asyncio.iscoroutinefunction(important), asyncio.iscoroutine(3)))
    return log


asyncio.run(main())
