"""`str.format` for scripts: fields that walk attributes are read through the guards."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Mapping, Sequence
from typing import Any

GetAttribute = Callable[[Any, str], Any]
# A field that walks begins with "." or "[" before its ":" or "!"; everything else C may format.
_WALK = re.compile(r"\{[^{}:!]*[.\[]")


class _Formatter(string.Formatter):
    """The standard library's formatter, with guarded attribute reads."""

    def __init__(self, get_attribute: GetAttribute) -> None:
        self._get_attribute = get_attribute

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Any, int | str]:
        first, rest = string._string.formatter_field_name_split(field_name)  # type: ignore[attr-defined]  # what string.Formatter uses
        value = self.get_value(first, args, kwargs)
        for is_attribute, key in rest:
            if is_attribute and key[:1] == "_":
                raise AttributeError(f"a format string cannot read {key!r}")
            value = self._get_attribute(value, key) if is_attribute else value[key]
        return value, first

    def check_unused_args(self, used_args: object, args: object, kwargs: object) -> None:
        """Unused arguments are allowed, as in str.format."""


class Formatting:
    """Makes the guarded forms of `str.format` and `str.format_map`.

    Args:
        get_attribute: The guarded attribute read.
    """

    def __init__(self, get_attribute: GetAttribute) -> None:
        self._formatter = _Formatter(get_attribute)

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
        return self._formatter.vformat(template, args, kwargs)

    def _format_map(self, template: str, mapping: Any) -> str:
        if _WALK.search(template) is None:
            return str.format_map(template, mapping)
        return self._formatter.vformat(template, (), mapping)


def _text(template: object) -> str:
    if not isinstance(template, str):
        raise TypeError(f"descriptor 'format' for 'str' objects doesn't apply to a {type(template).__name__!r} object")
    return str.__str__(template)
