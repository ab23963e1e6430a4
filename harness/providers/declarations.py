"""What a request declares: `run_script`, and tools for structured calls."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias, get_args

from harness.errors import ConfigError
from harness.providers import adapter_of, run_script
from harness.tools.binding import Tool

Form: TypeAlias = Literal["script", "structured", "both"]

_LONGEST_DESCRIPTION = 1024
"""Of a function, with OpenAI."""


def declarations(provider: str, *, form: Form, tools: Iterable[Tool]) -> list[dict[str, object]]:
    """Return what `Harness.declarations` gives.

    Args:
        provider: Whose request it is for.
        form: What is declared.
        tools: The tools for structured calls.

    Raises:
        ConfigError: `config.invalid`, `provider` or `form` is unknown.
    """
    if form not in get_args(Form):
        raise ConfigError(
            "config.invalid", f"form cannot be {form!r}", hint="it is one of " + ", ".join(get_args(Form))
        )
    adapter = adapter_of(provider)
    declared: list[dict[str, object]] = []
    if form != "structured":
        declared.append(adapter.script_tool(run_script.NAME, run_script.DESCRIPTION, run_script.PARAMETERS))
    if form != "script":
        known = {tool.name: tool for tool in tools}
        for sent, name in run_script.sent_names(known).items():
            described = known[name].description[:_LONGEST_DESCRIPTION]
            schema = {"type": "object", "properties": {}, **known[name].schema}
            declared.append(adapter.declared_tool(sent, described, schema))
    return declared
