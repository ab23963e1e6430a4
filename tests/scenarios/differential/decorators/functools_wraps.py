from functools import wraps


def logged(f):
    @wraps(f)
    def wrapper(*args, **kwargs):
        print("->", f.__name__, args, kwargs)
        result = f(*args, **kwargs)
        print("<-", result)
        return result

    return wrapper


@logged
def add(a, b=0):
    """Add."""
    return a + b


add(1, b=2)
add.__name__
