"""JSON Schemas as Python annotations, and the declarations of the object types that these name.

What is declared is text for a model and for a type checker: a stub file made of it is accepted by mypy
(`tests/unit/harness/tools/test_stubs.py`). Schemas may be foreign, so nothing in them ends a string, a comment, the
fence or the tag that the text stands in (`inert`), and references may be circular.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from keyword import iskeyword
from typing import Any, Final, TypeAlias

from harness.visible_text import unmistakable

Schema: TypeAlias = Mapping[str, Any]

_SIMPLE: Final = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_BUILTINS: Final = ("bool", "dict", "float", "int", "list", "str")
_TYPING: Final = ("Any", "Literal", "NotRequired", "TypedDict")
_MAX_DEPTH: Final = 12
_MOST_CHOICES: Final = 60
_MOST_COMMENT_CHARACTERS: Final = 400

_MARKUP: Final = r"`{3,}|<(?=/|\||!|\s*tool)"
_IN_TEXT: Final = re.compile(_MARKUP + r'|"{2,}|"\Z', re.IGNORECASE)
_IN_LITERAL: Final = re.compile(_MARKUP, re.IGNORECASE)


def inert(text: str) -> str:
    """Return text as it may stand inside a triple-quoted string, with the same value, or in a comment.

    Spelled with escapes are: what ends the string, what ends a fence, what looks like a tag of a prompt, and every
    character that cannot be seen.
    """
    lines = text.replace("\\", "\\\\").expandtabs(4).splitlines() or [""]
    return _IN_TEXT.sub(_escaped, "\n".join(map(unmistakable, lines)))


def one_line(text: str) -> str:
    """Return text as it may stand in a comment: white space is one blank, and what is too long is cut."""
    joined = " ".join(text.split())
    if len(joined) > _MOST_COMMENT_CHARACTERS:
        joined = joined[: _MOST_COMMENT_CHARACTERS - 3] + "..."
    return inert(joined)


def literal(value: object) -> str:
    """Return plain data as a Python expression."""
    return _IN_LITERAL.sub(_escaped, repr(value))


def camel_case(name: str) -> str:
    """`git.read_file` -> `GitReadFile`: a name for a class, made of any text."""
    words = re.findall(r"[^\W_]+", name)
    joined = "".join(word[0].upper() + word[1:] for word in words)
    return joined if joined.isidentifier() and not iskeyword(joined) else f"T{joined}"  # None, True, False


def is_name(text: str) -> bool:
    """Whether an argument or a field of this name can be written as a name."""
    return text.isidentifier() and not iskeyword(text) and not text.startswith("__")


def _escaped(found: re.Match[str]) -> str:
    text = found.group()
    return '\\"' * len(text) if text[0] == '"' else "".join(f"\\x{ord(character):02x}" for character in text)


class ObjectTypes:
    """Writes annotations, and collects a `TypedDict` for every object schema with properties that they meet.

    Args:
        taken: Names that stand in the same text: tools and their namespaces. A type that is called like one of them
            is written as `_builtins.list`.
        described: Descriptions of fields become comments.
    """

    def __init__(self, taken: Iterable[str] = (), *, described: bool = True) -> None:
        self._taken = set(taken)
        self._described = described
        self._shadowed = self._taken & {*_BUILTINS, *_TYPING}
        self._taken |= {*_BUILTINS, *_TYPING}
        self._names: dict[tuple[str, str], str] = {}
        self._declared: dict[str, str] = {}
        self._used: set[str] = set()

    def annotation(self, schema: object, root: Schema, *, name: str) -> str:
        """Return a schema as a Python annotation; what has no short form is `Any`.

        Args:
            schema: The schema; anything else stands for any value.
            root: The schema that its references lead into.
            name: What an object type is called that has no name of its own.
        """
        return self._of(schema, root, name, ())

    def declarations(self) -> list[str]:
        """Return a `TypedDict` for every object type, in the order in which they were met."""
        return list(self._declared.values())

    def imports(self) -> list[str]:
        """Return the import statements that annotations and declarations need."""
        from_typing = sorted(self._used & set(_TYPING) - self._shadowed)
        lines = ["import builtins as _builtins"] if self._used & self._shadowed & set(_BUILTINS) else []
        lines += ["import typing as _typing"] if self._used & self._shadowed & set(_TYPING) else []
        return lines + ([f"from typing import {', '.join(from_typing)}"] if from_typing else [])

    def word(self, name: str) -> str:
        """Return the name of a builtin type or a name of `typing` so that it means what it says."""
        self._used.add(name)
        if name not in self._shadowed:
            return name
        return f"_builtins.{name}" if name in _BUILTINS else f"_typing.{name}"

    def _of(self, schema: object, root: Schema, name: str, path: tuple[str, ...]) -> str:
        if not isinstance(schema, Mapping) or len(path) > _MAX_DEPTH:
            return self.word("Any")
        if "$ref" in schema:
            return self._referred(str(schema["$ref"]), root, path)
        if "const" in schema:
            return self._choice([schema["const"]], schema)
        if isinstance(schema.get("enum"), Sequence):
            return self._choice(schema["enum"], schema)
        for union in ("anyOf", "oneOf"):
            if isinstance(schema.get(union), Sequence):
                return self._union([self._of(item, root, name, (*path, union)) for item in schema[union]])
        if isinstance(schema.get("allOf"), Sequence):
            return self._of(_merged(schema, root), root, name, (*path, "allOf"))
        kind = schema.get("type")
        if isinstance(kind, Sequence) and not isinstance(kind, str):
            return self._union([self._of({**schema, "type": item}, root, name, (*path, "type")) for item in kind])
        if kind == "array":
            return self._array(schema, root, name, path)
        if kind == "object" or (kind is None and isinstance(schema.get("properties"), Mapping)):
            return self._object(schema, root, name, path)
        return self._simple(kind)

    def _simple(self, kind: object) -> str:
        known = _SIMPLE.get(str(kind), "Any")
        return known if known == "None" else self.word(known)

    def _referred(self, reference: str, root: Schema, path: tuple[str, ...]) -> str:
        target = resolved(reference, root)
        name = camel_case(reference.rpartition("/")[2])
        if isinstance(target, Mapping) and target.get("properties") and "$ref" not in target:
            return self._declare(target, root, name)
        return self.word("Any") if reference in path else self._of(target, root, name, (*path, reference))

    def _choice(self, values: Sequence[object], schema: Schema) -> str:
        """`Literal[...]` of what can stand in one; else the types of the values."""
        plain = [value for value in values if isinstance(value, (str, int, bool)) or value is None]
        if values and len(plain) == len(values) <= _MOST_CHOICES:
            return f"{self.word('Literal')}[{', '.join(dict.fromkeys(literal(value) for value in values))}]"
        if "type" in schema:
            return self._of({"type": schema["type"]}, {}, "", ())
        kinds = [_kind(value) for value in values]
        return self._union([self._of({"type": kind}, {}, "", ()) for kind in kinds] or [self.word("Any")])

    def _union(self, members: Sequence[str]) -> str:
        found = list(dict.fromkeys(members))
        if not found or {"Any", "_typing.Any"} & set(found):
            return self.word("Any")
        return " | ".join(sorted(found, key=lambda each: each == "None"))

    def _array(self, schema: Schema, root: Schema, name: str, path: tuple[str, ...]) -> str:
        items: object = schema.get("items")
        if isinstance(schema.get("prefixItems"), Sequence):
            items = {"anyOf": [*schema["prefixItems"], *([items] if isinstance(items, Mapping) else [])]}
        return f"{self.word('list')}[{self._of(items, root, name + 'Item', (*path, 'items'))}]"

    def _object(self, schema: Schema, root: Schema, name: str, path: tuple[str, ...]) -> str:
        if schema.get("properties"):
            title = schema.get("title")
            own = isinstance(title, str) and title.isidentifier()
            return self._declare(schema, root, camel_case(str(title)) if own else name)
        values = schema.get("additionalProperties")
        inner = self._of(values, root, name + "Value", (*path, "values"))
        return f"{self.word('dict')}[{self.word('str')}, {inner}]"

    def _declare(self, schema: Schema, root: Schema, name: str) -> str:
        """Declare an object type, or find the one that says the same, and return its name."""
        text = json.dumps(schema, sort_keys=True, default=repr)
        definitions = [root.get("$defs"), root.get("definitions")] if '"$ref"' in text else []
        key = (text, json.dumps(definitions, sort_keys=True, default=repr))
        if key not in self._names:
            chosen = self._free(name)
            self._names[key] = chosen
            self._declared[chosen] = ""  # holds its place, and ends circles
            self._declared[chosen] = self._declaration(chosen, schema, root)
        return self._names[key]

    def _free(self, name: str) -> str:
        chosen, number = name, 1
        while chosen in self._taken:
            number += 1
            chosen = f"{name}{number}"
        self._taken.add(chosen)
        return chosen

    def _declaration(self, name: str, schema: Schema, root: Schema) -> str:
        required = set(schema.get("required") or ())
        fields: dict[str, str] = {}
        for field, inner in schema["properties"].items():
            written = self.annotation(inner, root, name=name.removesuffix("Result") + camel_case(field))
            fields[field] = written if field in required else f"{self.word('NotRequired')}[{written}]"
        notes = {field: self.note(inner) for field, inner in schema["properties"].items()}
        if all(is_name(field) and field not in (*_BUILTINS, *_TYPING) for field in fields):
            lines = [f"class {name}({self.word('TypedDict')}):"]
            lines += [f"    {field}: {written}{notes[field]}" for field, written in fields.items()]
            return "\n".join(lines)
        lines = [f'{name} = {self.word("TypedDict")}("{name}", {{']
        lines += [f"    {literal(field)}: {written},{notes[field]}" for field, written in fields.items()]
        return "\n".join([*lines, "})"])

    def note(self, schema: object) -> str:
        """Return what is to be known of a field as a comment behind it, or nothing."""
        text = description_of(schema) if self._described else ""
        return f"  # {one_line(text)}" if text else ""


def resolved(reference: str, root: Schema) -> object:
    """Return the schema that `#/$defs/Edit`, `#` or any other pointer into `root` leads to, or None."""
    found: object = root
    for step in reference.removeprefix("#").split("/")[1:]:
        step = step.replace("~1", "/").replace("~0", "~")
        if isinstance(found, Mapping):
            found = found.get(step)
        elif isinstance(found, Sequence) and not isinstance(found, str) and step.isdecimal():
            found = found[int(step)] if int(step) < len(found) else None
        else:
            return None
    return found if reference.startswith("#") else None


def description_of(schema: object) -> str:
    """Return what a schema says of a value: its description, and the range of a number."""
    if not isinstance(schema, Mapping):
        return ""
    description = schema.get("description")
    text = " ".join(description.split()) if isinstance(description, str) else ""
    bounds = _bounds(schema)
    return f"{text} ({bounds})" if text and bounds else text or bounds


def _bounds(schema: Schema) -> str:
    least, most = (schema.get(name) for name in ("minimum", "maximum"))
    if isinstance(least, (int, float)) and isinstance(most, (int, float)):
        return f"{least} to {most}"
    if isinstance(least, (int, float)):
        return f"at least {least}"
    return f"at most {most}" if isinstance(most, (int, float)) else ""


def _merged(schema: Schema, root: Schema) -> Schema:
    """Put the parts of an `allOf` together: what one of them says of type, properties and the rest holds."""
    merged: dict[str, Any] = {key: value for key, value in schema.items() if key != "allOf"}
    for part in schema["allOf"]:
        seen: set[str] = set()
        while isinstance(part, Mapping) and "$ref" in part and part["$ref"] not in seen:
            if len(schema["allOf"]) == 1 and "properties" not in schema:
                return part  # one name with words of its own beside it
            seen.add(part["$ref"])
            part = resolved(str(part["$ref"]), root)
        if not isinstance(part, Mapping):
            continue
        both = {name: {**(merged.get(name) or {}), **part[name]} for name in ("properties",) if name in part}
        required = [*(merged.get("required") or ()), *(part.get("required") or ())]
        merged = {**part, **merged, **both, **({"required": required} if required else {})}
    return merged


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    kinds = {str: "string", int: "integer", float: "number", list: "array", dict: "object", type(None): "null"}
    return kinds.get(type(value), "")
