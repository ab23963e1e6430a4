def f(a, b=2, /, c=3, *args, d, e=5, **kwargs):
    return [a, b, c, args, d, e, kwargs]


print(f(1, d=4))
print(f(1, 20, 30, 40, 50, d=0, z=9, a="kw a"))


def only_keywords(*, x, y=1):
    return x + y


def only_positional(x, y, /):
    return x - y


for call in (lambda: only_keywords(1), lambda: only_positional(x=1, y=2), lambda: f(), lambda: only_keywords(x=1, q=2)):
    try:
        call()
    except TypeError as error:
        print(error)
only_keywords(x=5), only_positional(5, 3)
