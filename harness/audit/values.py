"""Any value of the host as plain JSON data for the record, without secrets. Never fails: a record must not be lost."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from harness.audit.redaction import REDACTED, is_secret_name, is_secret_variable, redacted

MAX_DEPTH: Final = 100
"""Levels of lists and mappings that are recorded: more than a script's values may have."""

MAX_VALUES: Final = 100_000
"""Values in one record: what bounds the time that one record takes."""

NOT_RECORDED: Final = "[not recorded]"
"""Stands for what lies beyond `MAX_DEPTH` and `MAX_VALUES`."""

_ENVIRONMENTS: Final = frozenset({"env", "environ", "environment"})
_MAX_BITS = 1024


def recordable(value: object) -> object:
    """Return a value as the record has it.

    Text, whole numbers of up to 1,024 bits, finite floats, booleans, None, lists, tuples and mappings stay what they
    are, and dataclasses are mappings; everything else becomes the text of its `repr`. Secrets become "[redacted]".
    """
    return _Reading().value(value, "")


class _Reading:
    """Reads one value; counts what it has read."""

    def __init__(self) -> None:
        self.left = MAX_VALUES

    def value(self, value: object, name: str, depth: int = 0) -> object:
        self.left -= 1
        if self.left < 0 or depth > MAX_DEPTH:
            return NOT_RECORDED
        if value is None or value is True or value is False:
            return value
        if name and is_secret_name(name):
            return REDACTED if value != "" else ""
        if isinstance(value, str):
            return redacted(str.__str__(value))
        if isinstance(value, (int, float)):
            return _number(value)
        return self.compound(value, name, depth)

    def compound(self, value: object, name: str, depth: int) -> object:
        try:
            if isinstance(value, Mapping):
                return self.mapping(value, name, depth)
            if isinstance(value, (list, tuple)):
                return self.sequence(value, name, depth)
            fields = getattr(type(value), "__dataclass_fields__", None)
            if fields is not None:
                return self.mapping({field: getattr(value, field) for field in fields}, name, depth)
        except Exception:  # noqa: BLE001 - a mapping of the embedder may raise anything; its repr is all there is then
            return _text_of(value)
        return _text_of(value)

    def mapping(self, value: Mapping[object, object], name: str, depth: int) -> object:
        read: dict[str, object] = {}
        for key, item in value.items():
            if self.left < 0:
                break
            text = str.__str__(key) if isinstance(key, str) else _text_of(key)
            hidden = name.lower() in _ENVIRONMENTS and is_secret_variable(text)
            read[redacted(text)] = REDACTED if hidden else self.value(item, text, depth + 1)
        return read

    def sequence(self, value: list[object] | tuple[object, ...], name: str, depth: int) -> object:
        inner = name if name.lower() in _ENVIRONMENTS else ""
        if inner and len(value) == 2 and all(isinstance(item, str) for item in value):
            return self.variable(str(value[0]), value[1], depth)
        read = []
        for item in value:
            if self.left < 0:
                break
            read.append(self.value(item, inner, depth + 1))
        return read

    def variable(self, name: str, value: object, depth: int) -> object:
        """A variable as a pair of name and value, as commands have them."""
        return [name, REDACTED if is_secret_variable(name) else self.value(value, "", depth + 1)]


def _number(value: int | float) -> object:  # noqa: PYI041 - mypy takes float alone for "never an int"
    if isinstance(value, int):
        return int(value) if value.bit_length() <= _MAX_BITS else hex(value)
    return float(value) if math.isfinite(value) else repr(float(value))


def _text_of(value: object) -> str:
    try:
        return redacted(str.__str__(repr(value)))
    except Exception:  # noqa: BLE001 - a repr may raise anything
        return f"<{type(value).__name__} without a repr>"
