class Point:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y


p = Point(1, 2)
p.x += 5
try:
    p.z = 3
except AttributeError as error:
    print(type(error).__name__, "z" in str(error))
del p.y
try:
    p.y
except AttributeError:
    print("y is unset")
p.x
