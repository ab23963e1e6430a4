from collections import namedtuple

Point = namedtuple("Point", ["x", "y"])
Color = namedtuple("Color", "r g b", defaults=(0, 0))
p = Point(1, y=2)
print(p, p.x + p.y, p[0], p._asdict(), p._replace(y=9), Point._make([5, 6]), Point._fields, Color(255))
x, y = p
print(x, y, p == (1, 2), {p: "k"}[(1, 2)], max(Point(1, 5), Point(2, 0)), isinstance(p, tuple))
rows = [Point(i, i * i) for i in range(3)]
print(sorted(rows, key=lambda r: -r.y)[0], [r.x for r in rows], Color._field_defaults)
try:
    p.x = 3
except AttributeError as error:
    print("AttributeError", error)
try:
    Point(1)
except TypeError as error:
    print("TypeError")


class Named(namedtuple("Base", "name age")):
    def greet(self):
        return f"{self.name} is {self.age}"


print(Named("Ann", 3).greet(), Named("Bob", 4))
return {"point": p, "rows": rows}
