# python: >=3.13
import asyncio


async def main():
    queue = asyncio.Queue()
    queue.put_nowait(1)
    queue.shutdown()
    print(await queue.get())
    try:
        await queue.get()
    except asyncio.QueueShutDown as error:
        return type(error).__name__


asyncio.run(main())
