import asyncio

order = []
for next_done in asyncio.as_completed([tools.work(n=n) for n in (1, 2, 3)]):
    order.append(await next_done)
return order
