"""Processes by /proc alone: who is below whom, who still lives, what they take.

A process is known by pid and time of start, because numbers are given again. While `adopting_orphans` is open, every
descendant that loses its parent becomes a child of the test, whatever session, group or namespace it went to: none can
get out of sight.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

_PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Process:
    """A process, for as long as the machine runs."""

    pid: int
    started: int


@dataclass(frozen=True)
class Stat:
    """What /proc/PID/stat says."""

    process: Process
    parent: int
    state: str


Table: TypeAlias = Mapping[int, Stat]


def table() -> Table:
    """Every process now, by pid."""
    found = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError):
                found[int(entry)] = _stat(int(entry))
    return found


def below(top: int, everybody: Table | None = None) -> set[Process]:
    """The living descendants of a process, now or when `everybody` was looked at."""
    everybody = table() if everybody is None else everybody
    children: dict[int, list[int]] = {}
    for pid, stat in everybody.items():
        children.setdefault(stat.parent, []).append(pid)
    found: set[Process] = set()
    unseen = [top]
    while unseen:
        for pid in children.get(unseen.pop(), ()):
            unseen.append(pid)
            if everybody[pid].state not in "ZX":
                found.add(everybody[pid].process)
    return found


def descendants(top: int) -> set[int]:
    """The pids of what is `below` a process now."""
    return {process.pid for process in below(top)}


def children(parent: int, everybody: Table | None = None) -> list[int]:
    """The living children of a process, oldest first."""
    everybody = table() if everybody is None else everybody
    own = [stat.process for stat in everybody.values() if stat.parent == parent and stat.state not in "ZX"]
    return [process.pid for process in sorted(own, key=lambda process: (process.started, process.pid))]


def command_line(pid: int) -> str:
    """Its arguments, "" if it is gone."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ""


def zygotes(host: int, everybody: Table | None = None) -> list[int]:
    """The zygotes of a host."""
    return [pid for pid in children(host, everybody) if "cpython.zygote" in command_line(pid)]


def launchers(host: int, everybody: Table | None = None) -> list[int]:
    """The launchers of commands of a host."""
    return [pid for pid in children(host, everybody) if "confine.launcher" in command_line(pid)]


def living(processes: Iterable[Process]) -> set[Process]:
    """Those that have not ended."""
    return {process for process in processes if _lives(process)}


def is_alive(pid: int) -> bool:
    """Whether a process of this number has not ended; one that only waits to be collected has."""
    with contextlib.suppress(OSError):
        return _stat(pid).state not in "ZX"
    return False


def described(processes: Iterable[Process]) -> list[str]:
    """What is known of them, for a failing test."""
    return [f"{_about(process.pid)}: {command_line(process.pid)}" for process in processes]


def _about(pid: int) -> str:
    with contextlib.suppress(OSError):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        wanted = ("State", "PPid", "Uid", "NSpid", "Seccomp:", "VmRSS")
        said = [line.replace("\t", " ") for line in lines if line.startswith(wanted)]
        said.append(f"descriptors: {len(os.listdir(f'/proc/{pid}/fd'))}")
        said.append("in " + Path(f"/proc/{pid}/wchan").read_text())
        return ", ".join(said)
    return f"{pid}, gone"


def rss_bytes(pid: int) -> int:
    """Resident memory."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def wait_until(condition: Callable[[], object], *, timeout_s: float = 10.0) -> bool:
    """Wait for a condition; False if it takes too long."""
    end = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


@contextlib.contextmanager
def adopting_orphans() -> Iterator[Callable[[], None]]:
    """Be the parent of every descendant that loses its own. What is yielded collects the dead among them.

    The first process of a PID namespace cannot end before somebody has collected all the others.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before = set(children(os.getpid()))
    try:
        yield lambda: _bury(before)
    finally:
        libc.prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
        _bury(before)


def _bury(spare: set[int]) -> None:
    """Collect the dead that came to us."""
    for pid, stat in table().items():
        if stat.parent == os.getpid() and pid not in spare and stat.state == "Z":
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)


def _lives(process: Process) -> bool:
    with contextlib.suppress(OSError):
        stat = _stat(process.pid)
        return stat.process == process and stat.state not in "ZX"
    return False


def _stat(pid: int) -> Stat:
    fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    return Stat(Process(pid, int(fields[19])), int(fields[1]), fields[0])
