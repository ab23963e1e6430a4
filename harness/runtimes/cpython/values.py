"""Values that cross the boundary: out as plain JSON data, in as dicts that answer to attribute access.

Going out, bytes are charged while the value is walked, so that shared structure (which JSON expands) stops at the limit
before it has been expanded.
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import datetime as dt
import decimal
import enum
import fractions
import math
import types
import uuid
from collections import deque
from collections.abc import Callable, Iterable
from json import encoder
from typing import Any

_TOO_MANY_DIGITS = 10**4300  # CPython's own default for int-to-str conversion
_MAX_PATH = 200
_SCALARS = (str, int, float, bool, type(None))

Walk = Callable[["_Walker", Any, int], object]  # a value of the handler's own type


class UnserializableError(TypeError):
    """A value has no JSON form. `path` leads to it, as in `$.items[3].name`."""

    def __init__(self, reason: str, hint: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint
        self._parts: list[str] = []
        self._place = ""

    def of_call(self, tool: str) -> UnserializableError:
        """Say which call's arguments hold the value."""
        self._place = f"an argument of {tool}: "
        return self

    def within(self, part: str) -> UnserializableError:
        """Note one more step of the path, from the inside out."""
        self._parts.append(part)
        return self

    @property
    def path(self) -> str:
        """Where the value is, from the root `$`."""
        path = "$" + "".join(reversed(self._parts))
        return path if len(path) <= _MAX_PATH else path[:_MAX_PATH] + "..."

    def __str__(self) -> str:
        return f"{self._place}{self.path} {self.reason}"


class TooLargeError(Exception):
    """A value goes past its limit. `limit` is "bytes" or "depth"; `used` is what had been charged by then."""

    def __init__(self, limit: str, used: int) -> None:
        super().__init__(limit, used)
        self.limit = limit
        self.used = used


def json_text(value: object, *, max_bytes: int, max_depth: int) -> str:
    """Encode a script's value as JSON text.

    Raises:
        UnserializableError: something in it has no JSON form.
        TooLargeError: more than `max_bytes` of UTF-8, or nested deeper than `max_depth`.
    """
    if value is None or value is True or value is False or (type(value) is int and -(2**53) < value < 2**53):
        text = to_json(value)
        if len(text) <= max_bytes:
            return text
    if type(value) is dict and all(type(v) in _SCALARS and type(k) is str for k, v in value.items()):
        flat = _flat_text(value, max_bytes)
        if flat is not None:
            return flat
    walker = _Walker(max_bytes, max_depth)
    text = to_json(walker.copy(value, 0))
    size = len(text) if text.isascii() else len(text.encode())
    if size > max_bytes:
        raise TooLargeError("bytes", size)
    return text


def _flat_text(value: Any, max_bytes: int) -> str | None:
    """The text of a dict of scalars, or None if anything about it needs the long way."""
    try:
        text = to_json(value)
    except ValueError:  # NaN, or too many digits
        return None
    return text if text.isascii() and len(text) <= max_bytes else None


def plain_text(value: object) -> str:
    """`str(value)` as an exact string: a subclass, whose methods are the script's, is reduced to its content."""
    return str.__str__(str(value))


def _refuse(value: object) -> object:
    raise TypeError(type(value).__name__)


_accelerator: Any = encoder  # what json itself uses of it has no types
_c_encoder = _accelerator.c_make_encoder(
    None, _refuse, _accelerator.c_encode_basestring, None, ":", ",", False, False, False
)


def to_json(value: object) -> str:
    """Encode plain data; made once, because `json.dumps` builds its encoder anew for every call."""
    return "".join(_c_encoder(value, 0))


