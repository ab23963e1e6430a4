"""Processes that are stopped, or can get no memory, processes or descriptors: a documented end, and the next run works."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

import anyio
import pytest

from harness import Harness, Outcome, tool
from harness.confine import command as confined_command
from harness.errors import HarnessError
from harness.runtimes.cpython import pool
from harness.tools.builtin import command_attempt
from tests.processes import below, children, described, launchers, living, wait_until, zygotes
from tests.soak.scale import IS_LONG

pytestmark = [
    pytest.mark.usefixtures("_impatient"),
    pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"] if IS_LONG else ["asyncio"]),
]


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten seconds without an answer are as good as one."""
    monkeypatch.setattr(pool, "_ANSWER_TIMEOUT_S", 0.7)
    monkeypatch.setattr(confined_command, "_START_TIMEOUT_S", 1.5)
    monkeypatch.setattr(confined_command, "_PARTING_S", 0.5)
    monkeypatch.setattr(command_attempt, "GRACE_S", 0.2)
    monkeypatch.setattr(command_attempt, "_BURIAL_S", 0.2)


@tool
async def stand(size: int = 0) -> str:
    """Wait until the test lets go, and give back some text."""
    await RELEASED[-1].wait()
    return "x" * size


RELEASED: list[anyio.Event] = []


@pytest.fixture
async def harness() -> AsyncIterator[Harness]:
    async with Harness([stand], pool_size=1) as opened:
        assert (await opened.run("return 1")).value == 1
        yield opened


def the_zygote() -> int:
    (found,) = zygotes(os.getpid())
    return found


async def its_worker(harness: Harness) -> int:
    """The process of the one script that runs."""
    pool = harness._runtime._pool  # type: ignore[attr-defined]  # which worker it has is nobody else's business
    for _ in range(200):
        taken = [child.pid for child in pool._children.values() if child.is_alive() and child not in pool._idle]
        if len(taken) == 1 and not pool._admitting:
            return int(taken[0])
        await anyio.sleep(0.01)
    raise AssertionError(f"{taken} run scripts")


async def one_stands_ready(harness: Harness) -> None:
    pool = harness._runtime._pool  # type: ignore[attr-defined]  # as in `its_worker`
    while not pool._idle:  # noqa: ASYNC110 - the event is the pool's own
        await anyio.sleep(0.01)


def error_of(outcome: Outcome) -> HarnessError:
    assert outcome.error is not None, outcome
    return outcome.error


async def works(harness: Harness, *, runs: int = 3) -> None:
    """More runs than any worker stood ready for."""
    for number in range(runs):
        outcome = await harness.run(f"return {number}")
        assert outcome.value == number, outcome.error


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def squeeze(pid: int, kind: int, ceiling: int) -> None:
    """Lower a limit of a process that another user may own: prlimit(2) asks for the same user."""
    owner = Path(f"/proc/{pid}").stat().st_uid if os.geteuid() != 0 else _user_of(pid)
    as_owner: dict[str, Any] = {} if owner == os.geteuid() else {"user": owner, "group": owner, "extra_groups": []}
    lower = lambda: resource.prlimit(pid, kind, (ceiling, ceiling))  # noqa: E731
    subprocess.run(["true"], preexec_fn=lower, check=True, **as_owner)


def _user_of(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("Uid:")[2].split()[0])


@asynccontextmanager
async def under_way(
    harness: Harness, source: str, *, begun_s: float = 0.15, **limits: float
) -> AsyncIterator[list[Outcome]]:
    """A run that goes on while something happens to processes; its outcome is there at the end of the block."""
    outcomes: list[Outcome] = []
    RELEASED.append(anyio.Event())

    async def run() -> None:
        outcomes.append(await harness.run(source, limits=limits or None))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(run)
        await anyio.sleep(begun_s)
        yield outcomes
        RELEASED[-1].set()


WHOLE = "await tools.stand()\nreturn 'whole'"

STARVED = {
    "memory": (resource.RLIMIT_AS, 2**20),
    "processes": (resource.RLIMIT_NPROC, 1),
    "descriptors": (resource.RLIMIT_NOFILE, 6),
    "descriptors for what it is sent": (resource.RLIMIT_NOFILE, 3),
}


