from functools import partial, wraps


def tag(**fields):
    def decorate(f):
        for name, value in fields.items():
            setattr(f, name, value)
        return f

    return decorate


def counted(f):
    @wraps(f)
    def wrapper(*args, **kwargs):
        wrapper.calls += 1
        return f(*args, **kwargs)

    wrapper.calls = 0
    return wrapper


def deprecated(f=None, *, reason="old"):
    if f is None:
        return partial(deprecated, reason=reason)

    @wraps(f)
    def wrapper(*args):
        print(f"{f.__name__} is deprecated: {reason}")
        return f(*args)

    return wrapper


@counted
@tag(route="/add", methods=["GET"])
def add(a, b):
    """Adds."""
    return a + b


@deprecated(reason="use add")
def plus(a, b):
    return a + b


@deprecated
def minus(a, b):
    return a - b


add(1, 2), add(3, 4)
print(add.calls, add.route, add.methods, add.__name__, add.__doc__, plus(1, 1), minus(1, 1))
