from enum import Enum, auto, unique


class Color(Enum):
    RED = 1
    GREEN = 2
    BLUE = auto()
    CRIMSON = 1


@unique
class Shape(Enum):
    SQUARE = "sq"
    CIRCLE = "ci"

    @property
    def label(self):
        return self.name.title()

    @classmethod
    def default(cls):
        return cls.CIRCLE


print(Color.RED, repr(Color.GREEN), Color.BLUE.value, Color["RED"], Color(2), Color.CRIMSON is Color.RED)
print([c.name for c in Color], len(Color), Color.RED in Color, list(Shape), Shape.default().label)
print(Color.RED == 1, Color.RED == Color.RED, {Color.RED: "r"}[Color(1)], isinstance(Color.RED, Color))
for bad in (lambda: Color(99), lambda: Color["PINK"]):
    try:
        bad()
    except (ValueError, KeyError) as error:
        print(type(error).__name__, error)
return [Color.RED, Shape.SQUARE, {"c": Color.BLUE}]
