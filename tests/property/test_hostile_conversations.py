"""Any bytes from a worker end in an outcome or `worker.protocol`, in bounded time and memory: the whole host is behind it.

Longer: `make fuzz` runs these with FUZZ_EXAMPLES times as many examples.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import anyio
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from hypothesis import given
from hypothesis import strategies as st

from harness import Outcome, tool
from harness.errors import CLASS_BY_CODE, WorkerError
from harness.runtimes.cpython.frames import read_frame
from harness.runtimes.cpython.wire import FrameSplitter
from tests.corpus.hostile_worker import (
    CHECKED,
    FINISHED,
    LOG,
    MAX_FRAME,
    PROGRESS,
    SHAPES,
    TRACE,
    HostileHarness,
    HostileRuntime,
    batch,
    changed,
    endless,
    framed_json,
    hostile_bytes,
    in_pieces,
)
from tests.corpus.long_runs import longer

LIMITS = {"wall_time_s": 20, "return_bytes": 1000, "argument_bytes": 1000, "output_bytes": 1000, "tool_calls": 20}


class Host:
    """A whole harness before a hostile worker, for code without an event loop."""

    def __init__(self, portal: BlockingPortal, harness: HostileHarness, runtime: HostileRuntime) -> None:
        self._portal, self._harness, self._runtime = portal, harness, runtime

    def outcome_of(
        self, pieces: Any, *, is_silent: bool = False, trace: bool = False, wall_time_s: float = 20
    ) -> Outcome:
        self._runtime.pieces, self._runtime.is_silent = pieces, is_silent
        try:
            return self._portal.call(self._run, trace, wall_time_s)
        finally:
            self._portal.call(self._runtime.end_workers)

    async def _run(self, trace: bool, wall_time_s: float) -> Outcome:
        with anyio.fail_after(30):
            return await self._harness.run(
                "return await tools.add(a=1, b=2)", trace=trace, limits={"wall_time_s": wall_time_s}
            )


@tool
async def add(a: int, b: int) -> int:
    """Add."""
    return a + b


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    runtime = HostileRuntime()
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(HostileHarness(runtime, tools=[add], limits=LIMITS)) as harness,
    ):
        yield Host(portal, harness, runtime)


def holds(outcome: Outcome) -> None:
    """It is an outcome of ours, and nothing in the host was surprised."""
    if outcome.error is not None:
        assert outcome.error.code in CLASS_BY_CODE
        assert not outcome.error.code.startswith("internal."), outcome.error


def test_the_honest_conversation_ends_well(host: Host) -> None:
    """The generator's own seed: what is changed below is a conversation that works."""
    outcome = host.outcome_of([framed_json(CHECKED), framed_json(batch(1, 2)), framed_json(LOG), framed_json(FINISHED)])
    assert outcome.error is None, outcome.error
    assert outcome.value == FINISHED["value"]
    assert [call.result for call in outcome.calls] == [2, 3]


@longer(60)
@given(in_pieces(hostile_bytes()))
def test_any_changed_conversation_ends_in_an_outcome(host: Host, pieces: list[bytes]) -> None:
    """Any bytes from a worker end in an outcome or `worker.protocol`, in bounded time and memory."""
    holds(host.outcome_of(pieces, trace=True))


@longer(30)
@given(in_pieces(st.binary(max_size=4000)))
def test_any_bytes_end_in_an_outcome(host: Host, pieces: list[bytes]) -> None:
    """The same of bytes that were never a conversation."""
    holds(host.outcome_of(pieces))


@longer(4)
@given(in_pieces(hostile_bytes()))
def test_a_worker_that_falls_silent_is_ended_by_the_clock(host: Host, pieces: list[bytes]) -> None:
    holds(host.outcome_of(pieces[:1], is_silent=True, wall_time_s=0.5))


