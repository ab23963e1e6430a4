from enum import (
    CONFORM, CONTINUOUS, EJECT, KEEP, NAMED_FLAGS, STRICT, UNIQUE, Enum, EnumCheck, Flag, FlagBoundary, IntFlag, ReprEnum, auto,
    member, nonmember, property as enum_property, verify,
)


class Kind(Enum):
    A = 1
    helper = nonmember(5)

    @member
    def action():
        return "act"

    @enum_property
    def label(self):
        return self.name.lower()


class Text(str, ReprEnum):
    X = "x-value"


@verify(UNIQUE, CONTINUOUS)
class Step(Enum):
    ONE = 1
    TWO = 2


class Strict(Flag, boundary=STRICT):
    R = auto()
    W = auto()


class Conform(Flag, boundary=CONFORM):
    R = auto()


class Keep(IntFlag, boundary=KEEP):
    R = auto()


class Eject(IntFlag, boundary=EJECT):
    R = auto()


print([k.name for k in Kind], Kind.helper, Kind.A.label, str(Text.X), repr(Text.X), Conform(3), int(Keep(9)), Eject(9), FlagBoundary.STRICT is STRICT)
try:
    Strict(8)
except ValueError as error:
    print("ValueError")
try:
    @verify(UNIQUE)
    class Twice(Enum):
        A = 1
        B = 1
except ValueError as error:
    print(error)
try:
    @verify(NAMED_FLAGS)
    class Flags(Flag):
        A = 1
        AB = 3
except ValueError as error:
    print(error)
EnumCheck.UNIQUE is UNIQUE
