"""Confined children that stand ready, so that neither fork nor confinement is on a script's way."""

from __future__ import annotations

import itertools
import socket
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Self

import anyio
import anyio.abc

from harness.errors import HarnessError, WorkerError
from harness.runtimes.cpython.channel import open_channel
from harness.runtimes.cpython.child import Child, Exit
from harness.runtimes.cpython.launch import Launched, launch_zygote
from harness.runtimes.cpython.zygote_process import ZygoteProcess
from policy.limits import Limits

_ADMISSION_TIMEOUT_S = 10.0
_ATTEMPTS = 3
_FAILURES = 8  # children in a row that ended before they were confined


class Pool:
    """Keeps `size` children ready and makes more on demand. Heals itself when children or the zygote die.

    Args:
        limits: The loosest that any run may have; the kernel's ceilings are set to them.
        confinement: "required", "strict" or "none".
        size: Children that stand ready.
        setup_frame: Sent to every child before it is needed.
        max_frame_bytes: Longest frame that a child may send.
        launched: A zygote that boots already; it is the pool's from now on.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        confinement: str,
        size: int,
        setup_frame: bytes,
        max_frame_bytes: int,
        launched: Launched | None = None,
    ) -> None:
        self.limits = limits
        self._confinement = confinement
        self._launched = launched
        self._size = size
        self._setup_frame = setup_frame
        self._max_frame_bytes = max_frame_bytes
        self._serials = itertools.count(1)
        self._idle: deque[Child] = deque()
        self._coming: dict[int, socket.socket] = {}  # serial -> our end, until the child's pid is known
        self._tightening: dict[int, anyio.Event] = {}
        self._admitting = 0
        self._waiting = 0
        self._closed = False
        self._failed_in_a_row = 0
        self._children: dict[int, Child] = {}
        self._changed = anyio.Event()
        self._zygote: ZygoteProcess | None = None
        self._starting = anyio.Lock()
        self._tasks: anyio.abc.TaskGroup | None = None

    async def __aenter__(self) -> Self:
        self._tasks = anyio.create_task_group()
        await self._tasks.__aenter__()
        try:
            await self._living_zygote()
        except BaseException as error:
            await self.__aexit__(type(error), error, error.__traceback__)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._tasks is not None
        self._closed = True
        for child in list(self._children.values()):
            child.withdraw()
        if self._zygote is not None:
            self._zygote.kill()
        if self._launched is not None:
            self._launched.kill()
        self._forget_coming()
        self._tasks.cancel_scope.cancel()
        await self._tasks.__aexit__(None, None, None)

    @property
    def missing(self) -> dict[str, str]:
        """Barriers that the kernel does not allow here, with the reason of each."""
        return dict(self._zygote.missing) if self._zygote else {}

    async def acquire(self) -> Child:
        """Take a child that has run nothing, forking one if none stands ready.

        Raises:
            SandboxError: a demanded barrier cannot be had.
            WorkerError: `worker.crashed`, no child could be made.
        """
        self._failed_in_a_row = 0
        for _ in range(_ATTEMPTS):
            await self._living_zygote()
            child = await self._next_child()
            if child is not None:
                return child
        raise WorkerError("worker.crashed", "no worker process could be started", retryable=True)

    async def tighten(self, child: Child, *, memory_bytes: int, cpu_time_s: float) -> None:
        """Lower a waiting child's ceilings, and wait until the kernel has them. A child that is gone stays gone."""
        if self._zygote is None or not self._zygote.tighten(
            child.pid, memory_bytes=memory_bytes, cpu_time_s=cpu_time_s
        ):
            return
        done = self._tightening[child.pid] = anyio.Event()
        await done.wait()

    def refill(self) -> None:
        """Ask for as many children as are missing. Called when a run is over, so that no run waits for it."""
        wanted = self._size + self._waiting - len(self._idle) - len(self._coming) - self._admitting
        for _ in range(wanted):
            self._request_child()

    def do_later(self, work: Callable[[], None]) -> None:
        """Do something in the pool's own task, when whoever asks goes on to wait."""

        async def do() -> None:
            work()

        if self._closed or self._tasks is None:
            work()
        else:
            self._tasks.start_soon(do)

    async def _next_child(self) -> Child | None:
        """Return an idle child; None if the zygote died while we waited, or its children keep failing."""
        zygote = self._zygote
        self._waiting += 1
        try:
            while self._zygote is zygote and self._failed_in_a_row < _FAILURES:
                while self._idle:
                    child = self._idle.popleft()
                    if child.is_alive():
                        return child
                    child.kill()
                self.refill()
                await self._changed.wait()
        finally:
            self._waiting -= 1
        return None

    async def _living_zygote(self) -> None:
        if self._zygote is None:
            async with self._starting:
                await self._start_zygote_once()

    async def _start_zygote_once(self) -> None:
        if self._zygote is not None:
            return
        launched, self._launched = self._launched or launch_zygote(), None
        zygote = ZygoteProcess(launched)
        zygote.configure(self.limits, confinement=self._confinement)
        try:
            await zygote.wait_ready()
        except BaseException:
            zygote.kill()
            raise
        self._zygote = zygote
        assert self._tasks is not None
        self._tasks.start_soon(self._attend, zygote)
        self.refill()

    async def _attend(self, zygote: ZygoteProcess) -> None:
        """Listen to a zygote until it dies, then forget it and everything that died with it."""
        await zygote.listen(self._on_forked, self._on_tightened, self._on_exited)
        zygote.kill()
        self._zygote = None
        while self._idle:
            self._idle.pop().kill()
        self._forget_coming()
        for child in list(self._children.values()):
            self._on_exited(child.pid, Exit(None, 9, 0, 0.0))
        self._signal_change()

    def _forget_coming(self) -> None:
        while self._coming:
            self._coming.popitem()[1].close()

    def _request_child(self) -> None:
        if self._zygote is None or self._closed:
            return
        ours, theirs = socket.socketpair()
        serial = next(self._serials)
        with theirs:
            sent = self._zygote.fork(serial, theirs)
        if sent:
            self._coming[serial] = ours
        else:
            ours.close()

    def _on_forked(self, serial: int, pid: int) -> None:
        sock = self._coming.pop(serial, None)
        if sock is None or self._tasks is None:
            return
        try:
            channel = open_channel(sock, max_frame_bytes=self._max_frame_bytes)
            child = Child(pid, channel)
        except OSError:  # it is gone already
            sock.close()
            self._signal_change()
            return
        self._children[pid] = child
        self._admitting += 1
        self._tasks.start_soon(self._admit, child)

    def _on_tightened(self, pid: int) -> None:
        done = self._tightening.pop(pid, None)
        if done is not None:
            done.set()

    async def _admit(self, child: Child) -> None:
        """Let a child join the idle ones once it has said that it is confined."""
        hello = None
        try:
            with anyio.move_on_after(_ADMISSION_TIMEOUT_S):
                await child.channel.send(self._setup_frame)
                hello = await child.channel.receive()
        except HarnessError:
            hello = None
        finally:
            self._admitting -= 1
        if hello is None or hello["t"] != "hello" or self._zygote is None:
            self._failed_in_a_row += 1
            child.kill()
        else:
            self._failed_in_a_row = 0
            child.barriers = tuple(hello["barriers"])
            child.idle_rss_bytes = hello["idle_rss_bytes"]
            self._idle.append(child)
        self._signal_change()

    def _on_exited(self, pid: int, how: Exit) -> None:
        self._on_tightened(pid)
        child = self._children.pop(pid, None)
        if child is None:
            return
        child.exited(how)
        if child in self._idle:
            self._idle.remove(child)
            child.kill()
            self.refill()

    def _signal_change(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()
