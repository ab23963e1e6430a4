import asyncio


async def leaf(path):
    await asyncio.sleep(0)
    return ".".join(map(str, path))


async def tree(path, depth):
    if depth == 0:
        return await leaf(path)
    return await asyncio.gather(*[tree([*path, i], depth - 1) for i in range(2)])


counter = 0


async def bump():
    global counter
    before = counter
    await asyncio.sleep(0)
    counter = before + 1


await asyncio.gather(*[bump() for _ in range(4)])
print("lost updates:", counter)
return await tree([], 3)
