"""The fields of a form, typed one by one: what each takes, and the value of a typed line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from harness.tools.json_schema import filled_in, has_open_fields

_YES_NO = {"y": True, "yes": True, "true": True, "n": False, "no": False, "false": False}
_KINDS = {"string": "text", "integer": "whole number", "number": "number", "boolean": "y or n"}
_MOST_NAME = 60


def can_be_typed(form: Mapping[str, object]) -> bool:
    """Say whether every field that must be filled in takes what fits on a line: text, a number, yes or no, a choice."""
    if not has_open_fields(form):
        return True
    fields = _fields(form)
    required = form["required"]
    assert isinstance(required, (list, tuple))
    return all(name in fields and ("default" in fields[name] or _kind(fields[name]) is not None) for name in required)


def typed_fields(form: Mapping[str, object]) -> dict[str, str]:
    """Return a prompt for each field that can be typed, by name. Of what a server wrote, only the name is in it."""
    prompts = {}
    for name, field in _fields(form).items():
        kind = _kind(field)
        if kind is not None:
            shown = name if name.isidentifier() else json.dumps(name)
            prompts[name] = f"{shown[:_MOST_NAME]} [{kind}{_without(form, name, field)}]: "
    return prompts


def read_field(form: Mapping[str, object], name: str, line: str) -> dict[str, object]:
    """Read the line that was typed for a field.

    Returns:
        The field with its value; nothing for an empty line where the field may be left out or has a default.

    Raises:
        ValueError: it is no such value; the message says what is wrong.
    """
    field, text = _fields(form)[name], line.strip()
    if not text and (not _is_required(form, name) or field.get("default") is not None):
        return {}
    value = _value(field, text)
    filled_in({"properties": {name: field}}, {name: value})
    return {name: value}


def _fields(form: Mapping[str, object]) -> dict[str, Mapping[str, Any]]:
    properties = form.get("properties")
    if not isinstance(properties, Mapping):
        return {}
    return {str(name): field for name, field in properties.items() if isinstance(field, Mapping)}


def _is_required(form: Mapping[str, object], name: str) -> bool:
    required = form.get("required")
    return isinstance(required, (list, tuple)) and name in required


def _without(form: Mapping[str, object], name: str, field: Mapping[str, Any]) -> str:
    if field.get("default") is not None:
        return "; Enter for its default"
    return "" if _is_required(form, name) else "; Enter to leave it out"


def _kind(field: Mapping[str, Any]) -> str | None:
    """Say in a word what the field takes; None for what no line can hold."""
    if field.get("type") == "array":
        items = field.get("items")
        return "some of its choices, with commas" if isinstance(items, Mapping) and _choices(items) else None
    if _choices(field):
        return "one of its choices"
    return _KINDS.get(str(field.get("type")))


def _choices(field: Mapping[str, Any]) -> list[str]:
    """The texts to choose from: `enum`, or `const` of alternatives, as MCP writes choices that have titles."""
    listed = field.get("enum")
    if not isinstance(listed, list):
        alternatives = field.get("oneOf") or field.get("anyOf")
        known = alternatives if isinstance(alternatives, list) else []
        listed = [item.get("const") for item in known if isinstance(item, Mapping)]
    return [item for item in listed if isinstance(item, str)]


def _value(field: Mapping[str, Any], text: str) -> object:
    kind = field.get("type")
    if kind == "array":
        return [item.strip() for item in text.split(",") if item.strip()]
    if kind == "boolean":
        if text.lower() not in _YES_NO:
            raise ValueError("answer y or n")
        return _YES_NO[text.lower()]
    if kind in ("integer", "number"):
        try:
            return int(text) if kind == "integer" else float(text)
        except ValueError:
            raise ValueError(f"it is no {_KINDS[kind]}") from None
    return text
