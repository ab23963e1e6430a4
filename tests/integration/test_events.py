"""The stream of a run's events under readers that are slow, and the events of structured calls."""

from __future__ import annotations

import logging
import tracemalloc
from collections.abc import AsyncIterator

import anyio
import pytest

from harness import Approve, CallbackApprover, Event, Harness, ToolContext, tool
from harness.event_backlog import MAX_JOINED, MAX_UNREAD_OUTPUT
from harness.events import CallFinished, CallRequested, OutputDelta, Progress, RunFinished

PIECE = "x" * 1000


@tool
async def flood(context: ToolContext, pieces: int, stream: str = "stdout") -> int:
    """Produce output without ever waiting."""
    for n in range(pieces):
        context.emit_delta(stream if stream != "both" else ("stdout", "stderr")[n % 2], PIECE)
    return pieces


@tool
async def trickle(context: ToolContext, text: str) -> None:
    """Produce output, a character after the other, and let others read it."""
    for character in text:
        context.emit_delta("stdout", character)
        await anyio.sleep(0.001)


@tool(approval="always")
async def send(context: ToolContext, to: str) -> str:
    """Send."""
    context.progress("half way")
    context.progress("too soon after it")
    context.emit_delta("stdout", "sent")
    return to


TOOLS = [flood, trickle, send]


@pytest.fixture
async def harness() -> AsyncIterator[Harness]:
    async with Harness(TOOLS, pool_size=1) as opened:
        yield opened


async def test_a_reader_that_sleeps_does_not_keep_the_run_waiting(harness: Harness) -> None:
    stream = harness.stream("return await tools.flood(pieces=5000)")
    first = await anext(stream)
    for _ in range(200):  # nothing is read meanwhile
        await anyio.sleep(0.05)
        if any(isinstance(event, RunFinished) for event in stream._events._events):
            break
    else:
        pytest.fail("the run waits for its reader")
    events = [first, *[event async for event in stream]]
    assert isinstance(events[-1], RunFinished)
    assert events[-1].outcome.value == 5000


async def test_output_that_nobody_reads_is_dropped_past_a_ceiling_and_counted(harness: Harness) -> None:
    tracemalloc.start()
    try:
        events = [event async for event in harness.stream("return await tools.flood(pieces=20000)")]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    text = sum(len(event.text) for event in events if isinstance(event, OutputDelta))
    finished = events[-1]
    assert isinstance(finished, RunFinished)
    assert 0.8 * MAX_UNREAD_OUTPUT < text <= MAX_UNREAD_OUTPUT
    assert finished.dropped_deltas == 20000 - text // 1000
    assert finished.to_wire()["dropped_deltas"] == finished.dropped_deltas
    assert peak < 4 * MAX_UNREAD_OUTPUT
    assert [event.seq for event in events] == list(range(len(events)))


async def test_the_next_output_of_a_call_says_how_much_of_it_was_left_out(harness: Harness) -> None:
    source = "import asyncio\nawait asyncio.gather(tools.flood(pieces=3000), tools.trickle(text='ab'))"
    events = [event async for event in harness.stream(source)]
    calls = {event.tool: event.call_id for event in events if isinstance(event, CallRequested)}
    told = [event for event in events if isinstance(event, OutputDelta) and event.dropped]
    finished = events[-1]
    assert isinstance(finished, RunFinished)
    assert finished.dropped_deltas > 1000
    assert {event.call_id for event in told} <= {calls["trickle"]}  # the flood has no output after what was dropped


def test_what_was_dropped_is_told_by_the_next_output_of_the_same_call() -> None:
    from harness.event_backlog import EventBacklog

    backlog = EventBacklog()

    def put(seq: int, call_id: str, text: str) -> None:
        backlog.add(OutputDelta(seq=seq, time=0.0, script_id="s", call_id=call_id, stream="stdout", text=text))

    put(0, "a", "x" * (MAX_UNREAD_OUTPUT - 2000))
    put(1, "a", PIECE * 3)
    put(2, "b", PIECE * 3)
    put(3, "a", PIECE * 3)
    first = backlog.take()
    put(4, "b", "1")
    put(5, "a", "2")
    put(6, "a", "3")
    rest = []
    while backlog:
        rest.append(backlog.take())
    assert first.seq == 0
    assert [(e.seq, e.call_id, e.text, e.dropped) for e in rest if isinstance(e, OutputDelta)] == [
        (1, "b", "1", 1),
        (2, "a", "23", 2),
    ]


