import asyncio

log = []


async def work(fail):
    await asyncio.sleep(0)
    if fail:
        raise ValueError("failed")
    return "fine"


async def main():
    good, bad = asyncio.create_task(work(False)), asyncio.create_task(work(True))
    await asyncio.wait([good, bad])
    log.append((good.result(), good.exception(), repr(bad.exception()), bad.done()))
    try:
        bad.result()
    except ValueError as error:
        log.append(str(error))
    try:
        await bad
    except ValueError as error:
        log.append("again " + str(error))
    return log


asyncio.run(main())
