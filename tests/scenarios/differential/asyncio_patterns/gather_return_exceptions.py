import asyncio


async def job(n):
    await asyncio.sleep(0)
    if n % 2:
        raise ValueError(f"odd {n}")
    return n


results = await asyncio.gather(*(job(n) for n in range(5)), return_exceptions=True)
for n, result in enumerate(results):
    if isinstance(result, Exception):
        print(n, "failed:", type(result).__name__, result)
    else:
        print(n, "ok:", result)
return [r for r in results if not isinstance(r, BaseException)]
