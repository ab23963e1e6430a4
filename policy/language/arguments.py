"""How the arguments of a tool call become one object, and how a value fails its JSON Schema.

The check binds syntax nodes and the worker binds values with the same function, so both read a call alike. Only what a
literal can get wrong is looked at here (type, enum, const, items, properties); the host validates everything again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from policy.language.literals import Unknown, is_complete, json_kind

Schema = Mapping[str, object]
T = TypeVar("T")

_MAX_SCHEMA_DEPTH: Final = 32
_ARTICLES: Final = {"integer": "an integer", "array": "a list", "object": "an object", "null": "null"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a call.

    Attributes:
        kind: "unknown", "missing", "twice" or "too_many" arguments, or a "wrong_value" in one.
        parameter: The parameter or argument, as a path (`edits[0].old`); empty where none is at fault.
        message: What is wrong, without the tool's name in front.
    """

    kind: str
    parameter: str
    message: str


@dataclass(frozen=True, slots=True)
class Bound(Generic[T]):
    """The arguments by parameter name, and the faults that are known already."""

    arguments: dict[str, T]
    faults: tuple[Fault, ...]


def properties_of(parameters: Schema) -> Mapping[str, Schema]:
    """The parameters of a tool, in the order in which positional arguments fill them."""
    found = parameters.get("properties")
    return found if isinstance(found, Mapping) else {}


def required_of(parameters: Schema) -> tuple[str, ...]:
    """The parameters that a call must give."""
    found = parameters.get("required")
    return tuple(str(name) for name in found) if isinstance(found, Sequence) and not isinstance(found, str) else ()


def is_open(parameters: Schema) -> bool:
    """Whether a tool takes arguments beyond its properties: it says so, or names no properties and does not say no."""
    additional = parameters.get("additionalProperties", "properties" not in parameters)
    return additional is True or isinstance(additional, Mapping) or "patternProperties" in parameters


def is_argument_object(parameters: Schema, keys: Sequence[object]) -> bool:
    """Whether one dict, given alone, holds the arguments (as the JavaScript harness passes them) or is the first one.

    It holds the arguments, unless the first parameter takes an object and a key of the dict names no parameter.
    """
    properties = properties_of(parameters)
    if all(key in properties for key in keys) or not properties:
        return True
    first = next(iter(properties.values()))
    return mismatch({}, first, parameters) is not None


def bind(parameters: Schema, positional: Sequence[T], keywords: Mapping[str, T], *, complete: bool = True) -> Bound[T]:
    """Give every argument its parameter's name.

    Args:
        parameters: JSON Schema object of the tool.
        positional: Arguments without a name, one dict excepted (`is_argument_object`).
        keywords: Arguments with a name.
        complete: False if the call may pass more than is known (`*args`, `**kwargs`).
    """
    properties = properties_of(parameters)
    faults: list[Fault] = []
    if len(positional) > len(properties):
        message = f"takes at most {len(properties)} arguments, got {len(positional)}"
        faults.append(Fault("too_many", "", message))
    arguments = dict(zip(properties, positional, strict=False))
    for name, value in keywords.items():
        if name in arguments:
            faults.append(Fault("twice", name, f"got the argument {name} twice"))
        elif name not in properties and not is_open(parameters):
            faults.append(Fault("unknown", name, f"has no parameter {name}"))
        else:
            arguments[name] = value
    if complete:
        missing = [name for name in required_of(parameters) if name not in arguments and name not in keywords]
        faults.extend(Fault("missing", name, f"needs the argument {name}") for name in missing)
    return Bound(arguments, tuple(faults))


def bind_values(parameters: Schema, positional: Sequence[object], keywords: Mapping[str, object]) -> Bound[object]:
    """Bind the values of a call that runs: by name, by position, or one dict that holds them all.

    Args:
        parameters: JSON Schema object of the tool.
        positional: Arguments without a name.
        keywords: Arguments with a name.
    """
    if len(positional) == 1 and not keywords:
        alone = positional[0]
        if isinstance(alone, dict) and is_argument_object(parameters, list(alone)):
            return bind(parameters, (), {str(key): value for key, value in alone.items()})
    return bind(parameters, positional, keywords)


