import asyncio

log = []


async def waiter(name, event):
    log.append(f"{name} waits")
    await event.wait()
    log.append(f"{name} goes")


async def main():
    event = asyncio.Event()
    tasks = [asyncio.create_task(waiter(n, event)) for n in "ab"]
    await asyncio.sleep(0)
    log.append(f"set {event.is_set()}")
    event.set()
    await asyncio.gather(*tasks)
    await event.wait()
    event.clear()
    return log, event.is_set()


asyncio.run(main())
