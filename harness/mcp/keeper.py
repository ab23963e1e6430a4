"""The keeper of one MCP server that speaks over its pipes: starts it, and ends all of it when the host is gone.

Executed by the host as a small interpreter of its own between itself and the server. The pipes are the server's; the
keeper only watches. So a server that ignores the end of its input, and whatever processes it started, do not outlive
a host that was killed.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import time
from collections.abc import Sequence
from typing import NoReturn

from harness.confine import process, process_tree

CANNOT_EXECUTE = 127
_GRACE_S = 2.0


def main(host_pid: int, argv: Sequence[str]) -> NoReturn:
    """Run a server until it ends, the host is gone, or SIGTERM comes. Ends the process with the server's status.

    Args:
        host_pid: The host, which is the parent of this process.
        argv: The server's program and its arguments.
    """
    process_tree.adopt_orphans()
    host = os.pidfd_open(host_pid)
    wakeup = _wake_on_signals()
    if os.getppid() != host_pid:
        os._exit(1)
    keeper = os.getpid()
    server = os.fork()
    if server == 0:
        _become_server(keeper, argv)
    process.close_descriptors(0, 2)
    _Keeper(server, host, wakeup).keep()


def _become_server(keeper: int, argv: Sequence[str]) -> NoReturn:
    try:
        process.die_with_parent((keeper,))
        process.reset_all_signals()
        os.execvp(argv[0], list(argv))
    except OSError as error:
        print(f"{argv[0]} cannot be executed: {error.strerror}", file=sys.stderr, flush=True)  # noqa: T201  # told to the host
    finally:
        os._exit(CANNOT_EXECUTE)


class _Keeper:
    def __init__(self, server: int, host: int, wakeup: int) -> None:
        self._server = server
        self._host = host
        self._wakeup = wakeup
        self._status: int | None = None
        self._is_told_to_end = False
        signal.signal(signal.SIGTERM, self._end)

    def keep(self) -> NoReturn:
        poll = select.poll()
        for fd in (self._host, self._wakeup):
            poll.register(fd, select.POLLIN)
        while self._status is None and not self._is_told_to_end:
            ready = {fd for fd, _ in poll.poll()}
            self._reap()
            if self._host in ready:
                self._kill()
                os._exit(1)
        if self._status is None:
            self._wait_terminated()
        self._kill()
        code = 1 if self._status is None else os.waitstatus_to_exitcode(self._status)
        os._exit(code if code >= 0 else 128 - code)

    def _end(self, number: int, frame: object) -> None:
        self._is_told_to_end = True

    def _wait_terminated(self) -> None:
        """Ask everything to end, and give it some time."""
        process_tree.terminate(os.getpid())
        deadline = time.monotonic() + _GRACE_S
        while self._status is None and time.monotonic() < deadline:
            time.sleep(0.01)
            self._reap()

    def _kill(self) -> None:
        process_tree.kill(os.getpid(), self._reap)
        self._reap()

    def _reap(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self._wakeup, 4096)
        with contextlib.suppress(ChildProcessError):
            while (found := os.waitpid(-1, os.WNOHANG))[0]:
                if found[0] == self._server:
                    self._status = found[1]


def _wake_on_signals() -> int:
    """Return a descriptor that is readable after a child has ended or a signal came."""
    reader, writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    while reader <= 2 or writer <= 2:  # 0 to 2 are closed later
        raise OSError("standard descriptors are missing")
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    return reader
