from enum import Enum
import math


class Color(Enum):
    RED = "r"
    BLUE = "b"


class Limits:
    low = 0
    high = 10


def check(value):
    match value:
        case Color.RED:
            return "red"
        case Color.BLUE:
            return "blue"
        case Limits.low | Limits.high:
            return "limit"
        case math.pi:
            return "pi"
        case captured:
            return f"captured {captured}"


[check(v) for v in (Color.RED, Color.BLUE, 0, 10, math.pi, 5)]
