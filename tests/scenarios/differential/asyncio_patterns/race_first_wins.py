import asyncio

log = []


async def racer(name, delay):
    try:
        await asyncio.sleep(delay)
        return name
    except asyncio.CancelledError:
        log.append("lost " + name)
        raise


async def first(*coroutines):
    tasks = [asyncio.create_task(c) for c in coroutines]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    return done.pop().result()


winner = await first(racer("hare", 3), racer("tortoise", 0.001), racer("snail", 5))
return winner, sorted(log)
