"""The ceilings of a command: those that the kernel keeps for one process, and what escapes them.

That is memory that is shared, how full the disk becomes, and how many processes there are. Root is exempt from
RLIMIT_NPROC: in a PID namespace the numbers themselves are made scarce (Linux 6.14), and where that cannot be, the
supervisor counts.

References:
    setrlimit(2); proc_sys_kernel(5), pid_max; proc_pid_status(5).
"""

from __future__ import annotations

import contextlib
import math
import os
import re
import resource
import time
from collections.abc import Iterable

from harness.confine import process_tree
from harness.confine.order import Order

_OURS = 2  # the supervisor and its parent are in the command's user namespace too
_RESERVED_PIDS = 300  # never given out again once they were all used
_PID_MAX = "/proc/sys/kernel/pid_max"
_PID_MAX_OF_NAMESPACE = (6, 14)
_COUNT_EVERY_MS = 20
_LOOK_EVERY_MS = 250
_RESERVE_BYTES = 1024**3  # several looks' worth of writing to a fast disk


def cap_command(order: Order, *, processes: int | None) -> None:
    """Cap the calling process and what it will start: memory, processes, size of files, processor time; no core files.

    Memory is capped as RLIMIT_DATA, private memory that can be written, because programs with a collector reserve far
    more addresses than they use. What is shared escapes it; the supervisor looks at that.

    Args:
        order: The ceilings; a lower one that is in force already stays.
        processes: Up to how many the kernel counts for this user, in this user namespace; None for no ceiling.
    """
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_DATA, order.memory_bytes)
    _lower(resource.RLIMIT_NPROC, processes)
    _lower(resource.RLIMIT_FSIZE, order.file_bytes)
    if order.cpu_time_s is not None:
        _lower(resource.RLIMIT_CPU, order.cpu_time_s, order.cpu_time_s + 1)  # SIGXCPU, then SIGKILL


def limit_pids(processes: int) -> bool:
    """Limit how many pids this PID namespace has; its own /proc must be mounted. False if the kernel cannot.

    An older kernel would change the number for the whole machine, so its version decides.
    """
    if kernel_version(os.uname().release) < _PID_MAX_OF_NAMESPACE:
        return False
    with contextlib.suppress(OSError), open(_PID_MAX, "w") as file:
        file.write(str(_RESERVED_PIDS + processes + _OURS))
        return True
    return False


def kernel_version(release: str) -> tuple[int, int]:
    """Return the first two numbers of a kernel's release: (6, 1) of `6.1-rc14`; (0, 0) if it does not begin so."""
    found = re.match(r"(\d+)\.(\d+)", release)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def process_limit(order: Order, *, has_user_namespace: bool) -> int | None:
    """Return what RLIMIT_NPROC must be, which counts the processes and threads of a user in one user namespace.

    None where there is no ceiling, or where root is exempt from it anyhow.
    """
    if order.processes is None or (os.getuid() == 0 and not has_user_namespace):
        return None
    return order.processes + (_OURS if has_user_namespace else _tasks_of_user())


class Watch:
    """Looks at the processes below the calling one.

    Args:
        order: The ceilings.
        counts: Whether processes must be counted, because the kernel does not.
        roots: What may be written: of each file system that they lie on, a GiB is left free, or half of what was free.
    """

    def __init__(self, order: Order, *, counts: bool, roots: Iterable[str] = ()) -> None:
        self._memory_bytes = order.memory_bytes
        self._processes = order.processes if counts else None
        self._tasks_before = _tasks_of_machine()
        self._disks = {disk: min(_RESERVE_BYTES, _free_bytes(disk) / 2) for disk in _disks_of(roots)}
        self.every_ms = _LOOK_EVERY_MS if self._processes is None else _COUNT_EVERY_MS
        self._next_count = self._next_look = time.monotonic()

    def exceeded(self) -> str | None:
        """Return "processes", "memory" or "disk" if there is too much of it, else None.

        Looks no more often than it must.
        """
        now = time.monotonic()
        if self._processes is not None and now >= self._next_count:
            self._next_count = now + _COUNT_EVERY_MS / 1000
            if self._has_too_many(self._processes):
                return "processes"
        if now < self._next_look:
            return None
        self._next_look = now + _LOOK_EVERY_MS / 1000
        if any(_free_bytes(disk) < reserve for disk, reserve in self._disks.items()):
            return "disk"
        return "memory" if self._memory_bytes is not None and self._has_too_much(self._memory_bytes) else None

    def _has_too_much(self, memory_bytes: int) -> bool:
        return any(_memory_of(pid) > memory_bytes for pid in process_tree.descendants(os.getpid()))

    def _has_too_many(self, processes: int) -> bool:
        """The machine's count is one short read; only when it has grown by as much is the tree looked at."""
        if _tasks_of_machine() - self._tasks_before <= processes:
            return False
        found = process_tree.living(os.getpid())
        return len(found) > processes or sum(map(_threads_of, found)) > processes


def _disks_of(roots: Iterable[str]) -> list[int]:
    """Open one place on each file system: its name may lead elsewhere later."""
    found: dict[int, int] = {}
    for root in roots:
        with contextlib.suppress(OSError):
            place = os.open(root, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC)
            if found.setdefault(os.fstat(place).st_dev, place) != place:
                os.close(place)
    return list(found.values())


def _free_bytes(disk: int) -> float:
    try:
        told = os.fstatvfs(disk)
    except OSError:  # it is gone, as one of a network can be
        return math.inf
    return told.f_bavail * told.f_frsize


def _tasks_of_machine() -> int:
    with open("/proc/loadavg", "rb") as file:
        return int(file.read().split()[3].partition(b"/")[2])


def _tasks_of_user() -> int:
    user = os.getuid()
    return sum(
        int(told[b"Threads"])
        for name in os.listdir("/proc")
        if name.isdigit()
        and _owner_of(name) == user
        and (told := _status_of(name))
        and int(told[b"Uid"].split()[0]) == user
    )


def _owner_of(pid: str) -> int | None:
    with contextlib.suppress(OSError):
        return os.stat(f"/proc/{pid}").st_uid
    return None


def _threads_of(pid: int) -> int:
    return int(_status_of(pid).get(b"Threads", 0))


def _memory_of(pid: int) -> int:
    """Bytes in memory that are no file's: private, and shared with other processes."""
    return _kib(_status_of(pid), (b"RssAnon", b"RssShmem")) * 1024


def _kib(told: dict[bytes, bytes], names: Iterable[bytes]) -> int:
    return sum(int(told[name].split()[0]) for name in names if name in told)


def _status_of(pid: int | str) -> dict[bytes, bytes]:
    """Read the fields of a process's status; none if it is gone."""
    with contextlib.suppress(OSError), open(f"/proc/{pid}/status", "rb") as file:
        return dict(line.partition(b":\t")[::2] for line in file.read().splitlines())
    return {}


def _lower(kind: int, ceiling: int | None, hard_ceiling: int | None = None) -> None:
    if ceiling is None:
        return
    _, hard = resource.getrlimit(kind)
    wanted = ceiling if hard_ceiling is None else hard_ceiling
    new_hard = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(kind, (min(ceiling, new_hard), new_hard))
