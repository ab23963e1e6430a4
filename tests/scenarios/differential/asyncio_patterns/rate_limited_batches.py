import asyncio


async def call(n):
    await asyncio.sleep(0.001)
    return n, n % 3 == 0


async def in_batches(items, size):
    for start in range(0, len(items), size):
        batch = items[start:start + size]
        yield await asyncio.gather(*(call(i) for i in batch))


async def main():
    sizes, hits = [], []
    async for results in in_batches(list(range(10)), 4):
        sizes.append(len(results))
        hits += [n for n, hit in results if hit]
    return {"sizes": sizes, "hits": hits}


print(asyncio.run(main()))
