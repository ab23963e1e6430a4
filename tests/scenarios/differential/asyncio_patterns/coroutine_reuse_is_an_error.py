import asyncio


async def once():
    return 1


c = once()
print(await c)
try:
    await c
except RuntimeError as error:
    print(error)
try:
    await 5
except TypeError as error:
    print(error)
return asyncio.iscoroutine(c)
