import asyncio


async def worker(name, queue, results):
    while True:
        n = await queue.get()
        await asyncio.sleep(0)
        results.append((n, n * n))
        queue.task_done()


async def main():
    queue, results = asyncio.Queue(), []
    for n in range(6):
        queue.put_nowait(n)
    workers = [asyncio.create_task(worker(f"w{i}", queue, results)) for i in range(3)]
    await queue.join()
    for w in workers:
        w.cancel()
    ended = await asyncio.gather(*workers, return_exceptions=True)
    print([type(e).__name__ for e in ended], [isinstance(e, asyncio.CancelledError) for e in ended])
    return sorted(results)


asyncio.run(main())
