"""A tool as the Python declaration that a model is shown."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from typing import Any

from harness.tools.binding import Tool

_SIMPLE = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "null": "None",
    "array": "list",
    "object": "dict",
}


def render_stub(tool: Tool) -> str:
    """Return `async def name(parameters) -> result:` with the description as its docstring.

    Parameters stand in the order of the schema, which is the order of positional arguments. A required parameter
    behind an optional one can be given by name only, as in Python.
    """
    head = f"async def {tool.name}({_parameters(tool.schema)}) -> {_returned(tool)}:"
    body = textwrap.indent(_docstring(tool.description), "    ")
    return f"{head}\n{body}"


def type_of(schema: Mapping[str, Any], root: Mapping[str, Any]) -> str:
    """Return a JSON Schema as a Python annotation; what has no short form is `Any`.

    Args:
        schema: The schema.
        root: The schema whose `$defs` it refers to.
    """
    if "$ref" in schema:
        return _referred(str(schema["$ref"]), root)
    if "const" in schema:
        return f"Literal[{schema['const']!r}]"
    if "enum" in schema:
        return f"Literal[{', '.join(repr(value) for value in schema['enum'])}]"
    for union in ("anyOf", "oneOf"):
        if union in schema:
            return " | ".join(dict.fromkeys(type_of(item, root) for item in schema[union]))
    kind = schema.get("type")
    if isinstance(kind, list):
        return " | ".join(type_of({**schema, "type": item}, root) for item in kind)
    if kind == "array" and isinstance(schema.get("items"), Mapping):
        return f"list[{type_of(schema['items'], root)}]"
    if kind == "object" and isinstance(schema.get("additionalProperties"), Mapping):
        return f"dict[str, {type_of(schema['additionalProperties'], root)}]"
    return _SIMPLE.get(str(kind), "Any")


def _referred(reference: str, root: Mapping[str, Any]) -> str:
    target = root.get("$defs", {}).get(reference.rpartition("/")[2], {})
    return "dict" if target.get("type") == "object" else type_of(target, {})


def _parameters(schema: Mapping[str, Any]) -> str:
    required = set(schema.get("required", ()))
    parts: list[str] = []
    seen_optional = False
    for name, parameter in schema.get("properties", {}).items():
        if name in required:
            if seen_optional and "*" not in parts:
                parts.append("*")
            parts.append(f"{name}: {type_of(parameter, schema)}")
        else:
            seen_optional = True
            parts.append(f"{name}: {type_of(parameter, schema)} = {_default(parameter)}")
    return ", ".join(parts)


def _default(parameter: Mapping[str, Any]) -> str:
    return repr(parameter["default"]) if "default" in parameter else "..."


def _returned(tool: Tool) -> str:
    return "Any" if tool.returns is None else type_of(tool.returns, tool.returns)


def _docstring(description: str) -> str:
    text = description.strip() or "No description."
    quoted = json.dumps(text, ensure_ascii=False)[1:-1].replace("\\n", "\n").replace('\\"', '"').replace('"""', "'''")
    return f'"""{quoted}"""' if "\n" not in quoted else f'"""{quoted}\n"""'
