import asyncio


async def work(name, delay, fail=False):
    await asyncio.sleep(delay)
    if fail:
        raise ValueError(name)
    return name


async def main():
    tasks = {asyncio.create_task(work(n, d)) for n, d in (("a", 0.001), ("b", 5), ("c", 5))}
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    print([t.result() for t in done], len(pending))
    for t in pending:
        t.cancel()
    await asyncio.wait(pending)
    print(sorted(t.cancelled() for t in pending))
    tasks = [asyncio.create_task(work("x", 0, True)), asyncio.create_task(work("y", 5))]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    print([repr(t.exception()) for t in done], len(pending))
    for t in pending:
        t.cancel()
    done, pending = await asyncio.wait([asyncio.create_task(work("z", 5))], timeout=0.005)
    print(len(done), len(pending))
    pending.pop().cancel()
    done, _ = await asyncio.wait([asyncio.create_task(work(n, 0)) for n in "pq"], return_when=asyncio.ALL_COMPLETED)
    return sorted(t.result() for t in done)


asyncio.run(main())
