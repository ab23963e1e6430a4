"""How much progress is passed on."""

from __future__ import annotations

import time

import pytest

from harness.event_source import EventSource
from harness.events import Event, Progress


def test_so_many_events_of_progress_are_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Event] = []
    clock = iter(range(100))
    monkeypatch.setattr(time, "monotonic", lambda: float(next(clock)))
    source = EventSource("run", receive=heard.append, progress_events=50)
    for number in range(60):
        source.progress(str(number))
    assert [event.message for event in heard if isinstance(event, Progress)] == [str(number) for number in range(50)]


def test_progress_that_comes_too_soon_is_dropped_for_each_call_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Event] = []
    moments = iter((1.0, 1.4, 1.4, 1.5, 1.8))
    monkeypatch.setattr(time, "monotonic", lambda: next(moments))
    source = EventSource("run", receive=heard.append)
    for call_id in (None, None, "c1", None, "c1"):
        source.progress("x", call_id)
    assert [event.call_id for event in heard if isinstance(event, Progress)] == [None, "c1", None]


def test_a_long_message_of_a_tool_is_cut() -> None:
    heard: list[Event] = []
    EventSource("run", receive=heard.append).progress("x" * 5_000, "c1")
    assert [event.message for event in heard if isinstance(event, Progress)] == ["x" * 2_000]
