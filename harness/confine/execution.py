"""What the process of a command does to itself between its fork and its exec."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import resource
import signal
import socket
from typing import NoReturn

from harness.confine import process
from harness.confine.order import Order
from harness.errors import CallError, HarnessError

_FAILURE_FD, _CHANNEL_FD = 3, 4
_OOM_SCORE = b"500"  # out of memory, the kernel takes commands before the host
_HINTS = {
    errno.ENOENT: "check its name, or the interpreter that its first line names",
    errno.EACCES: "make it executable, or run it through its interpreter",
    errno.ENOEXEC: "run it through its interpreter",
    errno.E2BIG: "pass fewer or shorter arguments; write the data to a file and pass its name",
}


class Execution:
    """One command on its way to exec(2).

    Args:
        order: What to execute.
        channel: To the host; it is told what went wrong, or that it comes now.
        failure_fd: A byte is written to it when something went wrong; it is closed by a successful exec.
    """

    def __init__(self, order: Order, channel: socket.socket, failure_fd: int) -> None:
        self._order = order
        self._channel = channel
        self._failure_fd = failure_fd

    def become_command(self, stdout_fd: int, stderr_fd: int) -> NoReturn:
        """Confine this process and execute the command in it. Ends the process if that fails."""
        try:
            self._settle(stdout_fd, stderr_fd)
            self._confine()
            self._execute()
        except HarnessError as error:
            self._fail(error.to_wire())
        except OSError as error:
            self._fail(_failure("the command could not be started", error).to_wire())
        finally:
            os._exit(127)

    def _settle(self, stdout_fd: int, stderr_fd: int) -> None:
        """Take a session, the standard streams and the default signals; leave every other descriptor behind."""
        signal.set_wakeup_fd(-1)
        reset_all_signals()
        os.setsid()
        for source, target in ((stdout_fd, 1), (stderr_fd, 2)):
            os.dup2(source, target)
        # Both numbers are taken already, by something lower than what moves there: copies cannot overwrite each other.
        channel, failure = os.dup(self._channel.fileno()), os.dup(self._failure_fd)
        os.dup2(failure, _FAILURE_FD, inheritable=False)
        os.dup2(channel, _CHANNEL_FD, inheritable=False)
        process.close_descriptors(_CHANNEL_FD + 1, 0xFFFFFFFF)
        with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "wb") as score:
            score.write(_OOM_SCORE)

    def _confine(self) -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def _execute(self) -> None:
        order = self._order
        try:
            os.chdir(order.cwd)
        except OSError as error:
            raise _failure("the folder to start in cannot be entered", error) from error
        self._tell({"t": "executing", "barriers": [], "missing": {}, "protection": "none"})
        try:
            os.execve(order.program, order.argv, dict(order.env))
        except OSError as error:
            raise _failure(f"{order.argv[0]} cannot be executed", error) from error

    def _fail(self, error: dict[str, object]) -> None:
        self._tell({"t": "failed", **error})
        os.write(_FAILURE_FD, b"!")

    def _tell(self, message: dict[str, object]) -> None:
        with contextlib.suppress(OSError):
            os.write(_CHANNEL_FD, json.dumps(message).encode())


def _failure(what: str, error: OSError) -> CallError:
    code = errno.errorcode.get(error.errno or 0, "EIO")
    return CallError(
        "tool.failed",
        f"{what}: {code} ({os.strerror(error.errno or errno.EIO)})",
        hint=_HINTS.get(error.errno or 0),
        details={"errno": code},
    )


def reset_all_signals() -> None:
    """Give every signal its default back, those that an interpreter ignores for itself included, and block none."""
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        with contextlib.suppress(OSError, ValueError):  # those that libc keeps for itself
            signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
