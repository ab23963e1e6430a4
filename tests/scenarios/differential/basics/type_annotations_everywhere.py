from __future__ import annotations
from typing import Optional

Vector = list[float]
names: dict[str, Unknown] = {}
limit: "int | None" = None


def scale(v: Vector, by: float = 2.0, *rest: Missing, flag: NotDefinedAnywhere = True) -> Vector:
    inner: list[int] = []
    later: Optional[str]
    return [x * by for x in v]


names["a"]: int = 5
print(names, limit)
scale([1.0, 2.5])
