from typing import NamedTuple


class Point(NamedTuple):
    x: int
    y: int = 0
    label: str = "p"

    def norm(self):
        return (self.x**2 + self.y**2) ** 0.5

    @property
    def swapped(self):
        return self._replace(x=self.y, y=self.x)


p = Point(3, 4)
x, y, label = p
print(p, p.x, p[1], p.norm(), p.swapped, p == (3, 4, "p"), len(p), x + y, label)
print(p._asdict(), p._replace(x=10), Point._make([7, 8, "m"]), Point._fields, max(p, Point(9)))
try:
    p.x = 5
except AttributeError as error:
    print("AttributeError", error)
return p, [Point(1)]
