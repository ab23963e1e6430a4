from dataclasses import dataclass


@dataclass
class Point:
    x: int
    y: int


@dataclass
class Line:
    start: Point
    end: Point


class Circle:
    __match_args__ = ("radius",)

    def __init__(self, radius, color="red"):
        self.radius, self.color = radius, color


def describe(shape):
    match shape:
        case Point(0, 0):
            return "origin"
        case Point(x, 0) | Point(0, x):
            return f"on an axis at {x}"
        case Point(x=x, y=y) if x == y:
            return f"diagonal {x}"
        case Point():
            return "a point"
        case Line(Point(x=x1), end=Point(x=x2)) if x1 == x2:
            return "vertical"
        case Line(start=s):
            return f"line from {s}"
        case Circle(r, color="blue"):
            return f"blue {r}"
        case Circle(radius=r):
            return f"circle {r}"
        case str(text) | bytes(text):
            return f"text {text}"
        case bool():
            return "bool"
        case int(n) | float(n):
            return f"number {n}"
        case list() | tuple():
            return "sequence"
        case dict(d):
            return f"dict {len(d)}"


shapes = [Point(0, 0), Point(0, 5), Point(3, 3), Point(1, 2), Line(Point(1, 2), Point(1, 9)), Line(Point(1, 2), Point(3, 4)),
          Circle(2, "blue"), Circle(9), "hi", b"x", True, 7, 1.5, [1], {"k": 1}, None]
[describe(s) for s in shapes]
