"""Commands under confinement, from the host's side: start, wait, end.

The host starts one launcher process when the first command comes. Each command has a supervisor, which ends the whole
tree of the command's processes when the command itself ends, when the host says so, and when the host or the launcher
is gone.

References:
    docs/how-to/confine-commands.md.
"""

from __future__ import annotations

import array
import contextlib
import json
import os
import socket
import struct
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, Self

import anyio

from harness.confine.barriers import COMMAND_BARRIERS, COMMAND_REQUIRED, BarrierStatus
from harness.confine.order import Order
from harness.errors import CLASS_BY_CODE, CallError, HarnessError, SandboxError, error_for
from harness.fresh_interpreter import launch_interpreter, package_root
from policy.grants import Grants
from policy.settings import PRESETS, Resources

Protection = Literal["mount_namespace", "landlock", "none"]

_BOOTSTRAP = (
    "import sys; fd, host = map(int, sys.argv[1:3]); sys.path[:0] = sys.argv[3:]; del sys.argv[1:]; "
    "from harness.confine.launcher import main; main(fd, host)"
)
_MESSAGE_BYTES = 65_536
_CREDENTIALS = struct.Struct("3i")
_KILLED = 9
_PARTING_S = 6.0
_STARTS = 2  # a launcher that was killed, or does not answer, is replaced once
_START_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandSpec:
    """One command.

    Attributes:
        argv: Arguments, the name of the program first; at least one.
        program: Absolute path of the file to execute.
        cwd: Absolute path of the folder to start in, without links: one that took a place in it is not followed.
        env: The whole environment.
        grants: What it may do; `is_confined=False` runs it without any barrier.
        resources: Its ceilings; `wall_time_s` is the caller's to keep.
    """

    argv: tuple[str, ...]
    program: str
    cwd: str
    env: Mapping[str, str]
    grants: Grants
    resources: Resources


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended.

    Attributes:
        exit_code: Its status, None if a signal ended it.
        signal: The signal's number, None if it exited.
        cpu_time_s: Processor time of the whole tree.
        max_rss_bytes: Most resident memory of any one process of the tree; some 10 MB are the launcher's own.
        limit: "memory", "processes" or "disk" if the supervisor killed it for that, else None.
    """

    exit_code: int | None
    signal: int | None
    cpu_time_s: float = 0.0
    max_rss_bytes: int = 0
    limit: str | None = None


class RunningCommand:
    """A command that was executed.

    Attributes:
        pid: Of the command itself, as the host sees it.
        stdout: Non-blocking read end of a pipe; the caller's, who closes it.
        stderr: Likewise.
        barriers: Names of the barriers that hold for it.
        missing: Names of the others, each with the reason.
        protection: How protected paths inside writable folders are kept read-only. "landlock": nothing new can be
            made directly in a folder that has such a path below it.
    """

    def __init__(self, channel: socket.socket, stdout: int, stderr: int, said: Mapping[str, Any]) -> None:
        self._channel = channel
        self._ended: Ended | None = None
        self._turn = anyio.Lock()
        self.pid: int = said["pid"]
        self.stdout = stdout
        self.stderr = stderr
        self.barriers: tuple[str, ...] = tuple(said["barriers"])
        self.missing: Mapping[str, str] = said["missing"]
        self.protection: Protection = said["protection"]

    async def wait(self) -> Ended:
        """Wait until the command itself has ended and what it left behind was killed."""
        async with self._turn:
            while self._ended is None:
                message = await _receive(self._channel)
                if message is None or message["t"] == "ended":
                    self._ended = _ended(message or {})
                    self._channel.close()
        return self._ended

    def terminate(self) -> None:
        """Ask every process of the tree to end (SIGTERM). Returns at once."""
        self._say(b"T")

    def kill(self) -> None:
        """Kill every process of the tree, those included that left its group and session. Returns at once."""
        self._say(b"K")

    def forget(self) -> None:
        """Hear no more of it. Its supervisor, if it still lives, ends it."""
        self._channel.close()

    def _say(self, order: bytes) -> None:
        with contextlib.suppress(OSError):  # it has ended
            self._channel.send(order)


class Launcher:
    """Starts commands. An async context manager; what still runs at its end is killed.

    Args:
        confinement: "required" demands the barriers that every Linux gives, "strict" all of them, "none" takes what
            it can get.
    """

    def __init__(self, *, confinement: str = "required") -> None:
        self._confinement = confinement
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._starting = anyio.Lock()
        self._running: set[RunningCommand] = set()
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._closed = True
        with anyio.move_on_after(_PARTING_S, shield=True):
            for command in list(self._running):
                command.kill()
            for command in list(self._running):
                await command.wait()
        self._end_launcher()
        for command in self._running:
            command.forget()

    async def start(self, spec: CommandSpec) -> RunningCommand:
        """Execute a command.

        Raises:
            SandboxError: `sandbox.unavailable`, a demanded barrier cannot be had, or the host has no descriptors,
                memory or processes left for a launcher or for what it is sent.
            CallError: `tool.failed`, the program cannot be executed or the folder cannot be entered.
        """
        order = _order(spec, self._confinement)
        for _ in range(_STARTS):
            try:
                command = await self._try(order)
            except OSError as error:
                hint = "try again when other work has ended, or raise this process's limits (`ulimit -a`)"
                raise _unavailable(f"no command could be started: {error.strerror}", hint) from None
            if command is not None:
                self._running = {one for one in self._running if one._ended is None} | {command}
                return command
        raise _unavailable()

    async def _try(self, order: Order) -> RunningCommand | None:
        """Start a command; None if the launcher, or the supervisor before it did anything, is gone."""
        with contextlib.ExitStack() as unless_started, contextlib.ExitStack() as passed:
            channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            unless_started.callback(channel.close)
            passed.callback(theirs.close)
            channel.setblocking(False)
            channel.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
            out_read, out_write = _pipe(unless_started, passed)
            err_read, err_write = _pipe(unless_started, passed)
            order_fd = order.to_file()
            passed.callback(os.close, order_fd)
            sent = await self._send([order_fd, theirs.fileno(), out_write, err_write])
            launcher = self._process
            passed.close()
            said = await self._started(channel, launcher) if sent else None
            if said is None:
                self._end_launcher(launcher)
                return None
            unless_started.pop_all()
        return RunningCommand(channel, out_read, err_read, said)

    async def _started(self, channel: socket.socket, launcher: subprocess.Popen[bytes] | None) -> dict[str, Any] | None:
        """Return what the command's own process said before its exec; None if nothing of it was or will be executed.

        Raises:
            HarnessError: it could not be executed, or not be confined, or was killed when it had just begun.
        """
        said: list[dict[str, Any]] = []
        for _ in range(2):
            with anyio.move_on_after(_START_TIMEOUT_S):
                return await _wait_started(channel, said)
            # It is stopped: the request must not be taken up later, and its supervisor ends.
            self._end_launcher(launcher)
        raise _unavailable()

    async def _send(self, fds: list[int]) -> bool:
        """Pass a request's descriptors to the launcher, which is started if there is none. False if it is gone."""
        if self._closed:
            raise _unavailable()
        control = self._living_launcher()
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))]
        while True:
            try:
                control.sendmsg([b"!"], rights)
            except BlockingIOError:
                await anyio.wait_writable(control)
            except OSError:
                return False
            else:
                return True

    def _living_launcher(self) -> socket.socket:
        if self._process is not None and self._process.poll() is not None:
            self._end_launcher()
        if self._control is None:
            self._process, self._control = launch_interpreter(_BOOTSTRAP, str(os.getpid()), package_root(), env={})
        return self._control

    def _end_launcher(self, which: subprocess.Popen[bytes] | None = None) -> None:
        """End the launcher; with `which`, only if no other has taken its place, which others use already."""
        if which is not None and self._process is not which:
            return
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = self._control = None


