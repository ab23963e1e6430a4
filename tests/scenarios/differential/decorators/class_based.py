class CountCalls:
    def __init__(self, f):
        self.f = f
        self.calls = 0

    def __call__(self, *args, **kwargs):
        self.calls += 1
        return self.f(*args, **kwargs)


class Route:
    table = {}

    def __init__(self, path):
        self.path = path

    def __call__(self, f):
        self.table[self.path] = f
        return f


@CountCalls
def square(n):
    return n * n


@Route("/home")
def home():
    return "home page"


@Route("/about")
def about():
    return "about page"


print(square(2), square(3), square.calls)
{path: f() for path, f in Route.table.items()}