@pytest.mark.parametrize("what", STARVED)
async def test_a_zygote_that_is_starved_is_replaced_and_costs_no_run(harness: Harness, what: str) -> None:
    async with under_way(harness, WHOLE) as outcomes:
        starved = the_zygote()
        squeeze(starved, *STARVED[what])
        await works(harness)
        others = set(zygotes(os.getpid())) - {starved}
    assert outcomes[0].value == "whole", outcomes[0].error
    await works(harness)
    # With six descriptors it makes a child for each that ended; with the others it makes none.
    assert the_zygote() in (others or {starved})
    assert others or what == "descriptors"


async def test_a_zygote_that_is_stopped_is_replaced_and_costs_no_run(harness: Harness) -> None:
    async with under_way(harness, WHOLE) as outcomes:
        first = the_zygote()
        os.kill(first, signal.SIGSTOP)
        await works(harness)
        assert len(zygotes(os.getpid())) == 2
    assert outcomes[0].value == "whole", outcomes[0].error
    await works(harness)
    assert first not in zygotes(os.getpid())


async def test_a_worker_whose_limits_cannot_be_tightened_runs_nothing(harness: Harness) -> None:
    await one_stands_ready(harness)
    with stopped(the_zygote()):
        outcome = await harness.run("return 1", limits={"memory_bytes": 2**24})
    assert error_of(outcome).code == "worker.crashed"
    assert error_of(outcome).retryable
    assert (await harness.run("return 1", limits={"memory_bytes": 2**24})).value == 1


async def test_a_worker_that_dies_while_nobody_can_tell_how_is_a_crash(harness: Harness) -> None:
    async with under_way(harness, "while True:\n    sum(range(10**7))") as outcomes:
        zygote = the_zygote()
        worker = await its_worker(harness)
        os.kill(zygote, signal.SIGSTOP)
        os.kill(worker, signal.SIGKILL)
    assert error_of(outcomes[0]).code == "worker.crashed"
    await works(harness)


async def test_the_first_process_of_the_workers_namespace_may_die(harness: Harness) -> None:
    """Without it no process can be made there any more."""
    outcome = await harness.run("return 1")
    if "pid_namespace" not in outcome.barriers:
        pytest.skip("workers have no PID namespace here")
    os.kill(children(the_zygote())[0], signal.SIGKILL)
    await anyio.sleep(0.1)
    await works(harness)


async def test_a_host_without_descriptors_says_so_and_recovers(harness: Harness) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    zygote = the_zygote()
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    try:
        outcomes = [await harness.run("return 1") for _ in range(3)]
        os.kill(zygote, signal.SIGKILL)
        outcomes += [await harness.run("return 1") for _ in range(3)]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    refused = [outcome for outcome in outcomes if outcome.error is not None]
    assert len(refused) >= 4  # some workers stood ready
    assert {error_of(outcome).code for outcome in refused} == {"worker.crashed"}
    assert all(error_of(outcome).retryable for outcome in refused)
    assert "Too many open files" in error_of(refused[-1]).message
    await works(harness)


