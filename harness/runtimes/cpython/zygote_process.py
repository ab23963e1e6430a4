"""The host's handle on the zygote: asks it for children, hears how they ended."""

from __future__ import annotations

import array
import contextlib
import json
import socket
from collections.abc import Callable, Mapping
from typing import Any

import anyio

from harness.errors import CLASS_BY_CODE, HarnessError, SandboxError, WorkerError, error_for
from harness.runtimes.cpython.child import Exit
from harness.runtimes.cpython.launch import Launched
from policy.limits import Limits

_MESSAGE_BYTES = 65_536
_READY_TIMEOUT_S = 20.0

OnForked = Callable[[int, int], None]  # serial, pid
OnTightened = Callable[[int], None]  # pid
OnExited = Callable[[int, Exit], None]  # pid, how


class ZygoteProcess:
    """A running zygote. One task must be in `listen` for as long as it lives."""

    def __init__(self, launched: Launched) -> None:
        self._launched = launched
        self._control = launched.control
        self.missing: Mapping[str, str] = {}

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

    def fork(self, serial: int, child_end: socket.socket) -> bool:
        """Ask for one child that talks on `child_end`. False if the zygote is gone."""
        fds = array.array("i", [child_end.fileno()])
        request = json.dumps({"t": "fork", "serial": serial}).encode()
        try:
            self._control.sendmsg([request], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])
        except OSError:
            return False
        return True

    def tighten(self, pid: int, *, memory_bytes: int, cpu_time_s: float) -> bool:
        """Ask for lower ceilings of a child that waits. False if the zygote is gone."""
        request = {"t": "tighten", "pid": pid, "memory_bytes": memory_bytes, "cpu_time_s": cpu_time_s}
        try:
            self._control.send(json.dumps(request).encode())
        except OSError:
            return False
        return True

    async def listen(self, on_forked: OnForked, on_tightened: OnTightened, on_exited: OnExited) -> None:
        """Pass on what the zygote says, until it ends."""
        while (message := await self._receive()) is not None:
            match message:
                case {"t": "forked", "serial": int(serial), "pid": int(pid)}:
                    on_forked(serial, pid)
                case {"t": "tightened", "pid": int(pid)}:
                    on_tightened(pid)
                case {"t": "exited", "pid": int(pid)}:
                    on_exited(pid, _exit_of(message))
                case _:
                    return

    def kill(self) -> None:
        """End the zygote; its children die with it."""
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
