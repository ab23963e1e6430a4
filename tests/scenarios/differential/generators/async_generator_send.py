import asyncio


async def echo():
    received = None
    while True:
        received = yield received
        if received == "stop":
            return


async def main():
    agen = echo()
    print(await agen.asend(None))
    print(await agen.asend("one"), await agen.asend("two"))
    try:
        await agen.asend("stop")
    except StopAsyncIteration:
        print("ended")
    other = echo()
    await anext(other)
    try:
        await other.athrow(ValueError("inside"))
    except ValueError as error:
        return str(error)


asyncio.run(main())