async def test_unread_output_of_one_stream_is_joined_and_streams_stay_apart(harness: Harness) -> None:
    events = [event async for event in harness.stream("await tools.flood(pieces=40)")]
    sizes = [len(event.text) for event in events if isinstance(event, OutputDelta)]
    assert sum(sizes) == 40_000
    assert max(sizes) <= MAX_JOINED
    assert len(sizes) == 5
    events = [event async for event in harness.stream("await tools.flood(pieces=4, stream='both')")]
    streams = [event.stream for event in events if isinstance(event, OutputDelta)]
    assert streams == ["stdout", "stderr", "stdout", "stderr"]


async def test_a_reader_that_keeps_up_gets_output_as_it_comes(harness: Harness) -> None:
    events = [event async for event in harness.stream("await tools.trickle(text='abcdef')")]
    texts = [event.text for event in events if isinstance(event, OutputDelta)]
    assert "".join(texts) == "abcdef"
    assert len(texts) > 1


async def test_F10_a_structured_call_has_the_events_of_a_scripts_call() -> None:
    heard: list[Event] = []
    async with Harness(TOOLS, approver=CallbackApprover(lambda request: Approve()), on_event=heard.append) as harness:
        record = await harness.call("send", {"to": "ann"})
    assert [event.kind for event in heard] == [
        "call_requested",
        "approval_requested",
        "approval_resolved",
        "call_started",
        "progress",
        "output_delta",
        "call_finished",
    ]
    assert [event.seq for event in heard] == list(range(7))
    assert {event.script_id for event in heard} == {""}
    assert isinstance(heard[-1], CallFinished)
    assert heard[-1].call == record


async def test_F26_progress_of_a_structured_call_is_throttled() -> None:
    heard: list[Event] = []
    async with Harness(TOOLS, approver=CallbackApprover(lambda request: Approve()), on_event=heard.append) as harness:
        await harness.call("send", {"to": "ann"})
    assert [event.message for event in heard if isinstance(event, Progress)] == ["half way"]


@pytest.mark.parametrize(
    ("name", "arguments", "code"),
    [("send", "{", "tool.malformed_call"), ("send", {}, "tool.invalid_arguments"), ("x", {}, "tool.not_found")],
)
async def test_a_structured_call_that_is_refused_begins_and_ends_too(name: str, arguments: object, code: str) -> None:
    heard: list[Event] = []
    async with Harness(TOOLS, on_event=heard.append) as harness:
        await harness.call(name, arguments)
    assert [event.kind for event in heard] == ["call_requested", "call_finished"]
    assert isinstance(heard[1], CallFinished)
    assert heard[1].call.error is not None
    assert heard[1].call.error.code == code


async def test_a_structured_call_that_is_cancelled_ends_in_an_event() -> None:
    heard: list[Event] = []
    async with Harness(TOOLS, on_event=heard.append) as harness:
        with anyio.move_on_after(0.1):
            await harness.call("trickle", {"text": "x" * 10_000})
    assert isinstance(heard[-1], CallFinished)
    assert heard[-1].call.status == "cancelled"


async def test_who_listens_to_all_runs_hears_what_the_reader_of_a_run_hears() -> None:
    heard: list[Event] = []
    async with Harness(TOOLS, on_event=heard.append) as harness:
        read = [event async for event in harness.stream("print('x')\nreturn await tools.trickle(text='ab')")]
        alone = await harness.run("return 1")
        await harness.check("return 1")
    ids = list(dict.fromkeys(event.script_id for event in heard))
    assert ids == [read[0].script_id, alone.script_id]  # a check is no run
    kinds = [event.kind for event in heard if event.script_id == ids[0]]
    assert [kind for kind in kinds if kind != "output_delta"] == [e.kind for e in read if e.kind != "output_delta"]


async def test_a_listener_that_fails_is_logged_and_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def fail(event: Event) -> None:
        raise ValueError("a bug of the listener")

    async with Harness(TOOLS, on_event=fail) as harness:
        with caplog.at_level(logging.ERROR, "toolscript"):
            outcome = await harness.run("return 1")
    assert outcome.value == 1
    assert "a receiver of events failed at run_finished" in caplog.text
