def documented(a, b=1):
    """Adds two numbers."""
    return a + b


class Thing:
    def method(self):
        return 1


print(documented.__name__, Thing.__name__, (lambda: 0).__name__, Thing.method.__name__, len.__name__)
print(__name__)
[f.__name__ for f in (documented, int, str.upper, print)]
