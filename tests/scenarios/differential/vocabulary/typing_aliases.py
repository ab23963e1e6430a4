from typing import (
    TYPE_CHECKING, AbstractSet, AnyStr, AsyncContextManager, AsyncGenerator, AsyncIterable, AsyncIterator, Awaitable, BinaryIO,
    ChainMap, Collection, Concatenate, Container, ContextManager, Coroutine, Counter, DefaultDict, Deque, FrozenSet, Generator,
    Hashable, IO, ItemsView, KeysView, LiteralString, Match, MutableMapping, MutableSequence, MutableSet, OrderedDict, ParamSpec,
    ParamSpecArgs, ParamSpecKwargs, Pattern, Reversible, Sized, SupportsAbs, SupportsBytes, SupportsComplex, SupportsFloat,
    SupportsIndex, SupportsInt, SupportsRound, Text, TextIO, TypeVarTuple, Unpack, ValuesView, assert_type, no_type_check,
)
import typing as t

P = ParamSpec("P")
Ts = TypeVarTuple("Ts")
if TYPE_CHECKING:
    from collections.abc import Sized as _Sized


def join(parts: MutableSequence[AnyStr], *, seen: AbstractSet[str] = frozenset(), out: IO[str] | TextIO | BinaryIO = None) -> Text:
    return assert_type("".join(parts), str)


@no_type_check
def loose(x: "anything at all"):
    return x


print(join(["a", "b"]), loose(3), [isinstance(v, SupportsInt) for v in (1, "x", 2.5)], isinstance(3, SupportsIndex), isinstance(-1, SupportsAbs))
print([isinstance([], k) for k in (Sized, Hashable, Container, Reversible, Collection)], isinstance(2, (SupportsFloat, SupportsComplex)), isinstance(1.5, SupportsRound), isinstance(b"", SupportsBytes))
counts: Counter[str] = t.Counter("aab")
queue: Deque[int] = t.Deque([1])
table: DefaultDict[str, int] = t.DefaultDict(int)
table["x"] += 1
print(counts, queue, dict(table), t.OrderedDict(a=1), t.ChainMap({"a": 1})["a"], FrozenSet, LiteralString)
aliases = [AsyncContextManager, AsyncGenerator, AsyncIterable, AsyncIterator, Awaitable, ChainMap, Concatenate, ContextManager, Coroutine,
           Generator, ItemsView, KeysView, Match, MutableMapping, MutableSet, OrderedDict, ParamSpecArgs, ParamSpecKwargs, Pattern, Unpack, ValuesView]
len(aliases)
