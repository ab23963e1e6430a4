"""Programs made by hypothesis, run as plain CPython runs them and in the harness."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from hypothesis import given, note, settings

from harness import Harness, Outcome
from tests.corpus.async_programs import async_programs
from tests.corpus.observed import Observed
from tests.corpus.plain_python import PlainPython
from tests.corpus.programs import programs


class BothWays:
    """One harness and one reference interpreter, for code without an event loop."""

    def __init__(self, portal: BlockingPortal, harness: Harness, plain_python: PlainPython) -> None:
        self._portal = portal
        self._harness = harness
        self._plain_python = plain_python

    def run(self, source: str) -> tuple[Outcome, Observed]:
        return self._portal.call(self._harness.run, source), self._plain_python.run(source)


@pytest.fixture(scope="module")
def both_ways() -> Iterator[BothWays]:
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(Harness()) as harness,
        PlainPython() as plain_python,
    ):
        yield BothWays(portal, harness, plain_python)


@settings(max_examples=400, deadline=None)
@given(source=programs())
def test_an_accepted_program_gives_the_same_outcome_as_plain_python(both_ways: BothWays, source: str) -> None:
    """An accepted script gives the same outcome as plain CPython: value, output, exception and the lines it passed."""
    note(source)
    outcome, expected = both_ways.run(source)
    assert Observed.of(outcome) == expected


@settings(max_examples=150, deadline=None)
@given(source=async_programs())
def test_tasks_take_turns_in_the_same_order_as_in_plain_python(both_ways: BothWays, source: str) -> None:
    """Real asyncio semantics: locks, queues, events, groups and cancellation hand over in the same order."""
    note(source)
    outcome, expected = both_ways.run(source)
    assert Observed.of(outcome) == expected
