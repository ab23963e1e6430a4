"""The host's handle on the zygote: asks it for children, hears how they ended."""

from __future__ import annotations

import array
import contextlib
import itertools
import json
import socket
import time
from collections.abc import Mapping
from typing import Any, Protocol

import anyio

from harness.errors import CLASS_BY_CODE, HarnessError, SandboxError, WorkerError, error_for
from harness.runtimes.cpython.child import Exit
from harness.runtimes.cpython.launch import Launched
from policy.limits import Limits

_MESSAGE_BYTES = 65_536
_READY_TIMEOUT_S = 20.0


class Attendant(Protocol):
    """Hears what a zygote says."""

    def forked(self, zygote: ZygoteProcess, sock: socket.socket, pid: int) -> None:
        """There is a child; it talks on the other end of `sock`."""

    def refused(self, zygote: ZygoteProcess) -> None:
        """A child that was asked for could not be made."""

    def tightened(self, pid: int) -> None:
        """A child has its lower ceilings, or is gone."""

    def exited(self, zygote: ZygoteProcess, pid: int, how: Exit) -> None:
        """A child has ended."""


class ZygoteProcess:
    """A running zygote. One task must be in `listen` for as long as it lives.

    Attributes:
        missing: Barriers that the kernel does not allow here, with the reason of each.
        pids: Its children that have not been reaped.
        failures: Children in a row that could not be made, or ended before they were confined; the pool counts them.
    """

    def __init__(self, launched: Launched) -> None:
        self._launched = launched
        self._control = launched.control
        self._serials = itertools.count(1)
        self._coming: dict[int, socket.socket] = {}  # serial -> our end, until the child's pid is known
        self._last_sign = 0.0  # time.monotonic() when it last spoke, or was asked for something after a rest
        self.missing: Mapping[str, str] = {}
        self.pids: set[int] = set()
        self.failures = 0

    def configure(self, limits: Limits, *, confinement: str) -> None:
        """Tell it the ceilings of its children, and what barriers are demanded.

        Where some are, a first child tries what no worker may do; what it could is `sandbox.unavailable`.
        """
        request = configuration(limits, confinement=confinement, is_tried=confinement != "none")
        with contextlib.suppress(OSError):  # it is gone, as `wait_ready` finds
            self._control.send(json.dumps(request).encode())

    async def wait_ready(self) -> None:
        """Wait until the zygote has confined itself.

        Raises:
            SandboxError: it could not hold a demanded barrier.
            WorkerError: `worker.crashed`, it died or stayed silent.
        """
        message = None
        with anyio.move_on_after(_READY_TIMEOUT_S):
            message = await self._receive()
        if message is None:
            raise WorkerError("worker.crashed", "the worker process did not start", retryable=True)
        if message.get("t") != "ready":
            raise start_failure(message)
        self.missing = message["missing"]

    @property
    def coming(self) -> int:
        """Children that were asked for, and of which nothing was heard yet."""
        return len(self._coming)

    @property
    def silent_s(self) -> float:
        """Seconds since it last spoke, while an answer is due."""
        return time.monotonic() - self._last_sign if self._coming else 0.0

    def fork(self) -> bool:
        """Ask for one child. False if the zygote is gone, or has not read what it was asked before.

        Raises:
            OSError: the host has no descriptors left for it.
        """
        ours, theirs = socket.socketpair()
        serial = next(self._serials)
        fds = array.array("i", [theirs.fileno()])
        request = json.dumps({"t": "fork", "serial": serial}).encode()
        with theirs:
            try:
                self._control.sendmsg([request], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])
            except OSError:
                ours.close()
                return False
        if not self._coming:
            self._last_sign = time.monotonic()
        self._coming[serial] = ours
        return True

    async def tighten(self, pid: int, *, memory_bytes: int, cpu_time_s: float) -> bool:
        """Ask for lower ceilings of a child that waits. False if the zygote is gone."""
        request = {"t": "tighten", "pid": pid, "memory_bytes": memory_bytes, "cpu_time_s": cpu_time_s}
        data = json.dumps(request).encode()
        while True:
            try:
                self._control.send(data)
            except BlockingIOError:  # many children were asked for at once
                try:
                    await anyio.wait_writable(self._control)
                except (OSError, ValueError, anyio.ClosedResourceError):
                    return False
            except OSError:
                return False
            else:
                return True

    async def listen(self, attendant: Attendant) -> None:
        """Pass on what the zygote says, until it ends."""
        while (message := await self._receive()) is not None:
            self._last_sign = time.monotonic()
            match message:
                case {"t": "forked", "serial": int(serial), "pid": int(pid)}:
                    if serial in self._coming:
                        attendant.forked(self, self._coming.pop(serial), pid)
                case {"t": "refused", "serial": int(serial)}:
                    if serial in self._coming:
                        self._coming.pop(serial).close()
                        attendant.refused(self)
                case {"t": "tightened", "pid": int(pid)}:
                    attendant.tightened(pid)
                case {"t": "exited", "pid": int(pid)}:
                    self.pids.discard(pid)
                    attendant.exited(self, pid, _exit_of(message))
                case _:
                    return

    def forget_coming(self) -> None:
        """Wait no longer for children that were asked for; those that come all the same end at once."""
        while self._coming:
            self._coming.popitem()[1].close()

    def end(self) -> None:
        """Kill the zygote; `listen` returns once it is dead. Its children die with it."""
        self._launched.process.kill()

    def kill(self) -> None:
        """End the zygote, and forget it; its children die with it."""
        self.forget_coming()
        self._launched.kill()

    async def _receive(self) -> dict[str, Any] | None:
        while True:
            try:
                data = self._control.recv(_MESSAGE_BYTES)
            except BlockingIOError:
                try:
                    await anyio.wait_readable(self._control)
                except (OSError, ValueError, anyio.ClosedResourceError):
                    return None
                continue
            except OSError:
                return None
            # Written by the zygote's own code, before and beside every script: no script reaches this socket.
            message: dict[str, Any] | None = json.loads(data) if data else None
            return message


def _exit_of(message: Mapping[str, object]) -> Exit:
    status, signal = message.get("status"), message.get("signal")
    rss, cpu = message.get("max_rss_bytes"), message.get("cpu_time_s")
    return Exit(
        status if isinstance(status, int) else None,
        signal if isinstance(signal, int) else None,
        rss if isinstance(rss, int) else 0,
        float(cpu) if isinstance(cpu, (int, float)) else 0.0,
    )


def configuration(limits: Limits, *, confinement: str, is_tried: bool) -> dict[str, object]:
    """Return the first message to a zygote."""
    ceilings = limits.model_dump(include={"memory_bytes", "cpu_time_s", "recursion"})
    return {"t": "configure", "limits": ceilings, "confinement": confinement, "is_tried": is_tried}


def start_failure(message: Mapping[str, Any]) -> HarnessError:
    """Return the error that a zygote told of instead of being ready."""
    code, text, hint = message.get("code"), message.get("message"), message.get("hint")
    if code in CLASS_BY_CODE:
        return error_for(str(code), str(text), hint=None if hint is None else str(hint), details=message.get("details"))
    return SandboxError("sandbox.unavailable", "the worker process could not confine itself")
