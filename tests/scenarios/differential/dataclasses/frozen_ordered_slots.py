from dataclasses import FrozenInstanceError, dataclass


@dataclass(frozen=True, order=True)
class Version:
    major: int
    minor: int = 0

    def bump(self):
        return Version(self.major, self.minor + 1)


@dataclass(slots=True, kw_only=True)
class Point:
    x: int
    y: int = 0


v = Version(1, 2)
print(v, v < Version(1, 3), max(Version(2), v), {v: "k"}[Version(1, 2)], v.bump(), sorted([Version(3), v]))
try:
    v.major = 5
except FrozenInstanceError as error:
    print(type(error).__name__, error)
p = Point(x=1)
p.y = 4
print(p)
try:
    Point(1, 2)
except TypeError as error:
    print("TypeError", error)
return [v, p]
