"""Values of types that JSON does not have."""

from __future__ import annotations

import dataclasses
import datetime as dt
import decimal
import enum
import fractions
import json
import time
import typing
import uuid
from collections import Counter, OrderedDict, defaultdict, deque
from typing import Any

import pytest

from harness.runtimes.cpython.values import Data, TooLargeError, UnserializableError, json_text


class Colour(enum.Enum):
    RED = "red"
    POINT = (1, 2)


class Level(enum.IntEnum):
    LOW = 1


class Point(typing.NamedTuple):
    x: int
    y: int = 2


@dataclasses.dataclass
class Node:
    name: str
    next: Node | None = None


class Liar(dict[str, int]):
    def items(self) -> Any:
        raise AssertionError("asked")

    __iter__ = keys = values = items


class Text(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "lie"


def written(value: object) -> Any:
    return json.loads(json_text(value, max_bytes=10**6, max_depth=64))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ((1, "a"), [1, "a"]),
        ({3, 1, 2}, [1, 2, 3]),
        (frozenset({"b", "a"}), ["a", "b"]),
        (Colour.RED, "red"),
        (Colour.POINT, [1, 2]),
        (Level.LOW, 1),
        (Point(1), {"x": 1, "y": 2}),
        (Node("a", Node("b")), {"name": "a", "next": {"name": "b", "next": None}}),
        (dt.datetime(2024, 1, 2, 3, tzinfo=dt.UTC), "2024-01-02T03:00:00+00:00"),
        (dt.date(2024, 1, 2), "2024-01-02"),
        (dt.time(1, 2), "01:02:00"),
        (decimal.Decimal("1.50"), "1.50"),
        (fractions.Fraction(1, 3), "1/3"),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (b"ab", "YWI="),
        (bytearray(b"ab"), "YWI="),
        (OrderedDict(a=1), {"a": 1}),
        (defaultdict(list, a=[1]), {"a": [1]}),
        (Counter("aab"), {"a": 2, "b": 1}),
        (deque([1, 2]), [1, 2]),
        (Data(a=1), {"a": 1}),
        (Liar(a=1), {"a": 1}),
        (Text("true"), "true"),
        ({True: 1, None: 2, 1.5: 3}, {"true": 1, "null": 2, "1.5": 3}),
        ({Level.LOW: 4}, {"1": 4}),
        (10**4299, 10**4299),
        ("\x00\u2028\U0001f600", "\x00\u2028\U0001f600"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_has_a_json_form(value: object, expected: object) -> None:
    assert written(value) == expected
    assert written([value]) == [expected]


def cycle() -> list[object]:
    value: list[object] = []
    value.append({"self": value})
    return value


@pytest.mark.parametrize(
    ("value", "path", "hint"),
    [
        (float("nan"), "$", "None"),
        ({"a": [1, float("inf")]}, "$.a[1]", "None"),
        (["\ud800"], "$[0]", None),
        ({"\ud800": 1}, "$", None),
        (cycle(), "$[0].self", None),
        ({"f": len}, "$.f", "call it"),
        (object(), "$", "plain data"),
        ({(1, 2): 3}, "$", "str(key)"),
        ([dt.timedelta(1)], "$[0]", "total_seconds"),
        (ValueError("x"), "$", "str()"),
        ((x for x in ()), "$", "list"),
        (range(3), "$", "list"),
        ({}.keys(), "$", "list"),
        (10**4300, "$", None),
        ({"a b": [Node("x", object())]}, "$['a b'][0].next", "plain data"),  # type: ignore[arg-type]  # on purpose
    ],
    ids=lambda value: type(value).__name__,
)
def test_the_rest_is_refused_with_its_path(value: object, path: str, hint: str | None) -> None:
    with pytest.raises(UnserializableError) as caught:
        json_text(value, max_bytes=10**6, max_depth=64)
    assert caught.value.path == path
    assert hint is None or (caught.value.hint is not None and hint in caught.value.hint)


def test_shared_structure_is_charged_expanded_and_stops_early() -> None:
    value: object = [0] * 10
    for _ in range(60):
        value = [value] * 10
    started = time.monotonic()
    with pytest.raises(TooLargeError):
        json_text(value, max_bytes=1_000_000, max_depth=64)
    assert time.monotonic() - started < 5


def test_depth_is_limited() -> None:
    value: object = 1
    for _ in range(64):
        value = [value]
    assert written(value)
    with pytest.raises(TooLargeError) as caught:
        written([value])
    assert (caught.value.limit, caught.value.used) == ("depth", 65)


def test_a_result_names_the_fields_it_has() -> None:
    result = Data(exit_code=0, items=[1], _hidden=2)
    assert (result.exit_code, result["items"], callable(result.items)) == (0, [1], True)
    with pytest.raises(AttributeError, match="it has: exit_code, items"):
        result.stdout
    with pytest.raises(AttributeError):
        result._hidden