async def probe() -> list[BarrierStatus]:
    """Execute a command that does nothing, and say which barriers it had and why not the others.

    Raises:
        SandboxError: `sandbox.unavailable`, no command could be started.
    """
    spec = CommandSpec(
        argv=(sys.executable, "-I", "-S", "-c", ""),
        program=sys.executable,
        cwd="/",
        env={},
        grants=Grants(),
        resources=PRESETS["generous"],
    )
    async with Launcher(confinement="none") as launcher:
        command = await launcher.start(spec)
        await command.wait()
    os.close(command.stdout)
    os.close(command.stderr)
    return [
        BarrierStatus(name, name in COMMAND_REQUIRED, name in command.barriers, command.missing.get(name))
        for name in COMMAND_BARRIERS
    ]


def _order(spec: CommandSpec, confinement: str) -> Order:
    grants, resources = spec.grants, spec.resources
    return Order(
        argv=spec.argv,
        program=spec.program,
        cwd=spec.cwd,
        env=dict(spec.env),
        confinement=confinement,
        is_confined=grants.is_confined,
        network=grants.network,
        writable=grants.writable,
        protected=grants.protected,
        hidden=grants.hidden,
        memory_bytes=resources.memory_bytes,
        processes=resources.processes,
        file_bytes=resources.file_bytes,
        cpu_time_s=resources.cpu_time_s,
    )


