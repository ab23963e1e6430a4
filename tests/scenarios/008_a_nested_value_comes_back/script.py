from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import NamedTuple


class Level(Enum):
    HIGH = "high"


class Point(NamedTuple):
    x: int
    y: int


@dataclass
class Finding:
    level: Level
    when: date
    places: list[Point]


return {
    "findings": [Finding(Level.HIGH, date(2024, 2, 29), [Point(1, 2)])],
    "unique": {3, 1, 2},
    "pair": (1, (2, [3])),
    "price": Decimal("9.90"),
    "raw": b"\x00\xff",
    "none": None,
    1: True,
    "big": 2**70,
}
