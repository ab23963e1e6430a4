buttons = [lambda f: ("first", f), lambda f: ("second", f)]
handlers = {"x": lambda f: f() + 1}


@buttons[1]
def a():
    return 1


@handlers["x"]
def b():
    return 41


@(lambda f: f.__name__)
def named():
    pass


@str
@len
@(lambda f: f())
def letters():
    return "abcd"


a[0], b, named, letters
