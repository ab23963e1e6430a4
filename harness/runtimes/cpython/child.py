"""The host's handle on one confined process: its channel, its pidfd, what the kernel charged it."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from dataclasses import dataclass

import anyio

from harness.runtimes.cpython.channel import Channel


@dataclass(frozen=True, slots=True)
class Exit:
    """How a process ended, as the zygote reaped it. Exactly one of `status` and `signal` is set."""

    status: int | None
    signal: int | None
    max_rss_bytes: int
    cpu_time_s: float


class Child:
    """One confined process that runs at most one script."""

    def __init__(self, pid: int, channel: Channel) -> None:
        self.pid = pid
        self.channel = channel
        self.barriers: tuple[str, ...] = ()
        self.idle_rss_bytes = 0
        self.exit: Exit | None = None
        self.is_withdrawn = False
        self._gone = anyio.Event()
        # A pidfd names this very process even after its number was given to another one.
        self._pidfd: int | None = os.pidfd_open(pid)

    def kill(self) -> None:
        """End the process at once. Safe to call at any time and again."""
        if self._pidfd is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            os.close(self._pidfd)
            self._pidfd = None
        self.channel.close()

    def withdraw(self) -> None:
        """End the process because the pool closes, whatever it does."""
        self.is_withdrawn = True
        self.kill()

    def is_alive(self) -> bool:
        """Ask the kernel: a pidfd becomes readable when its process ends, before anybody has reaped it."""
        return self._pidfd is not None and not _is_readable(self._pidfd)

    def exited(self, how: Exit) -> None:
        """Take note that the zygote reaped the process."""
        self.exit = how
        self._gone.set()

    async def wait_exit(self, *, timeout_s: float) -> Exit | None:
        """Wait until the process was reaped; None if that takes too long."""
        with anyio.move_on_after(timeout_s):
            await self._gone.wait()
        return self.exit

    def cpu_time_s(self) -> float:
        """Processor seconds so far, by the process's own CPU clock; the reaped figure once it is gone."""
        if self.exit is not None:
            return self.exit.cpu_time_s
        try:
            return time.clock_gettime(_cpu_clock_of(self.pid))
        except OSError:
            return 0.0

    def peak_memory_bytes(self) -> int:
        """Peak resident bytes above the idle worker, by the kernel's accounting."""
        peak = self.exit.max_rss_bytes if self.exit is not None else _high_water_mark(self.pid)
        return max(0, peak - self.idle_rss_bytes)


def _cpu_clock_of(pid: int) -> int:
    """The clock id of a process, as clock_getcpuclockid(3) makes it (CPUCLOCK_SCHED of a whole process)."""
    return (~pid << 3) | 2


def _high_water_mark(pid: int) -> int:
    try:
        status = os.open(f"/proc/{pid}/status", os.O_RDONLY | os.O_CLOEXEC)
        try:
            text = os.read(status, 4096)
        finally:
            os.close(status)
    except OSError:
        return 0
    _, found, rest = text.partition(b"VmHWM:")
    return int(rest.split(None, 1)[0]) * 1024 if found else 0


def _is_readable(fd: int) -> bool:
    poll = select.poll()  # unlike select(2), it takes descriptors above 1023
    poll.register(fd, select.POLLIN)
    return bool(poll.poll(0))