ENDLESS = {
    "log": ([CHECKED], LOG, {"worker.protocol", "limit.wall_time"}),
    "progress": ([CHECKED], PROGRESS, {"worker.protocol", "limit.wall_time"}),
    "trace": ([CHECKED], TRACE, {"worker.protocol"}),
    "log before the check": ([], LOG, {"worker.protocol", "limit.wall_time"}),
    "checks": ([], CHECKED, {"worker.protocol"}),
    "empty batches": ([CHECKED], batch(1, 0), {"limit.wall_time"}),
    "calls": ([CHECKED], batch(1, 1), {"worker.protocol"}),
    "zeros": ([CHECKED], bytes(1000), {"worker.protocol"}),
    "one frame that never ends": ([CHECKED], MAX_FRAME.to_bytes(4, "big") + b" " * MAX_FRAME, {"worker.protocol"}),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_a_stream_that_never_ends_is_ended(host: Host, name: str) -> None:
    frames, repeated, expected = ENDLESS[name]
    outcome = host.outcome_of(endless(frames, repeated), trace=True, wall_time_s=1)
    assert outcome.error is not None
    assert outcome.error.code in expected
    assert outcome.trace is None or len(outcome.trace) <= 5000
    assert len(outcome.logs) <= 1200


def test_lines_that_nobody_asked_for_break_the_protocol(host: Host) -> None:
    outcome = host.outcome_of([framed_json(CHECKED), framed_json(TRACE), framed_json(FINISHED)])
    assert outcome.error is not None
    assert outcome.error.code == "worker.protocol"


def test_a_traced_change_that_is_no_text_breaks_the_protocol(host: Host) -> None:
    line = {"line": 1, "steps": 0, "changed": {"x": [[]]}, "calls": []}
    outcome = host.outcome_of([framed_json(CHECKED), framed_json({"t": "trace", "events": [line]})], trace=True)
    assert outcome.error is not None
    assert outcome.error.code == "worker.protocol"


def test_cancelled_ids_that_nobody_gave_out_are_passed_over(host: Host) -> None:
    frames = [CHECKED, batch(1, 1), batch(2, 0, [5, 1, 1, 9, 2**52, *range(3000)]), FINISHED]
    outcome = host.outcome_of(map(framed_json, frames))
    assert outcome.error is None, outcome.error


@longer(300)
@given(st.sampled_from([*SHAPES, batch(1, 2)]).flatmap(changed))
def test_a_changed_frame_is_read_or_refused(frame: Any) -> None:
    """A frame becomes what its type says, or `worker.protocol`."""
    [body] = FrameSplitter(max_bytes=2**22).feed(framed_json(frame))
    refused: WorkerError | None = None
    try:
        assert read_frame(body)["t"] in {shape["t"] for shape in SHAPES} | {"batch"}
    except WorkerError as error:
        refused = error
    assert refused is None or (refused.code == "worker.protocol" and len(refused.message) < 500)


FLOODS = """
import resource, sys
from harness.errors import WorkerError
from harness.runtimes.cpython.frames import read_frame

size = 2**20
floods = {
    "calls": '{"t":"batch","cancelled":[],"wake_after_s":null,"steps":0,"calls":[%s]}',
    "cancelled": '{"t":"batch","calls":[],"wake_after_s":null,"steps":0,"cancelled":[%s]}',
    "events": '{"t":"trace","events":[%s]}',
    "pending": '{"t":"finished","ok":true,"steps":0,"unawaited":[],"pending":[%s]}',
    "unawaited": '{"t":"finished","ok":true,"steps":0,"pending":[],"unawaited":[%s]}',
    "traceback": '{"t":"finished","ok":false,"steps":0,"pending":[],"unawaited":[],"error":{"code":"","message":"","hint":null,'
    '"line":null,"column":null,"retryable":false,"details":{},"traceback":[%s]}}',
    "diagnostics": '{"t":"checked","code":null,"plan":null,"diagnostics":[%s]}',
    "tools": '{"t":"checked","code":null,"diagnostics":[],"plan":{"calls":[],"tools":[%s]}}',
    "planned": '{"t":"checked","code":null,"diagnostics":[],"plan":{"tools":[],"calls":[%s]}}',
    "barriers": '{"t":"hello","idle_rss_bytes":0,"barriers":[%s]}',
}
bodies = [shape % ",".join([item] * (size // (len(item) + 1))) for shape in floods.values() for item in ("[]", "{}", "null")]
keys = ",".join(f'"{n}":1' for n in range(size // 9))
bodies += ['{"t":"log","text":"",%s}' % keys, '{"t":"trace","events":[{"line":1,"steps":1,"calls":[],"changed":{%s}}]}' % keys]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
read = 0
for body in bodies:
    try:
        read_frame(body.encode())
        read += 1
    except WorkerError:
        pass
print(read, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_a_flood_of_mistakes_costs_no_more_than_its_bytes() -> None:
    """The validator once kept every mistake: 1 MiB of `[]` in a batch took 1.7 GB and 20 s."""
    done = subprocess.run(
        [sys.executable, "-c", FLOODS],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": "."},
    )
    assert done.returncode == 0, done.stderr
    read, grown_mib = map(int, done.stdout.split())
    assert read == 1  # changed values are looked at later
    assert grown_mib < 100
