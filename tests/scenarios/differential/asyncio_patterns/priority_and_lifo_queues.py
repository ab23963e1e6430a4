import asyncio


async def main():
    heap, stack = asyncio.PriorityQueue(), asyncio.LifoQueue(maxsize=3)
    for item in [(3, "c"), (1, "a"), (2, "b")]:
        await heap.put(item)
        await stack.put(item)
    ordered = [heap.get_nowait()[1] for _ in range(3)]
    popped = [(await stack.get())[1] for _ in range(3)]
    try:
        heap.get_nowait()
    except asyncio.QueueEmpty as error:
        print(type(error).__name__)
    small = asyncio.Queue(1)
    small.put_nowait(1)
    try:
        small.put_nowait(2)
    except asyncio.QueueFull as error:
        print(type(error).__name__)
    return ordered, popped


asyncio.run(main())
