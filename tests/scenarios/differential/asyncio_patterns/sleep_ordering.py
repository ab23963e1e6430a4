import asyncio

order = []


async def at(delay, name):
    await asyncio.sleep(delay)
    order.append(name)


await asyncio.gather(at(0.24, "third"), at(0.08, "first"), at(0.16, "second"), at(0, "zero"))
value = await asyncio.sleep(0, result="slept")
return order, value
