"""The processes below a command, as the kernel lists them, and waiting for what they do."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path


def children(pid: int) -> set[int]:
    """Return every process below `pid`."""
    found: set[int] = set()
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    for candidate in parents:
        above = candidate
        while above in parents and above != pid:
            above = parents[above]
        if above == pid and candidate != pid:
            found.add(candidate)
    return found


def wait_gone(pids: set[int], seconds: float) -> set[int]:
    """Return those that are still alive after `seconds`; zombies that somebody else must bury count as gone."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        alive = {pid for pid in pids if is_alive(pid)}
        if not alive:
            return set()
        time.sleep(0.05)
    return alive


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def commands_below(pid: int, word: str) -> set[int]:
    """Wait for a process below `pid` that has `word` as argument."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        found = {each for each in children(pid) if word in arguments_of(each)}
        if found:
            return found
        time.sleep(0.02)
    return set()


def arguments_of(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return []


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait for a condition, for as long as a busy machine may need."""
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)
