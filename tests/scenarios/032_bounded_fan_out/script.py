import asyncio

semaphore = asyncio.Semaphore(2)


async def fetch(n):
    async with semaphore:
        return await tools.fetch(n=n)


pages = await asyncio.gather(*(fetch(n) for n in range(6)))
sizes = {}
for page in pages:
    sizes[page["kind"]] = sizes.get(page["kind"], 0) + page["size"]
return sizes
