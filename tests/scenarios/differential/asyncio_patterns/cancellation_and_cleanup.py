import asyncio

log = []


async def worker():
    try:
        log.append("working")
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        log.append("cancelled")
        raise
    finally:
        log.append("cleanup")


async def stubborn():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        return "refused to die"


async def main():
    task = asyncio.create_task(worker())
    await asyncio.sleep(0)
    print(task.cancel(), task.cancelled(), task.done())
    try:
        await task
    except asyncio.CancelledError:
        log.append("seen by main")
    print(task.cancelled(), task.done(), task.cancel())
    other = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    other.cancel()
    log.append(await other)
    early = asyncio.create_task(worker())
    early.cancel("before it ran")
    results = await asyncio.gather(early, return_exceptions=True)
    log.append(type(results[0]).__name__)
    return log


asyncio.run(main())
