"""The tools that the MCP server offers: how they are declared, and how arguments of their calls are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import mcp_types as types

from harness.approvals.answers import WORDS
from harness.errors import CallError

MOST_WAIT_S: Final = 50.0
"""Seconds that `resume_run` may be told to wait for answers."""


def offered_tools(told: str, *, client_decides: bool) -> list[types.Tool]:
    """Declare the tools.

    Args:
        told: What the model must know of language and tools; it describes the first one.
        client_decides: `resume_run` takes decisions.
    """
    script = {"type": "string", "description": "The body of an async function in the script language."}
    run_id = {"type": "string", "description": "From the result that said approval_required."}
    wait_s = {"type": "number", "minimum": 0, "maximum": MOST_WAIT_S, "description": "Seconds to wait for answers."}
    resumed: dict[str, Any] = {"run_id": run_id, "wait_s": wait_s}
    if client_decides:
        resumed["decisions"] = {
            "type": "object",
            "description": "By question id: a word, or {decision, reason}.",
            "additionalProperties": {"anyOf": [{"type": "string", "enum": list(WORDS)}, {"type": "object"}]},
        }
    reads = types.ToolAnnotations(read_only_hint=True, open_world_hint=False)
    acts = types.ToolAnnotations(read_only_hint=False, destructive_hint=client_decides)
    return [
        _tool("run_script", told, {"script": script}, ["script"], acts),
        _tool(
            "check_script",
            "Check a script without running it; returns every problem.",
            {"script": script},
            ["script"],
            reads,
        ),
        _tool(
            "search_tools",
            "Find tools that scripts can call, by words about what they do.",
            {"query": {"type": "string"}, "limit": {"type": "integer", "minimum": 1, "maximum": 50, "default": 10}},
            ["query"],
            reads,
        ),
        _tool(
            "describe_tools",
            "Return the declarations of tools that scripts can call.",
            {"names": {"type": "array", "items": {"type": "string"}}},
            ["names"],
            reads,
        ),
        _tool("resume_run", "Go on with a script that waits for an approval.", resumed, ["run_id"], acts),
    ]


def _tool(
    name: str, description: str, properties: Mapping[str, Any], required: Sequence[str], hints: types.ToolAnnotations
) -> types.Tool:
    schema = {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }
    return types.Tool(name=name, description=description, input_schema=schema, annotations=hints)


def text_of(params: types.CallToolRequestParams, name: str) -> str:
    """Return an argument that is text.

    Raises:
        CallError: `tool.invalid_arguments`.
    """
    value = (params.arguments or {}).get(name)
    if not isinstance(value, str):
        raise invalid(name, "text")
    return value


def number_of(params: types.CallToolRequestParams, name: str, *, most: float, default: float = 0.0) -> float:
    """Return an argument that is a number from 0 to `most`.

    Raises:
        CallError: `tool.invalid_arguments`.
    """
    value = (params.arguments or {}).get(name, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= most:
        raise invalid(name, f"a number from 0 to {most:g}")
    return float(value)


def invalid(name: str, wanted: str) -> CallError:
    """The error of an argument that is something else than what is wanted."""
    return CallError("tool.invalid_arguments", f"{name} must be {wanted}", hint=f"send {name} as {wanted}")
