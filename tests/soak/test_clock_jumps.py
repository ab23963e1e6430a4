"""The wall clock is stepped, by hours and years: what is limited is limited by the monotonic clock.

`time.time` is the one source of wall time on the host; a worker has none of its own, it is told. So the step is made
there.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from pathlib import Path

import anyio
import pytest

from harness import Approve, AuditLog, Harness, ParkedRuns, Suspended, tool
from harness.audit import verify_chain
from harness.errors import RunError
from harness.types import ApprovalRequest
from policy.approval import ReviewDecision

HOUR, YEAR = 3_600.0, 31_536_000.0
JUMPS = {"an hour ahead": HOUR, "a year ahead": YEAR, "an hour back": -HOUR, "to 1970": -math.inf}


class Clock:
    """A wall clock that can be stepped."""

    def __init__(self, real: float) -> None:
        self._real, self._monotonic, self._offset = real, time.monotonic(), 0.0

    def __call__(self) -> float:
        return max(1.0, self._real + time.monotonic() - self._monotonic + self._offset)

    def step(self, seconds: float) -> None:
        self._offset += max(seconds, -1e10)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    stepped = Clock(time.time())
    monkeypatch.setattr(time, "time", stepped)
    return stepped


@pytest.fixture(params=JUMPS)
def jump(request: pytest.FixtureRequest) -> float:
    return JUMPS[request.param]


class Stepping:
    """Steps the clock while a question waits, and answers it a moment later, or never."""

    def __init__(self, clock: Clock, jump: float, *, answers: bool) -> None:
        self._clock, self._jump, self._answers = clock, jump, answers

    async def decide(self, requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        self._clock.step(self._jump)
        await anyio.sleep(0.05 if self._answers else math.inf)
        return [Approve() for _ in requests]


def tools(clock: Clock, jump: float) -> list[object]:
    @tool
    async def step() -> None:
        """Step the clock."""
        clock.step(jump)

    @tool(approval="always")
    async def send() -> str:
        """Send."""
        return "sent"

    return [step, send]


async def test_wall_time_is_what_passed(clock: Clock, jump: float) -> None:
    async with Harness(tools(clock, jump)) as harness:
        outcome = await harness.run("await tools.step()\nreturn 'whole'", limits={"wall_time_s": 20})
        assert outcome.value == "whole", outcome.error
        assert 0 <= outcome.usage.wall_time_s < HOUR
        assert all(0 <= call.duration_s < HOUR for call in outcome.calls)
        source = "await tools.step()\nimport asyncio\nawait asyncio.sleep(3000)"
        outcome = await harness.run(source, limits={"wall_time_s": 0.3})
        assert outcome.error is not None
        assert outcome.error.code == "limit.wall_time"
        assert 0.3 <= float(str(outcome.error.details["used"])) < HOUR


async def test_a_script_sees_time_go_on_steadily(clock: Clock, jump: float) -> None:
    """Its clock starts from the host's, and no step of that while it runs lets a loop of it end at once or never."""
    source = """
import asyncio, time
wall, steady = time.time(), time.monotonic()
await tools.step()
await asyncio.wait_for(asyncio.sleep(0.01), timeout=60)
return [time.time() - wall, time.monotonic() - steady]
"""
    async with Harness(tools(clock, jump)) as harness:
        outcome = await harness.run(source)
    assert outcome.error is None, outcome.error
    assert all(0 < passed < 60 for passed in outcome.value), outcome.value  # type: ignore[attr-defined]


async def test_a_question_waits_as_long_as_was_said(clock: Clock, jump: float) -> None:
    answered = Stepping(clock, jump, answers=True)
    async with Harness(tools(clock, jump), approver=answered, limits={"approval_wait_s": 20}) as harness:
        outcome = await harness.run("return await tools.send()")
        assert outcome.value == "sent", outcome.error
        assert 0 <= outcome.usage.waiting_s < HOUR
    silent = Stepping(clock, jump, answers=False)
    async with Harness(tools(clock, jump), approver=silent, limits={"approval_wait_s": 0.2}) as harness:
        record = await harness.call("send")
        assert record.error is not None
        assert record.error.code == "approval.timeout"


async def test_a_parked_run_is_kept_as_long_as_was_said(clock: Clock, jump: float) -> None:
    source = "return await tools.send()"
    async with ParkedRuns(ttl_s=20) as parked, Harness(tools(clock, jump), approver=parked) as harness:
        step = await parked.start(harness, source, caller="me")
        assert isinstance(step, Suspended)
        clock.step(jump)
        await anyio.sleep(0.05)
        answers: dict[str, ReviewDecision] = {request.id: Approve() for request in step.requests}
        done = await parked.resume(step.run_id, caller="me", decisions=answers)
        assert not isinstance(done, Suspended)
        assert done.value == "sent", done.error
    async with ParkedRuns(ttl_s=0.1) as parked, Harness(tools(clock, jump), approver=parked) as harness:
        step = await parked.start(harness, source, caller="me")
        assert isinstance(step, Suspended)
        clock.step(jump)
        await anyio.sleep(0.4)
        with pytest.raises(RunError) as caught:
            await parked.resume(step.run_id, caller="me")
        assert caught.value.code == "run.lost"


async def test_records_and_events_stay_in_their_order(clock: Clock, jump: float, tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    log = AuditLog(path, clock=clock)
    seen: list[int] = []
    async with Harness(tools(clock, jump), audit=log, on_event=lambda event: seen.append(event.seq)) as harness:
        await harness.run("await tools.step()\nreturn await tools.step()")
    log.close()
    report = verify_chain(path)
    assert report.problem is None
    assert report.records == 6
    assert seen == list(range(len(seen)))
