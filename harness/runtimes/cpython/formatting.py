"""`str.format` for scripts: fields that walk attributes are read through the guards."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

GetAttribute = Callable[[Any, str], Any]
# A field that walks begins with "." or "[" before its ":" or "!"; everything else C may format.
_WALK = re.compile(r"\{[^{}:!]*[.\[]")
_parser: Any = importlib.import_module("_string")  # what str.format and string.Formatter share; it has no types
_CONVERSIONS: Mapping[str | None, Callable[[Any], Any]] = {None: lambda value: value, "s": str, "r": repr, "a": ascii}
_MAX_NESTING = 2


class _Fields:
    """The fields of one template, as they are asked for, in the numbering that the first of them chose.

    Args:
        args: What numbered fields read, or None for `format_map`.
        named: What named fields read.
        get_attribute: The guarded attribute read.
    """

    def __init__(self, args: Sequence[Any] | None, named: Any, get_attribute: GetAttribute) -> None:
        self._args = args
        self._named = named
        self._get_attribute = get_attribute
        self._next = 0
        self._is_automatic: bool | None = None

    def read(self, field: str) -> Any:
        """Read one field, `0`, `name`, or empty, and walk from there."""
        first, rest = _parser.formatter_field_name_split(field)
        value = self._named[first] if isinstance(first, str) and first else self._numbered(first)
        for is_attribute, key in rest:
            value = self._get_attribute(value, key) if is_attribute else value[key]
        return value

    def _numbered(self, first: int | str) -> Any:
        if self._args is None:
            raise ValueError("Format string contains positional fields")
        automatic = first == ""
        if self._is_automatic is not None and self._is_automatic is not automatic:
            numbering, wanted = "automatic field numbering", "manual field specification"
            if automatic:
                numbering, wanted = wanted, numbering
            raise ValueError(f"cannot switch from {numbering} to {wanted}")
        self._is_automatic = automatic
        index = self._take() if automatic else int(first)
        if index >= len(self._args):
            raise IndexError(f"Replacement index {index} out of range for positional args tuple")
        return self._args[index]

    def _take(self) -> int:
        self._next += 1
        return self._next - 1


class Formatting:
    """Makes the guarded forms of `str.format` and `str.format_map`.

    Args:
        get_attribute: The guarded attribute read.
    """

    def __init__(self, get_attribute: GetAttribute) -> None:
        self._get_attribute = get_attribute

    def bound(self, template: str, name: str) -> Callable[..., str]:
        """Return `template.format` or `template.format_map`."""
        if name == "format":
            return lambda *args, **kwargs: self._format(template, args, kwargs)
        return lambda mapping: self._format_map(template, mapping)

    def unbound(self, name: str) -> Callable[..., str]:
        """Return `str.format` or `str.format_map`, which take the template first."""
        if name == "format":
            return lambda template, /, *args, **kwargs: self._format(_text(template), args, kwargs)
        return lambda template, mapping, /: self._format_map(_text(template), mapping)

    def _format(self, template: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
        if _WALK.search(template) is None:
            return str.format(template, *args, **kwargs)
        return _rendered(template, _Fields(args, kwargs, self._get_attribute), _MAX_NESTING)

    def _format_map(self, template: str, mapping: Any) -> str:
        if _WALK.search(template) is None:
            return str.format_map(template, mapping)
        return _rendered(template, _Fields(None, mapping, self._get_attribute), _MAX_NESTING)


def _rendered(template: str, fields: _Fields, nesting: int) -> str:
    if nesting == 0:
        raise ValueError("Max string recursion exceeded")
    parts: list[str] = []
    for literal, field, spec, conversion in _parser.formatter_parser(template):
        parts.append(literal)
        if field is None:
            continue
        value = fields.read(field)
        if conversion not in _CONVERSIONS:
            raise ValueError(f"Unknown conversion specifier {conversion}")
        value = _CONVERSIONS[conversion](value)
        parts.append(format(value, _rendered(spec, fields, nesting - 1) if "{" in spec else spec))
    return "".join(parts)


def _text(template: object) -> str:
    if not isinstance(template, str):
        raise TypeError(f"descriptor 'format' for 'str' objects doesn't apply to a {type(template).__name__!r} object")
    return str.__str__(template)
