"""Scenarios: a script, the tools it may call, and what must come of it, as files in one folder.

`tools.json` maps a tool's name to its parameters (`"integer"`, or `"integer?"` where it may be left out) and its answers. The
first answer whose `when` agrees with the arguments is given: a `result`, or an `error` with its `code`, after `delay_s`.
`settings.toml` may set `[limits]` and `[context]`. `expected.json` holds what is looked at; what it does not name may be
anything.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio

from harness import Tool
from harness.errors import CallError
from tests.corpus.snippets import SCENARIOS


@dataclass(frozen=True, slots=True)
class Scenario:
    """One folder, read.

    Attributes:
        name: The folder's name.
        script: Text of `script.py`.
        tools: Content of `tools.json`.
        limits: Table `[limits]` of `settings.toml`.
        context: Table `[context]` of `settings.toml`.
        expected: Content of `expected.json`.
    """

    name: str
    script: str
    tools: Mapping[str, Any] = field(default_factory=dict)
    limits: Mapping[str, Any] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)
    expected: Mapping[str, Any] = field(default_factory=dict)


def read_scenarios() -> list[Scenario]:
    """Every folder that begins with a number, in order."""
    return [_read(folder) for folder in sorted(SCENARIOS.glob("[0-9][0-9][0-9]_*"))]


def _read(folder: Path) -> Scenario:
    def data(name: str) -> Any:
        path = folder / name
        if not path.exists():
            return {}
        text = path.read_text(encoding="utf-8")
        return tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)

    settings = data("settings.toml")
    return Scenario(
        name=folder.name,
        script=(folder / "script.py").read_text(encoding="utf-8"),
        tools=data("tools.json"),
        limits=settings.get("limits", {}),
        context=settings.get("context", {}),
        expected=data("expected.json"),
    )


class Stage:
    """The tools of one scenario, and how many of their calls ran at once.

    Attributes:
        tools: To be given to the harness.
        at_once: The largest number of calls that were under way together.
    """

    def __init__(self, tools: Mapping[str, Any]) -> None:
        self.tools = [self._tool(name, described) for name, described in tools.items()]
        self.at_once = 0
        self._running = 0

    def _tool(self, name: str, described: Mapping[str, Any]) -> Tool:
        async def handler(arguments: dict[str, object]) -> object:
            self._running += 1
            self.at_once = max(self.at_once, self._running)
            try:
                return await _answer(described["answers"], arguments)
            finally:
                self._running -= 1

        return Tool(
            name=name,
            description=described.get("description", ""),
            parameters=_schema(described.get("parameters", {})),
            handler=handler,
        )


async def _answer(answers: list[dict[str, Any]], arguments: Mapping[str, object]) -> object:
    for answer in answers:
        if all(arguments.get(name) == value for name, value in answer.get("when", {}).items()):
            await anyio.sleep(answer.get("delay_s", 0))
            if "error" in answer:
                raise CallError(answer.get("code", "tool.failed"), answer["error"], details=answer.get("details"))
            return answer["result"]
    raise CallError("tool.failed", f"the scenario has no answer to {dict(arguments)}")


def _schema(parameters: Mapping[str, str]) -> dict[str, object]:
    """The JSON Schema of the arguments, from `{name: type}`."""
    return {
        "type": "object",
        "properties": {name: {"type": kind.rstrip("?")} for name, kind in parameters.items()},
        "required": [name for name, kind in parameters.items() if not kind.endswith("?")],
        "additionalProperties": False,
    }
