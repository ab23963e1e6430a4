import asyncio

attempts = 0
delays = []


async def unreliable():
    global attempts
    attempts += 1
    if attempts < 4:
        raise ConnectionError(f"attempt {attempts}")
    return "connected"


async def retry(operation, retries=5, base=0.001):
    for attempt in range(retries):
        try:
            return await operation()
        except ConnectionError as error:
            delay = base * 2**attempt
            delays.append(delay)
            print(error, "retrying in", delay)
            await asyncio.sleep(delay)
    raise TimeoutError("gave up")


result = await retry(unreliable)
return {"result": result, "attempts": attempts, "delays": delays}