class _Walker:
    """Copies one value into plain data, charging bytes as it goes."""

    __slots__ = ("_active", "_left", "_max_bytes", "_max_depth")

    def __init__(self, max_bytes: int, max_depth: int) -> None:
        self._max_bytes = max_bytes
        self._left = max_bytes
        self._max_depth = max_depth
        self._active: set[int] = set()

    def copy(self, value: object, depth: int) -> object:
        """Return `value` as plain data. `depth` is how many containers hold it."""
        walk = _WALKS.get(type(value))
        if walk is None:
            walk = _walk_of(type(value))
            if walk is None:
                raise UnserializableError(*_reason(value))
        return walk(self, value, depth)

    def charge(self, size: int) -> None:
        """Take `size` bytes of the limit; never more than the text will need, which is measured in the end."""
        self._left -= size
        if self._left < 0:
            raise TooLargeError("bytes", self._max_bytes - self._left)

    def scalar(self, value: object, depth: int) -> object:
        """None, True and False."""
        self.charge(4)
        return value

    def text(self, value: str, depth: int) -> str:
        """A string, subclasses as their content."""
        if type(value) is not str:
            value = str.__str__(value)
        if value.isascii():
            self.charge(len(value) + 2)
            return value
        try:
            self.charge(len(value.encode()) + 2)
        except UnicodeEncodeError:
            raise UnserializableError("holds a lone surrogate, which UTF-8 cannot carry") from None
        return value

    def integer(self, value: int, depth: int) -> int:
        """An integer of up to 4,300 digits."""
        number = int.__pos__(value)
        if -(2**53) < number < 2**53:
            self.charge(1)
        elif -_TOO_MANY_DIGITS < number < _TOO_MANY_DIGITS:
            self.charge(number.bit_length() * 3 // 10)
        else:
            raise UnserializableError("is an integer of more than 4,300 digits")
        return number

    def floating(self, value: float, depth: int) -> float:
        """A finite float."""
        number = float.__pos__(value)
        if not math.isfinite(number):
            raise UnserializableError(f"is {number}, which JSON does not have", "use None, or a string")
        self.charge(3)
        return number

    def mapping(self, value: dict[object, object], depth: int) -> dict[str, object]:
        """A dict or a subclass, keys as `json.dumps` takes them."""
        self._enter(value, depth)
        copied: dict[str, object] = {}
        for key, item in dict.items(value):
            name = self._key(key)
            self.charge(2)
            try:
                copied[name] = self.copy(item, depth + 1)
            except UnserializableError as error:
                raise error.within(_member(name)) from None
        self._active.discard(id(value))
        return copied

    def sequence(self, value: Iterable[object], depth: int) -> list[object]:
        """A list, a tuple or a deque, or a subclass."""
        self._enter(value, depth)
        copied = self._items(_plain_iter(value), depth)
        self._active.discard(id(value))
        return copied

    def collection(self, value: set[object] | frozenset[object], depth: int) -> list[object]:
        """A set, sorted where its members can be."""
        self._enter(value, depth)
        members: list[Any] = list(set.__iter__(value) if isinstance(value, set) else frozenset.__iter__(value))
        with contextlib.suppress(TypeError):
            members.sort()
        copied = self._items(members, depth)
        self._active.discard(id(value))
        return copied

    def named_tuple(self, value: tuple[object, ...], depth: int) -> object:
        """A named tuple as an object; any other tuple as a list."""
        names = _field_names(type(value))
        if names is None:
            return self.sequence(value, depth)
        return self._record(value, zip(names, tuple.__iter__(value), strict=False), depth)

    def dataclass(self, value: Any, depth: int) -> object:
        """A dataclass instance as an object of its fields."""
        names = [field.name for field in dataclasses.fields(value)]
        return self._record(value, ((name, getattr(value, name)) for name in names), depth)

    def member(self, value: enum.Enum, depth: int) -> object:
        """An enum member as its value."""
        self._enter(value, depth)
        copied = self.copy(value.value, depth + 1)
        self._active.discard(id(value))
        return copied

    def octets(self, value: bytes | bytearray, depth: int) -> str:
        """Bytes as base64."""
        self.charge(len(value) * 4 // 3)
        return base64.b64encode(value).decode("ascii")

    def moment(self, value: dt.date | dt.time, depth: int) -> str:
        """A date or time in ISO 8601."""
        return self.text(value.isoformat(), depth)

    def written(self, value: object, depth: int) -> str:
        """Decimal, Fraction and UUID as they write themselves."""
        return self.text(str(value), depth)

    def _record(self, value: object, fields: Iterable[tuple[str, object]], depth: int) -> dict[str, object]:
        self._enter(value, depth)
        copied: dict[str, object] = {}
        for name, item in fields:
            self.charge(len(name) + 4)
            try:
                copied[name] = self.copy(item, depth + 1)
            except UnserializableError as error:
                raise error.within(_member(name)) from None
        self._active.discard(id(value))
        return copied

    def _items(self, items: Iterable[object], depth: int) -> list[object]:
        copied: list[object] = []
        for item in items:
            self.charge(1)
            try:
                copied.append(self.copy(item, depth + 1))
            except UnserializableError as error:
                raise error.within(f"[{len(copied)}]") from None
        return copied

    def _enter(self, value: object, depth: int) -> None:
        if id(value) in self._active:
            raise UnserializableError("contains itself")
        if depth >= self._max_depth:
            raise TooLargeError("depth", depth + 1)
        self.charge(1)
        self._active.add(id(value))

    def _key(self, key: object) -> str:
        if isinstance(key, str):
            return self.text(key, 0)
        if key is None or key is True or key is False:
            return {None: "null", True: "true", False: "false"}[key]
        if isinstance(key, int):
            return int.__repr__(self.integer(key, 0))
        if isinstance(key, float):
            return float.__repr__(self.floating(key, 0))
        raise UnserializableError(
            f"has a key that is {_article(type(key).__name__)}", "JSON keys are strings: use str(key)"
        )


def _plain_iter(value: Iterable[object]) -> Iterable[object]:
    """Iterate as the base type does, whatever a subclass says."""
    bases: tuple[Any, ...] = (list, tuple, deque)
    for base in bases:
        if isinstance(value, base):
            plain: Iterable[object] = base.__iter__(value)
            return plain
    raise UnserializableError(*_reason(value))


def _field_names(kind: type) -> tuple[str, ...] | None:
    names = getattr(kind, "_fields", None)
    if type(names) is tuple and all(type(name) is str for name in names):
        return names
    return None


_WALKS: dict[type, Walk] = {
    str: _Walker.text,
    int: _Walker.integer,
    float: _Walker.floating,
    bool: _Walker.scalar,
    type(None): _Walker.scalar,
    dict: _Walker.mapping,
    list: _Walker.sequence,
    tuple: _Walker.sequence,
}
_BY_BASE: tuple[tuple[type, Walk], ...] = (
    (enum.Enum, _Walker.member),
    (int, _Walker.integer),
    (float, _Walker.floating),
    (str, _Walker.text),
    (bytes, _Walker.octets),
    (bytearray, _Walker.octets),
    (dt.date, _Walker.moment),
    (dt.time, _Walker.moment),
    (decimal.Decimal, _Walker.written),
    (fractions.Fraction, _Walker.written),
    (uuid.UUID, _Walker.written),
    (tuple, _Walker.named_tuple),
    (set, _Walker.collection),
    (frozenset, _Walker.collection),
    (dict, _Walker.mapping),
    (list, _Walker.sequence),
    (deque, _Walker.sequence),
)


def _walk_of(kind: type) -> Walk | None:
    """How values of a type that is none of the common ones are copied; None if they have no JSON form."""
    mro = type.__dict__["__mro__"].__get__(kind)
    if enum.Enum not in mro and "__dataclass_fields__" in {name for base in mro for name in base.__dict__}:
        return _Walker.dataclass
    for base, walk in _BY_BASE:
        if base in mro:
            return walk
    return None


def _member(name: str) -> str:
    return f".{name}" if name.isidentifier() else f"[{name[:50]!r}]"


def _article(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


_HINTS: dict[str, str] = {
    "coroutine": "it was never awaited: put `await` in front of it",
    "tool call": "it was never awaited: put `await` in front of it",
    "Task": "await the task to get its result",
    "generator": "make a list of it",
    "timedelta": "use .total_seconds()",
    "dict_keys": "make a list of it",
    "dict_values": "make a list of it",
    "dict_items": "make a list of it",
    "range": "make a list of it",
    "map": "make a list of it",
    "filter": "make a list of it",
    "zip": "make a list of it",
    "complex": "use its real and imag parts",
    "function": "call it",
    "builtin_function_or_method": "call it",
    "method": "call it",
    "module": "use plain data",
}


def _reason(value: object) -> tuple[str, str]:
    kind = type(value)
    if kind is types.MethodType or kind is types.BuiltinMethodType:
        name = "function"
    else:
        name = type.__dict__["__name__"].__get__(kind)
    if isinstance(value, BaseException):
        return f"is {_article(name)}, an exception, which has no JSON form", "use str() of it"
    hint = _HINTS.get(name, "use plain data: dicts, lists, strings, numbers, True, False, None")
    return f"is {_article(name)}, which has no JSON form", hint


class Data(dict[str, Any]):
    """A dict that came from a tool. `result.exit_code` reads `result["exit_code"]`; methods keep their names."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if name in self and name[:1] != "_":
            return self[name]
        known = ", ".join(map(str, list(self)[:12])) or "nothing"
        raise AttributeError(f"the result has no field {name!r}; it has: {known}")


# A script that asks for the type of a result is told dict; its repr and error messages say so as well.
Data.__name__ = Data.__qualname__ = "dict"
