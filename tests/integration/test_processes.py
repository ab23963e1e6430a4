"""Processes: nothing outlives its host, the pool heals, cancellation reaches everything."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterable

import anyio
import pytest

from harness import Harness, Outcome, tool
from policy.limits import Limits
from tests.processes import adopting_orphans, children, descendants, is_alive, wait_until

cancelled: list[str] = []


@tool
async def wait(seconds: float) -> None:
    """Wait."""
    try:
        await anyio.sleep(seconds)
    except anyio.get_cancelled_exc_class():
        cancelled.append("wait")
        raise


@pytest.fixture
async def harness() -> AsyncIterator[Harness]:
    cancelled.clear()
    async with Harness([wait]) as opened:
        yield opened


async def test_cancelling_the_caller_kills_the_worker_and_cancels_its_calls(harness: Harness) -> None:
    with anyio.move_on_after(0.5):
        await harness.run("await tools.wait(seconds=30)")
    assert cancelled == ["wait"]
    assert (await harness.run("return 1")).value == 1


async def test_cancelling_the_caller_while_the_worker_computes(harness: Harness) -> None:
    began = time.monotonic()
    with anyio.move_on_after(0.3):
        await harness.run("while True:\n    sum(range(10 ** 9))")
    assert time.monotonic() - began < 1.5
    assert (await harness.run("return 1")).value == 1


async def test_a_killed_zygote_costs_the_live_runs_and_nothing_more(harness: Harness) -> None:
    (zygote,) = children(os.getpid())
    outcomes = []

    async def run() -> None:
        outcomes.append(await harness.run("await tools.wait(seconds=1)\nreturn 1"))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(run)
        await anyio.sleep(0.4)
        os.kill(zygote, signal.SIGKILL)
    assert outcomes[0].error.code == "worker.crashed"
    assert not outcomes[0].error.retryable
    assert (await harness.run("return 1")).value == 1


async def test_a_killed_worker_is_a_crash_and_the_pool_goes_on(harness: Harness) -> None:
    outcomes = []

    async def run() -> None:
        outcomes.append(await harness.run("while True:\n    sum(range(10 ** 7))", limits={"wall_time_s": 10}))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(run)
        await anyio.sleep(0.5)
        os.kill(_busiest(descendants(os.getpid())), signal.SIGKILL)
    assert outcomes[0].error.code == "worker.crashed"
    assert outcomes[0].error.retryable
    assert (await harness.run("return 1")).value == 1


async def test_killed_idle_workers_are_replaced(harness: Harness) -> None:
    await anyio.sleep(0.3)
    zygote = children(os.getpid())[0]
    for pid in children(zygote):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    await anyio.sleep(0.1)  # they die, but nobody has told the host
    for _ in range(5):
        assert (await harness.run("return 1")).value == 1


async def test_a_worker_that_died_while_it_stood_ready_is_passed_over(harness: Harness) -> None:
    """The zygote is stopped, so that it cannot report the death: the host has to see it itself."""
    await anyio.sleep(0.3)
    zygote = children(os.getpid())[0]
    pool = harness._runtime._pool  # type: ignore[attr-defined]  # which worker comes next is nobody else's business
    os.kill(zygote, signal.SIGSTOP)
    try:
        os.kill(pool._idle[0].pid, signal.SIGKILL)
        await anyio.sleep(0.1)
        assert (await harness.run("return 1")).value == 1
    finally:
        os.kill(zygote, signal.SIGCONT)


async def test_a_closed_harness_leaves_no_process() -> None:
    before = descendants(os.getpid())
    async with Harness([wait], pool_size=3) as harness:
        await harness.run("return 1")
        assert len(descendants(os.getpid()) - before) >= 2
    assert wait_until(lambda: descendants(os.getpid()) <= before)


async def test_a_run_whose_harness_is_closed_is_cancelled_and_no_fault_of_its_worker() -> None:
    ended: list[Outcome] = []

    async def run(harness: Harness) -> None:
        ended.append(await harness.run("await tools.wait(seconds=0.2)\nreturn 1"))

    async with anyio.create_task_group() as tasks, Harness([wait]) as harness:
        tasks.start_soon(run, harness)
        await anyio.sleep(0.1)
    (outcome,) = ended
    assert outcome.error is not None
    assert outcome.error.code == "run.cancelled"


async def test_an_opening_that_is_cancelled_leaves_no_process() -> None:
    before = descendants(os.getpid())
    with anyio.CancelScope() as scope:
        scope.cancel()
        async with Harness():
            pass
    assert descendants(os.getpid()) <= before


HOST = """
import anyio, sys
from harness import Harness

async def main():
    async with Harness(pool_size=2) as harness:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(harness.run, "while True:\\n    sum(range(10**9))")
            tasks.start_soon(harness.run, "import asyncio\\nawait asyncio.sleep(100)")
            await anyio.sleep(0.5)
            print("running", flush=True)
            await anyio.sleep(100)

anyio.run(main)
"""


def test_no_child_survives_a_host_that_was_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", HOST], stdout=subprocess.PIPE, text=True) as host:
        assert host.stdout is not None
        assert host.stdout.readline() == "running\n"
        family = descendants(host.pid)
        assert len(family) >= 3
        host.kill()
        host.wait()
        assert wait_until(lambda: not any(is_alive(pid) for pid in family))


async def test_descriptors_of_the_host_stay_flat(harness: Harness) -> None:
    for _ in range(5):
        await harness.run("return 1")
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(60):
        await harness.run("return 1")
    await anyio.sleep(0.3)
    assert len(os.listdir("/proc/self/fd")) <= before + 4


async def test_more_runs_than_workers_wait_their_turn() -> None:
    async with Harness([wait], max_workers=2, limits=Limits(wall_time_s=5)) as harness:
        done: list[object] = []

        async def run() -> None:
            done.append((await harness.run("await tools.wait(seconds=0.1)\nreturn 1")).value)

        async with anyio.create_task_group() as tasks:
            for _ in range(7):
                tasks.start_soon(run)
        assert done == [1] * 7


async def test_a_pool_of_none_makes_workers_on_demand() -> None:
    async with Harness(pool_size=0) as harness:
        assert [(await harness.run(f"return {n}")).value for n in range(3)] == [0, 1, 2]


def _busiest(pids: Iterable[int]) -> int:
    def ticks(pid: int) -> int:
        with open(f"/proc/{pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])

    return max(pids, key=ticks)


INIT = """
import os, time
from harness.confine import namespaces, process

parent, die_with_parent = os.getpid(), process.die_with_parent

def die_late(parents):
    while os.getppid() == parent:
        time.sleep(0.01)
    die_with_parent(parents)

process.die_with_parent = die_late
print("starting", flush=True)
namespaces.start_init()
"""


def test_the_first_process_of_a_namespace_ends_also_if_its_parent_died_before_it_asked_to() -> None:
    with adopting_orphans(), subprocess.Popen([sys.executable, "-c", INIT], stdout=subprocess.PIPE) as zygote:
        assert zygote.stdout is not None
        zygote.stdout.readline()
        assert wait_until(lambda: descendants(zygote.pid))
        family = descendants(zygote.pid)
        zygote.kill()
        zygote.wait()
        assert wait_until(lambda: not any(is_alive(pid) for pid in family))
