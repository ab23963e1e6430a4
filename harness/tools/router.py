"""Structured calls: a name and JSON arguments from a provider, made a call of the one pipeline."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic_core import from_json

from harness.errors import CallError
from harness.tools.call import Call


def route(name: str, payload: object, *, call_id: str) -> Call:
    """Make a call of what a model sent.

    Args:
        name: The tool's name as it was sent; whether there is such a tool, the pipeline says.
        payload: A mapping, or JSON text of an object. Empty text and None mean no arguments.
        call_id: Names the call.

    Raises:
        CallError: `tool.malformed_call`, the text is no JSON; `tool.wrong_payload`, it is no object.
    """
    arguments = _read(name, payload)
    if not isinstance(arguments, Mapping):
        raise CallError(
            "tool.wrong_payload",
            f"the arguments of tools.{name} are {_kind(arguments)}, not an object",
            hint='send one JSON object with a member for each parameter, such as {"path": "README.md"}',
        )
    return Call(id=call_id, tool=name, arguments=arguments)


def _read(name: str, payload: object) -> object:
    if payload is None:
        return {}
    if not isinstance(payload, (str, bytes)):
        return payload
    if not payload.strip():
        return {}
    try:
        parsed: object = from_json(payload, allow_inf_nan=False)
    except ValueError as error:
        raise CallError(
            "tool.malformed_call",
            f"the arguments of tools.{name} are no JSON: {error}",
            hint="send one JSON object, complete and without a comment or a trailing comma",
        ) from None
    return parsed


def _kind(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return "a list"
    if value is None:
        return "null"
    return {bool: "true or false", int: "a number", float: "a number", str: "text"}.get(
        type(value), type(value).__name__
    )
