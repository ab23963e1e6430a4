import asyncio

log = []


async def runner(name, barrier):
    log.append(f"{name} at the line")
    position = await barrier.wait()
    log.append(f"{name} off")
    return position


async def main():
    barrier = asyncio.Barrier(3)
    positions = await asyncio.gather(*(runner(n, barrier) for n in "abc"))
    print(sorted(positions), barrier.parties, barrier.n_waiting, barrier.broken)
    lonely = asyncio.Barrier(2)
    waiting = asyncio.create_task(lonely.wait())
    await asyncio.sleep(0)
    await lonely.abort()
    try:
        await waiting
    except asyncio.BrokenBarrierError as error:
        print(type(error).__name__, lonely.broken)
    return log


asyncio.run(main())
