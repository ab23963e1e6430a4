"""What the process of a command does to itself between its fork and its exec."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import signal
import socket
from dataclasses import dataclass
from typing import NoReturn

from harness.confine import capabilities, command_filter, file_rules, landlock, process, seccomp
from harness.confine.barriers import BarrierRecord
from harness.confine.consumption import cap_command
from harness.confine.guarded import Guarded
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


@dataclass(frozen=True, slots=True)
class Confinement:
    """How far the process that forks a command is confined, for the command to go on from.

    Attributes:
        record: Which barriers are up.
        looked_at: Paths as they are; None for a command that is not confined.
        processes: What the kernel is to count up to (RLIMIT_NPROC), or None.
    """

    record: BarrierRecord
    looked_at: Guarded | None
    processes: int | None = None

    def protection(self) -> str:
        """Say what keeps protected paths read-only."""
        held = self.record.held
        if self.looked_at is None or "landlock" not in held:
            return "mount_namespace" if "mount_namespace" in held else "none"
        has_views = "mount_namespace" in held
        return "mount_namespace" if has_views and not self.looked_at.links else "landlock"


class Execution:
    """One command on its way to exec(2).

    Args:
        order: What to execute.
        confinement: How far it is confined already.
        channel: To the host; it is told what went wrong, or that it comes now.
        failure_fd: A byte is written to it when something went wrong; it is closed by a successful exec.
    """

    def __init__(self, order: Order, confinement: Confinement, channel: socket.socket, failure_fd: int) -> None:
        self._order = order
        self._confinement = confinement
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
        except ValueError as error:  # a word that no system call takes: with a NUL, or a lone surrogate
            self._fail(CallError("tool.failed", f"the command could not be started: {error}").to_wire())
        finally:
            os._exit(127)

    def _settle(self, stdout_fd: int, stderr_fd: int) -> None:
        """Take a session and the standard streams; leave every other descriptor behind."""
        signal.set_wakeup_fd(-1)
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
        """Give up what a command does not need; what an earlier step needs goes later."""
        record, looked_at, order = self._confinement.record, self._confinement.looked_at, self._order
        record.held += ["own_session", "closed_descriptors"]
        record.put_up("rlimits", lambda: cap_command(order, processes=self._confinement.processes))
        if looked_at is None:
            return
        has_views = "mount_namespace" in record.held
        record.put_up("no_capabilities", capabilities.drop_keeping_ids)
        record.put_up("no_new_privs", process.forbid_new_privileges)
        record.put_up("landlock", lambda: file_rules.restrict(looked_at, has_views=has_views, network=order.network))
        record.put_up("landlock_scopes", _require_scopes)
        record.put_up("seccomp", self._filter)

    def _filter(self) -> None:
        held = self._confinement.record.held
        program = command_filter.program(
            network=self._order.network,
            has_ipc_namespace="ipc_namespace" in held,
            has_pid_namespace="pid_namespace" in held,
        )
        seccomp.install_program(program)

    def _execute(self) -> None:
        order = self._order
        try:
            os.chdir(order.cwd)
            if os.getcwd() != order.cwd:  # a link took its place since it was decided about
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        except OSError as error:
            raise _failure("the folder to start in cannot be entered", error) from error
        record = self._confinement.record
        protection = self._confinement.protection()
        self._tell(
            {"t": "executing", "barriers": record.held, "missing": dict(record.missing), "protection": protection}
        )
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


def _require_scopes() -> None:
    if (known := landlock.abi()) < landlock.SCOPES_ABI:
        raise ValueError(f"Landlock has ABI {known} here, and scopes from {landlock.SCOPES_ABI} on (Linux 6.12)")


def _failure(what: str, error: OSError) -> CallError:
    code = errno.errorcode.get(error.errno or 0, "EIO")
    return CallError(
        "tool.failed",
        f"{what}: {code} ({os.strerror(error.errno or errno.EIO)})",
        hint=_HINTS.get(error.errno or 0),
        details={"errno": code},
    )
