def trace(f, *args, **kwargs):
    shown = ", ".join([*map(repr, args), *(f"{k}={v!r}" for k, v in kwargs.items())])
    result = f(*args, **kwargs)
    print(f"{f.__name__}({shown}) -> {result!r}")
    return result


def area(width, height=1, *, scale=1):
    return width * height * scale


trace(area, 2)
trace(area, 2, 3, scale=10)
trace(area, **{"width": 5})
trace(sorted, [3, 1], reverse=True)
