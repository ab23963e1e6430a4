import asyncio


async def add(a, b):
    await asyncio.sleep(0)
    return a + b


first = asyncio.run(add(1, 2))
second = asyncio.run(add(first, 10))
print(first, second)
