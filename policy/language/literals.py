"""Literal values in a script, with holes where a value is known only when the script runs."""

from __future__ import annotations

import ast
from base64 import b64encode
from collections.abc import Callable
from enum import Enum
from typing import Any, Final


class Unknown(Enum):
    """A value that is not literal; its type may still be known."""

    ANYTHING = "anything"
    STRING = "string"
    ARRAY = "array"
    OBJECT = "object"


def read_literal(node: ast.expr) -> object:
    """The value of an expression as JSON data, with `Unknown` where it is not literal.

    Tuples and sets become lists, bytes base64, as they do when they cross to the host.
    """
    reader = _READERS.get(type(node))
    return Unknown.ANYTHING if reader is None else reader(node)


def is_complete(value: object) -> bool:
    """Whether a value has no holes."""
    if isinstance(value, Unknown):
        return False
    if isinstance(value, list):
        return all(is_complete(item) for item in value)
    if isinstance(value, dict):
        return all(is_complete(item) for item in value.values())
    return True


def json_kind(value: object) -> str:
    """The JSON type of a value: null, boolean, integer, number, string, array or object."""
    if isinstance(value, Unknown):
        return value.value
    return _KINDS.get(type(value), "value")


_MOST_BITS: Final = 14_000  # below the 4,300 digits that cross to the host
_KINDS: Final[dict[type, str]] = {
    type(None): "null",
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}


def _constant(node: ast.Constant) -> object:
    value = node.value
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float) and value in {float("inf"), float("-inf")}:
        return Unknown.ANYTHING
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return Unknown.ANYTHING
    return value if type(value) in _KINDS else Unknown.ANYTHING


def _text(value: str) -> object:
    """Text that JSON can carry; a lone surrogate is an error of the run, told there with its place."""
    return value if value.isascii() or not any("\ud800" <= char <= "\udfff" for char in value) else Unknown.STRING


def _sign(node: ast.UnaryOp) -> object:
    value = read_literal(node.operand)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return Unknown.ANYTHING
    if isinstance(node.op, ast.USub):
        return -value
    return value if isinstance(node.op, ast.UAdd) else Unknown.ANYTHING


def _items(node: ast.List | ast.Tuple) -> object:
    if any(isinstance(item, ast.Starred) for item in node.elts):
        return Unknown.ARRAY
    return [read_literal(item) for item in node.elts]


def _set(node: ast.Set) -> object:
    values = _items(ast.List(node.elts, ast.Load()))
    if not isinstance(values, list) or not is_complete(values):
        return Unknown.ARRAY
    unique: list[Any] = list({repr(value): value for value in values}.values())
    try:
        return sorted(unique)
    except TypeError:
        return unique


def _dict(node: ast.Dict) -> object:
    keys = [None if key is None else read_literal(key) for key in node.keys]
    if not all(isinstance(key, str) for key in keys):
        return Unknown.OBJECT
    return {str(key): read_literal(value) for key, value in zip(keys, node.values, strict=True)}


def _formatted(node: ast.JoinedStr) -> object:
    parts = [part.value for part in node.values if isinstance(part, ast.Constant)]
    return _text("".join(map(str, parts))) if len(parts) == len(node.values) else Unknown.STRING


_READERS: Final[dict[type[ast.expr], Callable[[Any], object]]] = {
    ast.Constant: _constant,
    ast.UnaryOp: _sign,
    ast.List: _items,
    ast.Tuple: _items,
    ast.Set: _set,
    ast.Dict: _dict,
    ast.JoinedStr: _formatted,
    ast.ListComp: lambda node: Unknown.ARRAY,
    ast.SetComp: lambda node: Unknown.ARRAY,
    ast.DictComp: lambda node: Unknown.OBJECT,
}
