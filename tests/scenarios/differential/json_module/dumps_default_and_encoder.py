import json
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum


class Color(Enum):
    RED = "red"


@dataclass
class Item:
    name: str
    when: date


def default(obj):
    if isinstance(obj, (date, datetime)):
        return obj.isoformat()
    if isinstance(obj, Decimal):
        return float(obj)
    if isinstance(obj, set):
        return sorted(obj)
    if is_dataclass(obj):
        return asdict(obj)
    if isinstance(obj, Enum):
        return obj.value
    raise TypeError(f"cannot encode {type(obj).__name__}")


class Encoder(json.JSONEncoder):
    def default(self, o):
        if isinstance(o, complex):
            return {"re": o.real, "im": o.imag}
        return super().default(o)


print(json.dumps({"d": Decimal("1.5"), "s": {3, 1}, "i": Item("x", date(2024, 1, 2)), "c": Color.RED}, default=default))
print(json.dumps({"z": 1 + 2j}, cls=Encoder), Encoder(indent=1).encode([1]), list(json.JSONEncoder().iterencode([1, "a"])))
print(json.dumps({"f": lambda: 1}, default=lambda o: "<function>"), json.dumps(object(), default=lambda o: None))
for bad in (lambda: json.dumps(object, default=default), lambda: json.dumps(b"x", cls=Encoder)):
    try:
        bad()
    except TypeError as error:
        print(error)
