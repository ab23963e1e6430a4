"""Every patch below `tests/data/patches`: the files before, the patch, the files after, and what the tool said.

NNN_slug/before/        the workspace; none is an empty one
         patch.txt      the argument
         arguments.json other arguments, if there are any
         after/         the workspace then; none if nothing changed
         result.json    what was returned, or
         error.json     the code, and the message by lines
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from harness.errors import HarnessError
from harness.tools.binding import ToolContext
from harness.tools.builtin.writing import writing_tools
from policy.grants import Grants

SCENARIOS: Final = sorted((Path(__file__).parents[1] / "data/patches").iterdir())


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def fill(folder: Path, content: dict[str, bytes]) -> None:
    for name, data in content.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def expected(scenario: Path) -> tuple[str, Any]:
    """Return "result" or "error", and what it is."""
    name = "result" if (scenario / "result.json").exists() else "error"
    return name, json.loads((scenario / f"{name}.json").read_text(encoding="utf-8"))


async def said(workspace: Path, arguments: dict[str, object]) -> tuple[str, Any]:
    tool = writing_tools(workspace)[0]
    grants = Grants(writable=(str(workspace),))
    try:
        validated = tool.validated(arguments)
        await tool.effect_of(validated, grants)  # type: ignore[misc]  # it is async here
        result: Any = await tool.invoke(validated, lambda: ToolContext(call_id="1", grants=grants))
    except HarnessError as error:
        return "error", {"code": error.code, "message": error.message.split("\n")}
    assert_counts_are_those_of_the_diff(result)
    return "result", {"changes": result["changes"]}


def assert_counts_are_those_of_the_diff(result: Any) -> None:
    lines = [line for line in result["diff"].split("\n") if not line.startswith(("--- ", "+++ "))]
    for sign, name in (("+", "added"), ("-", "removed")):
        assert sum(line.startswith(sign) for line in lines) == sum(change[name] for change in result["changes"])


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda path: path.name)
async def test_a_patch_ends_as_it_says(scenario: Path, tmp_path: Path) -> None:
    before = files(scenario / "before")
    fill(tmp_path, before)
    optional = scenario / "arguments.json"
    arguments = json.loads(optional.read_text(encoding="utf-8")) if optional.exists() else {}
    patch = (scenario / "patch.txt").read_bytes().decode()
    outcome = await said(tmp_path, {"patch": patch, **arguments})
    assert outcome == expected(scenario)
    assert files(tmp_path) == (files(scenario / "after") if (scenario / "after").exists() else before)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda path: path.name)
def test_a_scenario_is_complete(scenario: Path) -> None:
    kind, _ = expected(scenario)
    arguments = scenario / "arguments.json"
    assert kind == "error" or (scenario / "after").exists()
    assert kind == "result" or arguments.exists() or not (scenario / "after").exists()
