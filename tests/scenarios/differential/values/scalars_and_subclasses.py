from datetime import date, datetime, time, timezone
from decimal import Decimal
from enum import Enum, Flag, IntEnum, StrEnum
from fractions import Fraction
from uuid import UUID


class Size(int):
    pass


class Name(str):
    pass


class Pair(Enum):
    A = (1, 2)


class Number(IntEnum):
    ONE = 1


class Text(StrEnum):
    A = "a"


class Bits(Flag):
    LOW = 1
    HIGH = 2


return [
    Size(3), Name("x"), Pair.A, Number.ONE, Text.A, Bits.HIGH, -0.0, 1e300, 0.1, 10**60, True, None, "é\u2028\x00🎉",
    date(2024, 1, 2), time(1, 2, 3, 4), datetime(2024, 1, 1, tzinfo=timezone.utc), Decimal("1E5"), Decimal("0.10"), Fraction(1, 3),
    UUID(int=1), b"abc", bytearray(b"x"),
]