async def _wait_started(channel: socket.socket, said: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return what the command's own process said last before its exec; None if the supervisor was gone before that.

    Args:
        channel: From the supervisor.
        said: Keeps what the command's own process said, for whoever waits again.

    Raises:
        HarnessError: it could not be executed, or not be confined, or the supervisor is gone since.
    """
    while (message := await _receive(channel)) is not None:
        match message["t"]:
            case "executing":
                said.append(message)
            case "failed":
                raise _failure(message)
            case "started" if said:
                return said[-1]
            case "started":  # its process was killed before its exec: nothing of the command was executed
                raise CallError("tool.failed", "the command was killed before it began")
    if said:  # it may have done something already, so it is not started again (tests/soak/test_scarcity.py)
        raise CallError("tool.failed", "the command was killed when it had just begun")
    return None


async def _receive(channel: socket.socket) -> dict[str, Any] | None:
    """Return a message with the pid of its sender, or None at the end.

    Only our own processes hold the other end: it is closed when a command is executed.
    """
    while True:
        try:
            data, ancillary, _, _ = channel.recvmsg(_MESSAGE_BYTES, socket.CMSG_SPACE(_CREDENTIALS.size))
        except BlockingIOError:
            await anyio.wait_readable(channel)
            continue
        except OSError:
            return None
        message: dict[str, Any] | None = json.loads(data) if data else None
        if message is not None and ancillary:
            message["pid"] = _CREDENTIALS.unpack(ancillary[0][2])[0]
        return message


def _ended(message: Mapping[str, Any]) -> Ended:
    """Read the last message; without one the supervisor was killed, and the command with it."""
    return Ended(
        exit_code=message.get("status"),
        signal=message.get("signal") if message else _KILLED,
        cpu_time_s=message.get("cpu_time_s", 0.0),
        max_rss_bytes=message.get("max_rss_bytes", 0),
        limit=message.get("limit"),
    )


def _failure(message: Mapping[str, Any]) -> HarnessError:
    code = message["code"] if message["code"] in CLASS_BY_CODE else "tool.failed"
    return error_for(code, message["message"], hint=message.get("hint"), details=message.get("details"))


def _unavailable(
    message: str = "the launcher of commands is gone",
    hint: str = "run `toolscript doctor` to see what this machine enforces",
) -> SandboxError:
    return SandboxError("sandbox.unavailable", message, hint=hint, retryable=True)


def _pipe(reading: contextlib.ExitStack, writing: contextlib.ExitStack) -> tuple[int, int]:
    """Make a pipe whose reading end does not block; each end is closed by its stack."""
    read, write = os.pipe()
    reading.callback(os.close, read)
    writing.callback(os.close, write)
    os.set_blocking(read, False)
    return read, write
