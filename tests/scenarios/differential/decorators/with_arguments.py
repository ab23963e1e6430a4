from functools import wraps


def retry(times, exceptions=(Exception,)):
    def decorator(f):
        @wraps(f)
        def wrapper(*args, **kwargs):
            for attempt in range(1, times + 1):
                try:
                    return f(*args, **kwargs)
                except exceptions as error:
                    print(f"attempt {attempt} failed: {error}")
                    if attempt == times:
                        raise

        return wrapper

    return decorator


tries = []


@retry(3, (ValueError,))
def flaky():
    tries.append(1)
    if len(tries) < 3:
        raise ValueError(f"try {len(tries)}")
    return "worked"


@retry(times=2)
def hopeless():
    raise KeyError("never")


print(flaky())
try:
    hopeless()
except KeyError as error:
    print("gave up", error)
