"""Every scenario, through the public interface: script and tools in, outcome and events out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from harness import Harness, Outcome
from harness.events import Event, Progress, RunFinished
from tests.corpus.scenarios import Scenario, Stage, read_scenarios

SCENARIOS = read_scenarios()


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


def _seen(outcome: Outcome, events: Sequence[Event], stage: Stage) -> dict[str, Callable[[], Any]]:
    """What `expected.json` may name, and how it is read."""
    error = outcome.error
    return {
        "value": lambda: outcome.value,
        "printed": lambda: outcome.logs,
        "error": lambda: error and {"code": error.code, "message": error.message, "hint": error.hint},
        "error_code": lambda: error and error.code,
        "error_line": lambda: error and error.location and error.location.line,
        "error_excerpt": lambda: error and error.location and error.location.excerpt,
        "error_details": lambda: error and error.details,
        "retryable": lambda: error and error.retryable,
        "diagnostics": lambda: [[item.line, item.column, item.code] for item in outcome.diagnostics],
        "hints": lambda: [item.hint for item in outcome.diagnostics],
        "calls": lambda: [[call.tool, dict(call.arguments), call.status] for call in outcome.calls],
        "call_errors": lambda: [call.error.code for call in outcome.calls if call.error],
        "lines": lambda: [call.line for call in outcome.calls],
        "pending": lambda: list(outcome.pending),
        "not_awaited": lambda: list(outcome.not_awaited),
        "planned_tools": lambda: list(outcome.plan.tools) if outcome.plan else None,
        "progress": lambda: [event.message for event in events if isinstance(event, Progress)],
        "at_once": lambda: stage.at_once,
        "steps": lambda: outcome.usage.steps,
    }


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
async def test_a_scenario_ends_as_it_says(scenario: Scenario) -> None:
    stage = Stage(scenario.tools)
    async with Harness(stage.tools, limits=scenario.limits or None) as harness:
        events = [event async for event in harness.stream(scenario.script, context=scenario.context or None)]
    finished = events[-1]
    assert isinstance(finished, RunFinished)
    seen = _seen(finished.outcome, events, stage)
    assert {name: seen[name]() for name in scenario.expected} == dict(scenario.expected)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_scenario_says_how_it_ends(scenario: Scenario) -> None:
    assert scenario.expected
    assert scenario.expected.keys() & {"value", "error", "error_code", "diagnostics"}
