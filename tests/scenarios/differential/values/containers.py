from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from dataclasses import dataclass


class Rows(list):
    pass


class Table(dict):
    pass


@dataclass(slots=True, frozen=True)
class Cell:
    x: int
    inner: object = None


P = namedtuple("P", "x y")
return {
    "deque": deque([1, 2]),
    "counter": Counter("aab"),
    "default": defaultdict(list, a=[1]),
    "ordered": OrderedDict(b=1, a=2),
    "named": P(1, P(2, 3)),
    "cell": Cell(1, Cell(2, {"k": (1,)})),
    "rows": Rows([1]),
    "table": Table(a=Rows()),
    "sets": [{3, 1, 2}, {"b", "a"}, {(1, 2), (0, 5)}, frozenset([frozenset([1])]), set()],
    "tuples": (1, (2, [3, ()])),
    "pairs": list({"a": 1}.items()),
}
