import collections
import collections.abc as cabc
import typing
from typing import Dict, Generic, NamedTuple, Protocol, TypeVar

T = TypeVar("T")


class Ints(list[int]):
    pass


class Ages(Dict[str, int]):
    pass


class Ones(typing.Iterator[int]):
    def __next__(self):
        return 1


class Single(Generic[T], typing.Sequence[T]):
    def __init__(self, value):
        self.value = value

    def __len__(self):
        return 1

    def __getitem__(self, i):
        return [self.value][i]


class Getter(Protocol[T]):
    def get(self) -> T: ...


class Four(Getter[int]):
    def get(self):
        return 4


class Echo(cabc.Mapping):
    def __getitem__(self, key):
        return key * 2

    def __iter__(self):
        return iter("ab")

    def __len__(self):
        return 2


class Steps(cabc.Generator):
    def __init__(self):
        self.n = 0

    def send(self, value):
        self.n += 1
        if self.n > 3:
            raise StopIteration
        return self.n

    def throw(self, kind, value=None, traceback=None):
        raise StopIteration


class Both(UserWarning, ValueError):
    pass


class Meters(float):
    def __new__(cls, value, unit="m"):
        self = super().__new__(cls, value)
        self.unit = unit
        return self


class Tagged(NamedTuple, Generic[T]):
    value: T


class Latest(collections.OrderedDict):
    def __setitem__(self, key, value):
        super().__setitem__(key, value)
        self.move_to_end(key, last=False)


class Words(set[str]):
    pass


class Raw(bytes):
    def first(self):
        return self[0]


latest = Latest()
latest["a"] = 1
latest["b"] = 2
print(Ints([1]), Ages(a=1), next(Ones()), list(Single(5)), Single[int](6)[0], Four().get(), dict(Echo()), Echo().get("q"))
print(list(Steps()), Both(1).args, Meters(1.5).unit, Tagged(1), list(latest), Words({"x"}), Raw(b"a").first())
try:
    raise Both("two parents")
except ValueError as error:
    print(repr(error))
