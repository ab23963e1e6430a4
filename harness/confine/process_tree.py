"""The processes below one of ours, and their end: also of those that left its group, its session and their parents.

The process at the top is a subreaper, so whatever loses its parent becomes its child, and no descendant leaves the
tree.

References:
    prctl(2), PR_SET_CHILD_SUBREAPER; proc_pid_stat(5).
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Collection, Iterator

from harness.confine.syscalls import syscall

_PR_SET_CHILD_SUBREAPER = 36
_DEAD = (b"Z", b"X", b"x")
_PATIENCE_S = 5.0  # for processes that the kernel holds
_PAUSE_S = 0.002


def adopt_orphans() -> None:
    """Become the parent of every descendant that loses its own."""
    syscall("prctl", _PR_SET_CHILD_SUBREAPER, 1)


def living(top: int, *, spare: Collection[int] = ()) -> set[int]:
    """Return the pids below a process that are not dead yet, without those in `spare` and what is below them."""
    children: dict[int, list[int]] = {}
    dead = set()
    for pid, parent, state in _processes():
        children.setdefault(parent, []).append(pid)
        if state in _DEAD:
            dead.add(pid)
    found: set[int] = set()
    unseen = [top]
    while unseen:
        below = [pid for pid in children.get(unseen.pop(), ()) if pid not in found and pid not in spare]
        found.update(below)
        unseen += below
    return found - dead


def direct_children(top: int) -> set[int]:
    """Return the pids of a process's own children, the dead among them too."""
    return {pid for pid, parent, _ in _processes() if parent == top}


def descendants(top: int) -> set[int]:
    """Return the pids below a process without a walk through all of /proc. One that is just being made may lack."""
    found: set[int] = set()
    unseen = [top]
    while unseen:
        pid = unseen.pop()
        below = {child for thread in _listed(f"/proc/{pid}/task") for child in _children(pid, thread)} - found
        found |= below
        unseen += below
    return found


def terminate(top: int) -> None:
    """Ask everything below a process to end; what is stopped goes on, to hear it."""
    for pid in living(top):
        send(pid, signal.SIGTERM)
        send(pid, signal.SIGCONT)


def kill(top: int, reap: Callable[[], object], *, spare: Collection[int] = ()) -> None:
    """Kill everything below a process: stop all that can be found until nothing new appears, then kill it.

    So a process that forks as fast as it can does not outrun the walk. What is not ours to kill (a set-uid program of
    an unconfined command), or is held by the kernel for long, is given up.

    Args:
        top: The process; not killed itself.
        reap: Collects the dead children of `top`.
        spare: Children of `top` that stay, with all below them.
    """
    before: set[int] = set()
    deadline = time.monotonic() + _PATIENCE_S
    while found := _freeze(top, spare):
        killed = {pid for pid in found if send(pid, signal.SIGKILL)}
        if killed != before:
            before, deadline = killed, time.monotonic() + _PATIENCE_S
        if not killed or time.monotonic() > deadline:
            return
        time.sleep(_PAUSE_S)
        reap()


def send(pid: int, number: int) -> bool:
    """Send a signal; False if the process is gone, or not ours, which is none of the caller's business."""
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _freeze(top: int, spare: Collection[int]) -> set[int]:
    """Stop everything below a process, and return it.

    Each process is stopped as soon as it is seen, and each round reads only what it has not seen yet, the dead among
    it too, who are many where nobody collects them: so it is faster than what forks.
    """
    inside, outside = {top}, set(spare)
    while True:
        new: dict[int, int] = {}
        before = len(inside)
        for pid, parent, state in _processes(seen=inside | outside):
            if state in _DEAD:
                outside.add(pid)
            elif parent in inside:
                send(pid, signal.SIGSTOP)
                inside.add(pid)
            else:
                new[pid] = parent
        while step := {pid for pid, parent in new.items() if parent in inside}:
            for pid in step:
                send(pid, signal.SIGSTOP)
                del new[pid]
            inside |= step
        outside.update(new)
        if len(inside) == before:
            return inside - {top}


def _processes(*, seen: Collection[int] = ()) -> Iterator[tuple[int, int, bytes]]:
    """Yield pid, parent and state of every process but those seen already."""
    for name in os.listdir("/proc"):
        if name.isdigit() and (pid := int(name)) not in seen:
            with contextlib.suppress(OSError):
                state, parent = _read(f"/proc/{name}/stat").rpartition(b") ")[2].split(None, 2)[:2]
                yield pid, int(parent), state


def _read(path: str) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(descriptor, 4096)
    finally:
        os.close(descriptor)


def _listed(folder: str) -> list[str]:
    with contextlib.suppress(OSError):
        return os.listdir(folder)
    return []


def _children(pid: int, thread: str) -> Iterator[int]:
    with contextlib.suppress(OSError), open(f"/proc/{pid}/task/{thread}/children", "rb") as file:
        yield from map(int, file.read().split())
