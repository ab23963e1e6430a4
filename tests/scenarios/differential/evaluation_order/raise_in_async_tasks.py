# raises: ExceptionGroup
import asyncio


async def child(n):
    await asyncio.sleep(0)
    if n == 1:
        raise ValueError(f"child {n}")


async def main():
    async with asyncio.TaskGroup() as group:
        for n in range(2):
            group.create_task(child(n))


await main()