def mismatch(value: object, schema: object, root: Schema, path: str = "", depth: int = 0) -> Fault | None:
    """What a literal gets wrong, or None. Parts that are not literal are taken to be right.

    Args:
        value: A literal as `literals.read_literal` gives it.
        schema: The schema of the value.
        root: The schema that holds `$defs`.
        path: Where the value stands in the arguments.
        depth: Schemas passed on the way.
    """
    if not isinstance(schema, Mapping) or depth > _MAX_SCHEMA_DEPTH or value is Unknown.ANYTHING:
        return None
    reference = schema.get("$ref")
    if isinstance(reference, str):
        return mismatch(value, _referenced(reference, root), root, path, depth + 1)
    for keyword in ("anyOf", "oneOf"):
        fault = _none_of(value, schema.get(keyword), root, path, depth)
        if fault is not None:
            return fault
    for each in _schemas(schema.get("allOf")):
        fault = mismatch(value, each, root, path, depth + 1)
        if fault is not None:
            return fault
    return (
        _wrong_type(value, schema, path)
        or _wrong_choice(value, schema, path)
        or _inside(value, schema, root, path, depth)
    )


def _referenced(reference: str, root: Schema) -> object:
    """A schema inside the root (`#/$defs/Edit`), or None, which accepts everything."""
    if not reference.startswith("#/"):
        return None
    found: object = root
    for part in reference[2:].split("/"):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _schemas(value: object) -> Sequence[object]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def _none_of(value: object, choices: object, root: Schema, path: str, depth: int) -> Fault | None:
    """The fault when no alternative fits: that of the only one of the right type, or one that names them all."""
    faults = [mismatch(value, each, root, path, depth + 1) for each in _schemas(choices)]
    found = [fault for fault in faults if fault is not None]
    if len(found) < len(faults) or not found:
        return None
    inner = [fault for fault in found if fault.kind != "wrong_value" or fault.parameter != path]
    if len(inner) == 1:
        return inner[0]
    wanted = " or ".join(dict.fromkeys(_wanted(each, root) for each in _schemas(choices)))
    return Fault("wrong_value", path, f"{path} must be {wanted}, not {_article(json_kind(value))}")


def _wanted(schema: object, root: Schema) -> str:
    if isinstance(schema, Mapping):
        reference = schema.get("$ref")
        if isinstance(reference, str):
            return _wanted(_referenced(reference, root), root)
        types = _types(schema)
        if types:
            return " or ".join(_article(each) for each in types)
    return "something else"


def _types(schema: Schema) -> tuple[str, ...]:
    types = schema.get("type")
    if isinstance(types, str):
        return (types,)
    return tuple(each for each in types if isinstance(each, str)) if isinstance(types, Sequence) else ()


def _article(kind: str) -> str:
    return _ARTICLES.get(kind, f"a {kind}")


def _wrong_type(value: object, schema: Schema, path: str) -> Fault | None:
    types = _types(schema)
    if not types:
        return None
    kind = json_kind(value)
    fits = {kind, "number"} if kind == "integer" else {kind}
    if isinstance(value, float) and value.is_integer():
        fits.add("integer")
    if fits & set(types):
        return None
    wanted = " or ".join(_article(each) for each in types)
    return Fault("wrong_value", path, f"{path} must be {wanted}, not {_article(kind)}")


def _wrong_choice(value: object, schema: Schema, path: str) -> Fault | None:
    choices = [schema["const"]] if "const" in schema else schema.get("enum")
    if not isinstance(choices, Sequence) or not is_complete(value):
        return None
    if any(type(value) is type(choice) and value == choice for choice in choices):
        return None
    if isinstance(value, (int, float)) and any(value == choice for choice in choices):
        return None
    shown = ", ".join(repr(choice) for choice in list(choices)[:8])
    return Fault("wrong_value", path, f"{path} must be one of {shown}")


def _inside(value: object, schema: Schema, root: Schema, path: str, depth: int) -> Fault | None:
    """The first fault in the items of a list or the properties of an object."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            fault = mismatch(item, schema.get("items"), root, f"{path}[{index}]", depth + 1)
            if fault is not None:
                return fault
    if isinstance(value, dict):
        return _inside_object(value, schema, root, path, depth)
    return None


def _inside_object(value: dict[object, object], schema: Schema, root: Schema, path: str, depth: int) -> Fault | None:
    properties = properties_of(schema)
    for name, item in value.items():
        place = f"{path}.{name}" if path else str(name)
        if name not in properties and schema.get("additionalProperties") is False:
            return Fault("wrong_value", place, f"{path} has no property {name}")
        fault = mismatch(item, properties.get(str(name)), root, place, depth + 1)
        if fault is not None:
            return fault
    missing = [name for name in required_of(schema) if name not in value]
    return Fault("wrong_value", path, f"{path} needs the property {missing[0]}") if missing else None
