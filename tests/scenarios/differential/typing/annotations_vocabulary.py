from typing import (
    Annotated, Any, Callable, ClassVar, Dict, Final, Iterable, Iterator, List, Literal, Mapping, Optional, Sequence,
    Set, Tuple, Type, TypeAlias, TypedDict, Union, cast,
)

Json: TypeAlias = Union[None, bool, int, str, List["Json"], Dict[str, "Json"]]
LIMIT: Final = 3
Mode = Literal["r", "w"]
Handler = Callable[[str, int], Optional[str]]


class Movie(TypedDict, total=False):
    title: str
    year: int


class Config:
    kinds: ClassVar[Tuple[str, ...]] = ("a",)
    size: Annotated[int, "positive"] = 3


def process(items: Iterable[Any], handler: Handler, *, mode: Mode = "r") -> Iterator[Optional[str]]:
    for index, item in enumerate(items):
        yield handler(cast(str, item), index)


m: Movie = {"title": "Alien", "year": 1979}
print(m, Movie(title="Up"), Config.kinds, Config().size, LIMIT)
print(list(process(["a", "b"], lambda s, i: s * i or None)))
names: Set[str] = {"x"}
kind: Type[int] = int
table: Mapping[str, Sequence[int]] = {"a": (1, 2)}
return [kind("5"), table]
