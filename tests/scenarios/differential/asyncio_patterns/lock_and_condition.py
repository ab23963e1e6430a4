import asyncio

balance = 100
log = []


async def withdraw(lock, amount):
    global balance
    async with lock:
        current = balance
        await asyncio.sleep(0)
        balance = current - amount


async def consumer(condition, items):
    async with condition:
        await condition.wait_for(lambda: items)
        log.append(f"consumed {items.pop()}")


async def producer(condition, items):
    await asyncio.sleep(0)
    async with condition:
        items.append("thing")
        log.append("produced")
        condition.notify_all()


async def main():
    lock = asyncio.Lock()
    await asyncio.gather(*(withdraw(lock, 10) for _ in range(5)))
    print(balance, lock.locked())
    condition, items = asyncio.Condition(), []
    await asyncio.gather(consumer(condition, items), producer(condition, items))
    return log


asyncio.run(main())
