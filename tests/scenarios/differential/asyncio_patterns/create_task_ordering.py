import asyncio

log = []


async def worker(name, n):
    for i in range(n):
        log.append(f"{name}{i}")
        await asyncio.sleep(0)
    return name


async def main():
    a = asyncio.create_task(worker("a", 3))
    b = asyncio.create_task(worker("b", 2), name="bee")
    log.append("main")
    await asyncio.sleep(0)
    log.append("main again")
    return [await a, await b, a.done(), b.result(), b.get_name()]


result = asyncio.run(main())
print(log)
return result
