"""Tools as the Python declarations that a model is shown."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, TypeAlias

from harness.tools.binding import Tool
from harness.tools.schema_types import ObjectTypes, camel_case, description_of, inert, is_name, literal, one_line
from policy.language.arguments import is_open, mismatch

Detail: TypeAlias = Literal["full", "signatures"]

_MOST_DEFAULT_CHARACTERS = 80
_MOST_SUMMARY_CHARACTERS = 100


def render_stubs(tools: Iterable[Tool], *, detail: Detail = "full") -> str:
    """Return the declarations of tools: the text of a stub file.

    The object types that parameters and results have come first, each as a `TypedDict`, then a function for each
    tool. A tool in a namespace (`git.status`) is a static method of a class of that name.

    Args:
        tools: The tools, in the order in which they are declared.
        detail: "full" has descriptions, also of parameters and fields; "signatures" the first sentence of a tool's.
    """
    tools = list(tools)
    types = ObjectTypes((part for tool in tools for part in tool.name.split(".")), described=detail == "full")
    functions = _functions(_tree(tools), types, detail)
    imports = "\n".join(types.imports())
    if detail == "signatures":
        return "\n".join(filter(None, [imports, *types.declarations(), *functions]))
    return "\n\n".join(filter(None, [imports, *types.declarations(), *functions]))


def render_stub(tool: Tool, *, detail: Detail = "full") -> str:
    """Return the declaration of one tool, as `render_stubs` does."""
    return render_stubs([tool], detail=detail)


def signature(tool: Tool) -> str:
    """Return how a tool is called, on one line: `tools.read_file(path: str, ...) -> ReadFileResult`."""
    types = ObjectTypes(tool.name.split("."), described=False)
    return f"tools.{tool.name}({_parameters(tool, types)}) -> {_returned(tool, types)}"


def summary(description: str) -> str:
    """Return the first sentence of a description, on one line."""
    first = re.split(r"(?<=[.!?])\s|\n\s*\n", description.strip(), maxsplit=1)[0]
    joined = " ".join(first.split())
    return joined if len(joined) <= _MOST_SUMMARY_CHARACTERS else joined[: _MOST_SUMMARY_CHARACTERS - 3] + "..."


def _tree(tools: Sequence[Tool]) -> dict[str, Any]:
    """The tools by the parts of their names; namespaces behind what stands beside them."""
    tree: dict[str, Any] = {}
    for tool in tools:
        *path, last = tool.name.split(".")
        node = tree
        for part in path:
            node = node.setdefault(part, {})
        node[last] = tool
    return tree


def _functions(tree: Mapping[str, Any], types: ObjectTypes, detail: Detail) -> list[str]:
    functions = [_function(name, node, types, detail) for name, node in tree.items() if isinstance(node, Tool)]
    for name, node in tree.items():
        if isinstance(node, Tool):
            continue
        inner = [
            item if item.startswith("class ") else f"@staticmethod\n{item}" for item in _functions(node, types, detail)
        ]
        between = "\n\n" if detail == "full" else "\n"
        functions.append(f"class {name}:\n{textwrap.indent(between.join(inner), '    ')}")
    return functions


def _function(name: str, tool: Tool, types: ObjectTypes, detail: Detail) -> str:
    head = f"async def {name}({_parameters(tool, types)}) -> {_returned(tool, types)}:"
    if detail == "signatures":
        said = summary(tool.description)
        return f"{head} ...  # {one_line(said)}" if said else f"{head} ..."
    docstring = _docstring(tool)
    return f"{head}\n{textwrap.indent(docstring, '    ')}" if docstring else f"{head} ..."


def _parameters(tool: Tool, types: ObjectTypes) -> str:
    """The parameters, in the order of the schema, which is the order of positional arguments.

    A required parameter behind an optional one can be given by name only, as in Python. Where a parameter's name is
    no Python name, all arguments are one dict.
    """
    schema = tool.schema
    properties = _properties(schema)
    prefix = camel_case(tool.name)
    if not all(is_name(name) for name in properties):
        written = types.annotation({**schema, "type": "object", "title": ""}, schema, name=f"{prefix}Arguments")
        return f"arguments: {written}" + ("" if schema.get("required") else " = ...")
    required = set(schema.get("required") or ())
    parts: list[str] = []
    seen_optional = False
    for name, parameter in properties.items():
        written = types.annotation(parameter, schema, name=prefix + camel_case(name))
        if name in required:
            if seen_optional and "*" not in parts:
                parts.append("*")
            parts.append(f"{name}: {written}")
        else:
            seen_optional = True
            parts.append(f"{name}: {written} = {_default(parameter, schema)}")
    if is_open(schema):
        parts.append(f"**{'others' if 'others' not in properties else 'others_'}: {types.word('Any')}")
    return ", ".join(parts)


def _properties(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    found = schema.get("properties")
    return found if isinstance(found, Mapping) else {}


def _default(parameter: object, root: Mapping[str, Any]) -> str:
    """The default, where it is short and fits its type; foreign schemas have others."""
    if not isinstance(parameter, Mapping) or "default" not in parameter:
        return "..."
    default = parameter["default"]
    if isinstance(default, (dict, list)) and default:
        return "..."
    written = literal(default)
    if len(written) > _MOST_DEFAULT_CHARACTERS or mismatch(default, parameter, root) is not None:
        return "..."
    return written


def _returned(tool: Tool, types: ObjectTypes) -> str:
    if tool.returns is None:
        return types.word("Any")
    return types.annotation(tool.returns, tool.returns, name=f"{camel_case(tool.name)}Result")


def _docstring(tool: Tool) -> str:
    parts = [inert(tool.description.strip())] if tool.description.strip() else []
    described = {name: description_of(item) for name, item in _properties(tool.schema).items()}
    if all(map(is_name, described)):  # else they stand in the type of the arguments
        notes = [f"{name}: {one_line(text)}" for name, text in described.items() if text]
        parts += ["\n".join(notes)] if notes else []
    text = "\n\n".join(parts)
    if not text:
        return ""
    return f'"""{text}\n"""' if "\n" in text else f'"""{text}"""'
