"""Waiting for what the processes below a command do."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from tests.processes import descendants, is_alive


def wait_gone(pids: set[int], seconds: float) -> set[int]:
    """Return those that are still alive after `seconds`; zombies that somebody else must bury count as gone."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        alive = {pid for pid in pids if is_alive(pid)}
        if not alive:
            return set()
        time.sleep(0.05)
    return alive


def commands_below(pid: int, word: str) -> set[int]:
    """Wait for a process below `pid` that has `word` as argument."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        found = {each for each in descendants(pid) if word in arguments_of(each)}
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
