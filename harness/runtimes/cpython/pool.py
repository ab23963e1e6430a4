"""Confined children that stand ready, so that neither fork nor confinement is on a script's way."""

from __future__ import annotations

import contextlib
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
from harness.runtimes.cpython.launch import Launched, launch_zygote, no_worker
from harness.runtimes.cpython.zygote_process import ZygoteProcess
from policy.limits import Limits

_ADMISSION_TIMEOUT_S = 10.0
_ATTEMPTS = 3
_FAILURES = 8  # children in a row that could not be made, or ended before they were confined
_ANSWER_TIMEOUT_S = 10.0  # a zygote answers in a millisecond, and after a thousand others in a few seconds


class Pool:
    """Keeps `size` children ready and makes more on demand. Heals itself when children or the zygote die.

    A zygote that makes no more children (it is stopped, or out of memory, processes or descriptors) is retired: another
    one takes its place, and it ends with the last run in its children. `tests/soak/test_scarcity.py` has each case.

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
        self._idle: deque[Child] = deque()
        self._tightening: dict[int, anyio.Event] = {}
        self._admitting: set[Child] = set()
        self._waiting = 0
        self._closed = False
        self._children: dict[int, Child] = {}
        self._changed = anyio.Event()
        self._zygote: ZygoteProcess | None = None
        self._retired: list[ZygoteProcess] = []
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
        if self._launched is not None:
            self._launched.kill()
        for zygote in (self._zygote, *self._retired):
            if zygote is not None:
                zygote.kill()
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
        for _ in range(_ATTEMPTS):
            await self._living_zygote()
            child = await self._next_child()
            if child is not None:
                return child
        raise no_worker()

    async def tighten(self, child: Child, *, memory_bytes: int, cpu_time_s: float) -> None:
        """Lower a waiting child's ceilings, and wait until the kernel has them. A child that is gone stays gone.

        Raises:
            WorkerError: `worker.crashed`, the zygote does not answer.
        """
        zygote = self._zygote_of(child)
        if zygote is None:
            return
        done = self._tightening[child.pid] = anyio.Event()
        try:
            with anyio.move_on_after(_ANSWER_TIMEOUT_S):
                if await zygote.tighten(child.pid, memory_bytes=memory_bytes, cpu_time_s=cpu_time_s):
                    await done.wait()
                return
        finally:
            self._tightening.pop(child.pid, None)
        self._retire(zygote)
        raise no_worker()

    def _zygote_of(self, child: Child) -> ZygoteProcess | None:
        living = (self._zygote, *self._retired)
        return next((zygote for zygote in living if zygote is not None and child.pid in zygote.pids), None)

    def refill(self) -> None:
        """Ask for as many children as are missing. Called when a run is over, so that no run waits for it."""
        self._end_retired()
        with contextlib.suppress(WorkerError):  # whoever needs one is told
            self._request_missing()

    def _request_missing(self) -> None:
        """Ask for as many children as are missing.

        Raises:
            WorkerError: `worker.crashed`, the host has no descriptors for even one.
        """
        zygote = self._zygote
        if zygote is None or self._closed:
            return
        try:
            while len(self._idle) + zygote.coming + len(self._admitting) < self._size + self._waiting:
                if not zygote.fork():
                    return
        except OSError as error:
            if not (zygote.coming or self._admitting):
                raise no_worker(error) from error

    def do_later(self, work: Callable[[], None]) -> None:
        """Do something in the pool's own task, when whoever asks goes on to wait."""

        async def do() -> None:
            work()

        if self._closed or self._tasks is None:
            work()
        else:
            self._tasks.start_soon(do)

    async def _next_child(self) -> Child | None:
        """Return an idle child; None if the zygote died or was retired while we waited."""
        zygote = self._zygote
        self._waiting += 1
        try:
            while zygote is not None and self._zygote is zygote:
                while self._idle:
                    child = self._idle.popleft()
                    if child.is_alive():
                        return child
                    child.kill()
                self._request_missing()
                with anyio.move_on_after(_ANSWER_TIMEOUT_S):
                    await self._changed.wait()
                if zygote.silent_s >= _ANSWER_TIMEOUT_S:
                    self._retire(zygote)
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
        await zygote.listen(self)
        zygote.kill()
        if self._zygote is zygote:
            self._zygote = None
        if zygote in self._retired:
            self._retired.remove(zygote)
        while zygote.pids:
            self.exited(zygote, zygote.pids.pop(), Exit(None, 9, 0, 0.0))
        self._signal_change()

    def _retire(self, zygote: ZygoteProcess) -> None:
        """Take no more children of a zygote. Those that run scripts go on; it ends after the last of them."""
        if self._zygote is not zygote:
            return
        self._zygote = None
        self._retired.append(zygote)
        zygote.forget_coming()
        while self._idle:
            self._idle.pop().kill()
        for child in self._admitting:
            child.kill()
        self._end_retired()
        self._signal_change()

    def _end_retired(self) -> None:
        for zygote in list(self._retired):
            if not any(self._children[pid].is_alive() for pid in zygote.pids):
                self._retired.remove(zygote)
                zygote.end()

    # What a zygote says (Attendant).

    def forked(self, zygote: ZygoteProcess, sock: socket.socket, pid: int) -> None:
        """Take up a child that has yet to confine itself."""
        try:
            channel = open_channel(sock, max_frame_bytes=self._max_frame_bytes)
            child = Child(pid, channel)
        except OSError:  # it is gone already, or the host has no descriptors left
            sock.close()
            self.refused(zygote)
            return
        self._children[pid] = child
        zygote.pids.add(pid)
        self._admitting.add(child)
        assert self._tasks is not None
        self._tasks.start_soon(self._admit, zygote, child)

    def refused(self, zygote: ZygoteProcess) -> None:
        """Count a child that could not be made. After too many in a row another zygote has to."""
        zygote.failures += 1
        if zygote.failures >= _FAILURES:
            self._retire(zygote)
        self._signal_change()

    def tightened(self, pid: int) -> None:
        """Let the run go on that waits for the ceilings of its child."""
        done = self._tightening.pop(pid, None)
        if done is not None:
            done.set()

    async def _admit(self, zygote: ZygoteProcess, child: Child) -> None:
        """Let a child join the idle ones once it has said that it is confined."""
        hello = None
        try:
            with anyio.move_on_after(_ADMISSION_TIMEOUT_S):
                await child.channel.send(self._setup_frame)
                hello = await child.channel.receive()
        except HarnessError:
            hello = None
        finally:
            self._admitting.discard(child)
        if hello is None or hello["t"] != "hello" or self._zygote is not zygote:
            child.kill()
            self.refused(zygote)
        else:
            zygote.failures = 0
            child.barriers = tuple(hello["barriers"])
            child.idle_rss_bytes = hello["idle_rss_bytes"]
            self._idle.append(child)
            self._signal_change()

    def exited(self, zygote: ZygoteProcess, pid: int, how: Exit) -> None:
        """Take note of the end of a child, and replace it if it stood ready."""
        self.tightened(pid)
        child = self._children.pop(pid, None)
        if child is None:
            return
        child.exited(how)
        if child in self._idle:
            self._idle.remove(child)
            child.kill()
            self.refill()
        self._end_retired()

    def _signal_change(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()
