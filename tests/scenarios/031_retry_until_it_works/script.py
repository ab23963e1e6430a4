import asyncio

RETRIES = 4


async def with_retry(call, *args, **kwargs):
    for attempt in range(1, RETRIES + 1):
        try:
            return await call(*args, **kwargs), attempt
        except ToolError as error:
            if attempt == RETRIES:
                raise
            print(f"attempt {attempt}: {error.message}")
            await asyncio.sleep(0.001 * 2**attempt)


good = await with_retry(tools.fetch, url="works")
try:
    await with_retry(tools.fetch, url="never works")
except ToolError as error:
    return {"good": good, "gave_up": error.code}
