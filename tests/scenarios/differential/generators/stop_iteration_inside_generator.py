def broken():
    yield 1
    next(iter([]))
    yield 2


try:
    print(list(broken()))
except RuntimeError as error:
    print(type(error).__name__, error)


def fixed():
    yield 1
    try:
        next(iter([]))
    except StopIteration:
        return


list(fixed())
