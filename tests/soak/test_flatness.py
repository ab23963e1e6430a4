"""A host that runs scripts of every kind for long keeps its descriptors, memory, tasks, threads and processes."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import anyio
import pytest

from harness import Approve, Harness, Outcome, ParkedRuns, Suspended, tool
from harness.errors import HarnessError
from tests.processes import below, rss_bytes, wait_until
from tests.soak.measured import measured
from tests.soak.scale import scaled, seeded

AT_ONCE = 8
MIB = 1024**2


@tool
async def give(value: object = None) -> object:
    """Give the value back."""
    return value


@tool
async def fail() -> None:
    """Fail."""
    raise ValueError("as it should")


@tool
async def wait() -> None:
    """Wait for long."""
    await anyio.sleep(60)


@tool(approval="always")
async def send(to: str) -> str:
    """Send, once somebody said so."""
    return f"sent to {to}"


Behaviour = Callable[[Harness, ParkedRuns, int], Awaitable[object]]


def ends(source: str, code: str | None = None, **limits: float) -> Behaviour:
    """A script and how it ends: `code` of its error, None if it works. Its text differs from run to run."""

    async def run(harness: Harness, parked: ParkedRuns, number: int) -> None:
        outcome = await harness.run(f"n = {number}\n{source}", limits=limits or None)
        found = None if outcome.error is None else outcome.error.code
        assert found == code, (source, outcome.error)

    return run


async def is_cancelled(harness: Harness, parked: ParkedRuns, number: int) -> None:
    with anyio.move_on_after(0.02):
        await harness.run("await tools.wait()")


async def is_streamed(harness: Harness, parked: ParkedRuns, number: int) -> None:
    stream = harness.stream("print('a')\nreturn await tools.give(value='b')")
    assert (await stream.outcome()).value == "b"


async def is_left_unread(harness: Harness, parked: ParkedRuns, number: int) -> None:
    async with harness.stream("print('a')\nawait tools.wait()") as stream:
        async for event in stream:
            if event.kind == "logged":
                break


async def is_parked(harness: Harness, parked: ParkedRuns, number: int) -> None:
    step = await parked.start(harness, "return await tools.send(to='ann')", caller="me")
    assert isinstance(step, Suspended)
    if number % 2:
        parked.stop(step.run_id, caller="me")
        return
    answers = {request.id: Approve() for request in step.requests}
    step = await parked.resume(step.run_id, caller="me", decisions=answers)
    assert isinstance(step, Outcome)
    assert step.value == "sent to ann", step.error
    with pytest.raises(HarnessError):
        parked.stop("r-unknown", caller="me")


async def is_called(harness: Harness, parked: ParkedRuns, number: int) -> None:
    assert (await harness.call("give", {"value": number})).result == number
    assert (await harness.call("fail")).error is not None


BEHAVIOURS: tuple[Behaviour, ...] = (
    ends("return n"),
    ends("import asyncio\nreturn await asyncio.gather(*(tools.give(value=i) for i in range(12)))"),
    ends("return [await tools.give(value='x' * 2000) for _ in range(5)]"),
    ends("print('p' * 5000)\nreturn len(await tools.give(value='x' * 200_000))"),
    ends("await tools.fail()", "tool.failed"),
    ends("return 1 / 0", "script.runtime"),
    ends("import os", "script.forbidden_import"),
    ends("x = (", "script.syntax"),
    ends("while True:\n    pass", "limit.steps", steps=5_000),
    ends("x = [0]\nwhile True:\n    x += x", "limit.memory", memory_bytes=8 * MIB),
    ends("sum(range(10**12))", "limit.cpu_time", cpu_time_s=0.05),
    ends("await tools.wait()", "limit.wall_time", wall_time_s=0.05),
    ends("for _ in range(9):\n    await tools.give()", "limit.tool_calls", tool_calls=4),
    ends("def f():\n    return f()\nf()", "limit.recursion"),
    ends("return 'x' * 200_000", "limit.return_value"),
    is_cancelled,
    is_streamed,
    is_left_unread,
    is_parked,
    is_called,
)


@dataclass(frozen=True)
class Held:
    """What the host holds when nothing runs."""

    descriptors: int
    threads: int
    tasks: int
    processes: int
    objects: int
    rss_bytes: int


async def held() -> Held:
    """Count, once the processes of the last runs are gone."""
    await anyio.sleep(0.3)
    gc.collect()
    return Held(
        descriptors=len(os.listdir("/proc/self/fd")),
        threads=threading.active_count(),
        tasks=len(asyncio.all_tasks()),
        processes=len(below(os.getpid())),
        objects=len(gc.get_objects()),
        rss_bytes=rss_bytes(os.getpid()),
    )


async def test_a_harness_that_was_closed_holds_nothing(tmp_path: Path) -> None:
    counts: list[int] = []
    for _ in range(scaled(short=3, long=100)):
        async with Harness(
            [give], workspace=tmp_path, audit=tmp_path / "audit.jsonl", approvals=tmp_path / "approvals"
        ) as harness:
            assert (await harness.run("return await tools.give(value=1)")).value == 1
            assert (await harness.call("exec", {"command": ["true"]})).status in ("ok", "denied")
        counts.append((await held()).descriptors)
    assert counts[-1] <= counts[0], counts


async def test_what_a_host_holds_does_not_grow_with_its_runs(tmp_path: Path) -> None:
    chance = seeded("flatness")
    runs = scaled(short=250, long=20_000)
    before = len(below(os.getpid()))
    async with (
        ParkedRuns(ttl_s=60, most=AT_ONCE) as parked,
        Harness([give, fail, wait, send], approver=parked, audit=tmp_path / "audit.jsonl") as harness,
    ):
        counts: list[Held] = []
        done: Counter[str] = Counter()
        parts = 5
        for part in range(parts):
            numbers = iter(range(part * runs // parts, (part + 1) * runs // parts))

            async def work(numbers: object = numbers) -> None:
                for number in numbers:  # type: ignore[attr-defined]
                    await chance.choice(BEHAVIOURS)(harness, parked, number)
                    done["runs"] += 1

            async with anyio.create_task_group() as tasks:
                for _ in range(AT_ONCE):
                    tasks.start_soon(work)
            counts.append(await held())
            print(f"after {done['runs']} runs: {counts[-1]}")
    assert done["runs"] == runs
    first, *_, last = counts  # the first part warms everything up
    measured(
        f"{runs:,} runs of {len(BEHAVIOURS)} kinds in one host, from a fifth of them on",
        descriptors=f"{first.descriptors} to {last.descriptors}",
        tasks=f"{first.tasks} to {last.tasks}",
        resident_memory=f"{first.rss_bytes / MIB:.1f} to {last.rss_bytes / MIB:.1f} MiB",
    )
    assert last.descriptors <= first.descriptors + 4
    assert last.threads <= first.threads
    assert last.tasks <= first.tasks + AT_ONCE  # one for each parked outcome that is still kept
    assert last.processes <= first.processes + 1
    assert last.objects - first.objects < scaled(short=20_000, long=40_000)
    assert last.rss_bytes - first.rss_bytes < scaled(short=16 * MIB, long=24 * MIB)
    assert wait_until(lambda: len(below(os.getpid())) <= before)
