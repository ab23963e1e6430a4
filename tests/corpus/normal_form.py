"""What a value becomes when it crosses the boundary, written a second time and straight from the reference.

The worker has its own serialiser; this one knows nothing of it, so that the differential tests compare two readings of
docs/reference/language.md and not one with itself.
"""

import base64
import dataclasses
import datetime as dt
import decimal
import enum
import fractions
import math
import uuid


class Unserializable(Exception):
    """The value has no JSON form."""


def normal_form(value: object) -> object:
    """Return the JSON data that a script's value becomes.

    Raises:
        Unserializable: NaN, an infinity, a lone surrogate, or a type that has no JSON form.
    """
    if isinstance(value, enum.Enum):
        return normal_form(value.value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return _finite(float(value))
    if isinstance(value, str):
        return _encodable(str.__str__(value))
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(bytes(value)).decode("ascii")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, (decimal.Decimal, fractions.Fraction, uuid.UUID)):
        return str(value)
    return _container(value)


def _container(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: normal_form(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return {name: normal_form(part) for name, part in zip(value._fields, value, strict=True)}
    if isinstance(value, (set, frozenset)):
        return [normal_form(part) for part in _sorted_where_possible(value)]
    if isinstance(value, dict):
        return {_key(key): normal_form(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)) or type(value).__name__ == "deque":
        return [normal_form(part) for part in value]  # type: ignore[attr-defined]  # a deque iterates like a list
    raise Unserializable(type(value).__name__)


def _sorted_where_possible(value: "set[object] | frozenset[object]") -> list[object]:
    try:
        return sorted(value)  # type: ignore[type-var]  # the failure is the answer
    except TypeError:
        return list(value)


def _key(key: object) -> str:
    """A key as `json.dumps` takes it."""
    if isinstance(key, str):
        return _encodable(str.__str__(key))
    if key is None or isinstance(key, bool):
        return {None: "null", True: "true", False: "false"}[key]
    if isinstance(key, int):
        return int.__repr__(key)
    if isinstance(key, float):
        return float.__repr__(_finite(key))
    raise Unserializable(f"key {type(key).__name__}")


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise Unserializable(str(value))
    return value


def _encodable(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Unserializable("lone surrogate") from error
    return text
