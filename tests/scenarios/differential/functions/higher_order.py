def compose(*functions):
    def run(value):
        for function in functions:
            value = function(value)
        return value

    return run


def curry(f, *args):
    return lambda *more: f(*args, *more)


def apply_n(f, n, x):
    for _ in range(n):
        x = f(x)
    return x


pipeline = compose(str.strip, str.lower, lambda s: s.split(), lambda ws: {w: len(w) for w in ws})
print(pipeline("  Hello Big World "))
print(curry(max, 3)(1, 9), apply_n(lambda v: v * 2, 5, 1), list(map(pow, [2, 3], [5, 2])))
methods = ["".join, "-".join, " ".join]
[m(["a", "b"]) for m in methods]
