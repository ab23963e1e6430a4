class Point:
    """A point."""

    dims = 2

    def __init__(self, x):
        self.x = x

    def describe(self):
        return f"{self.__class__.__name__}({self.x})"


class Sub(Point):
    pass


p = Sub(3)
print(p.__class__ is Sub, p.describe(), p.__dict__, Point.__doc__, Point.describe.__qualname__, p.__class__.__name__)


def outer():
    def inner():
        pass

    return inner


print(outer().__qualname__, outer.__name__, (lambda: 0).__qualname__, Point.__qualname__)
outer.__name__ = "renamed"
outer.__doc__ = "doc"
Sub.__name__ = "Renamed"
print(outer.__name__, outer.__doc__, type(p).__name__)
p.__dict__.copy()
