from collections import namedtuple
from typing import NamedTuple

Pair = namedtuple("Pair", "left right")


class Item(NamedTuple):
    name: str
    price: float = 0.0


class Holder:
    def __init__(self, value):
        self.value = value

    @property
    def doubled(self):
        return self.value * 2


def show(obj):
    match obj:
        case Pair(left=1, right=r):
            return f"pair 1 {r}"
        case Pair(l, r):
            return f"pair {l} {r}"
        case Item(name, price) if price > 5:
            return f"dear {name}"
        case Item(name=name):
            return f"cheap {name}"
        case Holder(value=v, doubled=d):
            return f"holds {v} {d}"
        case (a, b):
            return "plain pair"


[show(o) for o in (Pair(1, 2), Pair(3, 4), Item("tv", 9), Item("pen"), Holder(4), (5, 6))]
