import asyncio

running = 0
peak = 0


async def job(n, semaphore):
    global running, peak
    async with semaphore:
        running += 1
        peak = max(peak, running)
        await asyncio.sleep(0.001)
        running -= 1
        return n * n


async def main():
    semaphore = asyncio.Semaphore(3)
    results = await asyncio.gather(*(job(n, semaphore) for n in range(10)))
    bounded = asyncio.BoundedSemaphore(1)
    await bounded.acquire()
    print(bounded.locked(), semaphore.locked())
    bounded.release()
    try:
        bounded.release()
    except ValueError as error:
        print(error)
    return results, peak


asyncio.run(main())
