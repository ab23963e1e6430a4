import asyncio
from functools import wraps


def timed(label):
    def decorator(f):
        @wraps(f)
        async def wrapper(*args):
            print("begin", label)
            try:
                return await f(*args)
            finally:
                print("end", label)

        return wrapper

    return decorator


@timed("work")
async def work(n):
    await asyncio.sleep(0)
    if n < 0:
        raise ValueError("negative")
    return n * 2


print(await work(4))
try:
    await work(-1)
except ValueError as error:
    print("caught", error)
return work.__name__
