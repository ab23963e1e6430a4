"""A confined process seen from outside: its barriers, and what its host may still do with it."""

from __future__ import annotations

import os
import resource
import signal
import statistics
import sys
import time
from collections.abc import Callable

import pytest

from harness.confine import BARRIERS
from tests.security.raw.arena import IS_ROOT, NOBODY, open_arena
from tests.security.raw.signs import observe, status

USERS = ("root", "user") if IS_ROOT else ("user",)


@pytest.mark.parametrize("started_by", USERS)
def test_every_barrier_that_is_reported_can_be_seen_at_the_process(started_by: str) -> None:
    with open_arena(user=started_by == "user") as arena:
        reported = arena.ask({"hold": True})["barriers"]
        assert isinstance(reported, list)
        seen = observe(arena)
    assert set(reported) <= set(BARRIERS)
    assert len(reported) == len(set(reported))
    assert {barrier: seen[barrier] for barrier in seen if seen[barrier] is False and barrier in reported} == {}
    if IS_ROOT:  # who may look at everything sees everything
        assert None not in seen.values()


@pytest.mark.parametrize("started_by", USERS)
def test_no_user_id_of_root_is_left_in_the_kernels_eyes(started_by: str) -> None:
    with open_arena(user=started_by == "user") as arena:
        seen = status(arena.hold())
        zygote = status(arena.process.pid)
    for process in (seen, zygote):
        assert "0" not in process["Uid"].split()
        assert "0" not in process["Gid"].split()
        assert {int(process[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {0}


def test_a_worker_has_no_memory_that_is_writable_and_executable_or_shared() -> None:
    if not IS_ROOT:
        pytest.skip("the map of an undumpable process is for root to read")
    with open_arena() as arena, open(f"/proc/{arena.hold()}/maps") as maps:
        rights = {line.split()[1] for line in maps}
    assert not {right for right in rights if ("w" in right and "x" in right) or right == "rw-s"}


@pytest.mark.parametrize("act", ["read its peak memory", "read its processor time", "kill it", "tighten its limits"])
def test_the_ordinary_user_who_started_a_worker_can(act: str) -> None:
    with open_arena(user=True) as arena:
        pid = arena.hold()
        _as_nobody(lambda: ACTS[act](pid))


@pytest.mark.parametrize("act", ["read its peak memory", "read its processor time", "kill it"])
def test_a_host_that_is_root_can(act: str) -> None:
    if not IS_ROOT:
        pytest.skip("the tests run as an ordinary user")
    with open_arena(user=False) as arena:
        ACTS[act](arena.hold())


def test_the_zygote_can_tighten_limits_where_root_of_a_container_may_not() -> None:
    """prlimit(2) asks root for CAP_SYS_RESOURCE, which containers take away; the zygote has the ids of its children."""
    with open_arena() as arena:
        pid = arena.hold()
        arena.ask({"tighten": pid, "bytes": 77 * 1024**2})
        with open(f"/proc/{pid}/limits") as limits:
            (line,) = [line for line in limits if line.startswith("Max address space")]
    assert line.split()[3:5] == [str(77 * 1024**2)] * 2


def test_the_undumpable_worker_is_closed_to_its_own_user() -> None:
    with open_arena(user=True) as arena:
        pid = arena.hold()
        _as_nobody(lambda: _require_closed(pid))


def test_all_children_die_when_the_zygote_is_killed() -> None:
    with open_arena() as arena:
        pids = [arena.hold() for _ in range(4)]
        arena.process.kill()
        arena.process.wait()
        assert all(_ends(pid) for pid in pids)


def test_the_first_process_of_the_pid_namespace_dies_with_the_zygote() -> None:
    with open_arena() as arena:
        init = arena.started["init_pid"]
        if init is None:
            pytest.skip(f"no PID namespace here: {arena.started['missing']}")
        arena.process.kill()
        arena.process.wait()
        assert _ends(int(str(init)))


def test_a_worker_is_confined_in_a_fraction_of_the_time_it_takes_to_fork_one() -> None:
    """Not a benchmark, only a guard against a mistake of an order of magnitude: 0.3 ms is what it should take."""
    with open_arena() as arena:
        seconds = arena.ask({"measure": 50})["seconds"]
    assert isinstance(seconds, list)
    assert statistics.median(seconds) < 0.005


def _as_nobody(act: Callable[[], object]) -> None:
    """Do something in a process of the ordinary user."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            if IS_ROOT:
                os.setgroups([])
                os.setresgid(NOBODY, NOBODY, NOBODY)
                os.setresuid(NOBODY, NOBODY, NOBODY)
            act()
            code = 0
        except BaseException as error:  # noqa: BLE001 - the parent only sees the exit code
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def _require_closed(pid: int) -> None:
    for name in ("mem", "environ", "maps", "fd/3"):
        with pytest.raises(PermissionError):
            os.close(os.open(f"/proc/{pid}/{name}", os.O_RDONLY))


def _kill(pid: int) -> None:
    descriptor = os.pidfd_open(pid)
    signal.pidfd_send_signal(descriptor, signal.SIGKILL)
    os.close(descriptor)
    assert _ends(pid)


def _tighten(pid: int) -> None:
    resource.prlimit(pid, resource.RLIMIT_AS, (10**8, 10**8))
    assert resource.prlimit(pid, resource.RLIMIT_AS) == (10**8, 10**8)


def _ends(pid: int) -> bool:
    for _ in range(200):
        try:
            if status(pid)["State"][0] in "ZX":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.01)
    return False


ACTS: dict[str, Callable[[int], object]] = {
    "read its peak memory": lambda pid: status(pid)["VmHWM"],
    "read its processor time": lambda pid: time.clock_gettime((~pid << 3) | 2),
    "kill it": _kill,
    "tighten its limits": _tighten,
}