async def test_a_host_without_processes_says_so_and_recovers(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    def launch_interpreter(*arguments: object, **keywords: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("harness.runtimes.cpython.launch.launch_interpreter", launch_interpreter)
    os.kill(the_zygote(), signal.SIGKILL)
    await anyio.sleep(0.1)
    outcome = await harness.run("return 1")
    assert (error_of(outcome).code, error_of(outcome).retryable) == ("worker.crashed", True)
    assert "Resource temporarily unavailable" in error_of(outcome).message
    monkeypatch.undo()
    await works(harness)


async def test_a_worker_that_is_stopped_ends_at_its_wall_time(harness: Harness) -> None:
    async with under_way(harness, WHOLE, wall_time_s=1.0) as outcomes:
        os.kill(await its_worker(harness), signal.SIGSTOP)
    assert error_of(outcomes[0]).code == "limit.wall_time"
    await works(harness)


async def test_a_worker_that_stops_to_read_cannot_hold_its_run(harness: Harness) -> None:
    """The result of its call is more than a socket takes, so the host is held in the middle of sending it."""
    async with under_way(harness, "return len(await tools.stand(size=900_000))", wall_time_s=1.0) as outcomes:
        os.kill(await its_worker(harness), signal.SIGSTOP)
    assert error_of(outcomes[0]).code == "limit.wall_time"
    assert outcomes[0].calls[0].status == "ok"
    await works(harness)


async def test_a_worker_that_was_stopped_while_it_stood_ready_ends_at_the_wall_time_of_its_run(
    harness: Harness,
) -> None:
    await one_stands_ready(harness)
    for child in harness._runtime._pool._idle:  # type: ignore[attr-defined]  # as in `its_worker`
        os.kill(child.pid, signal.SIGSTOP)
    outcome = await harness.run("return 1", limits={"wall_time_s": 0.5})
    assert error_of(outcome).code == "limit.wall_time"
    await works(harness)


# Commands: the launcher, and the supervisor of each command.


@pytest.fixture
async def commands(tmp_path: Path) -> AsyncIterator[Harness]:
    async with Harness(workspace=tmp_path, settings={"approval_policy": "never"}) as opened:
        await said(opened, "warm")
        yield opened


async def said(harness: Harness, text: str) -> None:
    record = await harness.call("exec", {"command": ["echo", text]})
    assert record.result is not None, record.error
    assert record.result["stdout"] == f"{text}\n"  # type: ignore[index, call-overload]  # a dict


async def test_a_launcher_that_is_stopped_is_replaced_and_starts_nothing_later(
    commands: Harness, tmp_path: Path
) -> None:
    (launcher,) = launchers(os.getpid())
    os.kill(launcher, signal.SIGSTOP)
    record = await commands.call("exec", {"command": ["sh", "-c", "echo once >> times"]})
    assert record.error is None
    assert (tmp_path / "times").read_text() == "once\n"
    assert launcher not in launchers(os.getpid())
    await said(commands, "calm")


async def test_a_launcher_that_is_killed_is_replaced_once_for_all_who_were_waiting(commands: Harness) -> None:
    """Who notices late must not end the launcher that took its place, and with it the commands of others."""
    (launcher,) = launchers(os.getpid())
    os.kill(launcher, signal.SIGSTOP)
    codes: list[object] = []

    async def run() -> None:
        record = await commands.call("exec", {"command": ["sleep", "0.3"]})
        codes.append(record.error or record.result["exit_code"])  # type: ignore[index, call-overload]  # a dict

    async with anyio.create_task_group() as tasks:
        for number in range(4):
            tasks.start_soon(run)
            await anyio.sleep(0.02 * number)
        os.kill(launcher, signal.SIGKILL)
    assert codes == [0] * 4


async def test_a_supervisor_that_is_stopped_ends_with_the_harness(tmp_path: Path) -> None:
    async with Harness(workspace=tmp_path, settings={"approval_policy": "never"}) as harness:
        await said(harness, "warm")
        (launcher,) = launchers(os.getpid())

        async def run() -> None:
            await harness.call("exec", {"command": ["sleep", "1000"], "timeout_s": 0.5})

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(run)
            await anyio.sleep(0.3)
            family = below(launcher)
            outer = children(launcher)[-1]
            inner = children(outer)  # the supervisor, where there is a PID namespace; the command, where there is none
            supervisor = inner[0] if inner and children(inner[0]) else outer
            os.kill(supervisor, signal.SIGSTOP)
        assert living(family)
        await said(harness, "beside it")
    assert wait_until(lambda: not living(family), timeout_s=20), described(living(family))


async def test_a_command_that_had_begun_is_not_begun_again(commands: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its supervisor is killed between the two messages that tell of its start."""
    received: list[str] = []
    real = confined_command._receive

    async def receive(channel: Any) -> dict[str, Any] | None:
        message = await real(channel)
        if message is not None and message["t"] == "executing":
            received.append("executing")
            return message
        return None if received else message

    monkeypatch.setattr(confined_command, "_receive", receive)
    record = await commands.call("exec", {"command": ["true"]})
    assert record.error is not None
    assert record.error.code == "tool.failed"
    assert received == ["executing"]
    monkeypatch.undo()
    await said(commands, "calm")
