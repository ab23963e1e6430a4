"""The supervisor: forks one command, attends to it, and ends everything below it.

It is the parent of the command: the first process of a PID namespace where there is one, so that its end is the
kernel's end of all the others, and a subreaper otherwise.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from harness.confine import process, process_tree, views
from harness.confine.barriers import DEMANDED_OF_COMMANDS, BarrierRecord, reason, unavailable
from harness.confine.consumption import Watch, limit_pids, process_limit
from harness.confine.execution import Confinement, Execution
from harness.confine.guarded import Guarded, guarded
from harness.confine.order import Order
from harness.confine.separation import Separation, enter_others, enter_user_namespace
from harness.errors import HarnessError

TERMINATE, KILL = b"T", b"K"
_FIRST = -20
_REAPED_AT_ONCE, _ALL = 64, 2**22
_SHARED_BYTES = 512 * 1024**2
_ALWAYS = ("dies_with_host",)
_PARTING_S = 2


@dataclass(frozen=True, slots=True)
class Request:
    """The descriptors of one request, and the pipe that ends with the launcher."""

    order_fd: int
    channel_fd: int
    stdout_fd: int
    stderr_fd: int
    life_fd: int


def supervise(request: Request, separation: Separation) -> NoReturn:
    """Start the command of a request in a fresh fork of the launcher, and stay until all of it is gone.

    Where there is a PID namespace, the fork is only its parent: the supervisor is the first process in it.

    On the channel it says `failed` (code, message, hint, details), or `executing` (barriers; from the command's own
    process, so that the kernel tells its pid), `started`, and at the end `ended` (status, signal, usage). A channel
    that the host closes kills the command.
    """
    channel = socket.socket(fileno=os.dup(request.channel_fd))
    os.close(request.channel_fd)
    try:
        order = Order.from_file(request.order_fd)
        _separate_and_run(order, request, channel, separation if order.is_confined else None)
    except HarnessError as error:
        tell(channel, "failed", **error.to_wire())
    except OSError as error:
        tell(channel, "failed", code="tool.failed", message=f"the command could not be started: {error.strerror}")
    except ValueError as error:  # a path that is none; a supervisor that ended so would take the launcher with it
        tell(channel, "failed", code="tool.failed", message=f"the command could not be started: {error}")
    os._exit(0)


def _separate_and_run(order: Order, request: Request, channel: socket.socket, separation: Separation | None) -> None:
    record = BarrierRecord(order.confinement, list(_ALWAYS), demands=DEMANDED_OF_COMMANDS)
    process_tree.adopt_orphans()
    looked_at = None
    counts = os.getuid() == 0  # the kernel does not count for root
    if separation is not None:
        looked_at = guarded(order)
        _note(record, separation, network=order.network)
        counts = _separate(order, looked_at, separation) and counts
    processes = process_limit(order, has_user_namespace="user_namespace" in record.held)
    confinement = Confinement(record, looked_at, processes)
    watch = Watch(order, counts=counts, roots=() if looked_at is None else looked_at.roots)
    _Supervisor(order, request, channel, confinement, watch).run()


def _separate(order: Order, looked_at: Guarded, separation: Separation) -> bool:
    """Enter what the machine gives, and say whether processes must be counted if the kernel exempts their user.

    Raises:
        SandboxError: `sandbox.unavailable`, what was had when the launcher started cannot be had now.
    """
    entering = "user_namespace"
    try:
        enter_user_namespace(separation)
        if separation.has("pid_namespace"):
            _continue_as_init()
        entering = "mount_namespace"
        enter_others(separation, network=order.network)
        return not separation.has("mount_namespace") or _build_views(order, looked_at, separation)
    except OSError as error:
        raise unavailable(entering, reason(error)) from error


def _build_views(order: Order, looked_at: Guarded, separation: Separation) -> bool:
    """Change what the command will see, and say whether its processes must be counted all the same."""
    has_own_processes = separation.has("pid_namespace")
    if has_own_processes:
        views.mount_proc()
    counts = not has_own_processes or order.processes is None or not limit_pids(order.processes)
    views.build(looked_at, shared_bytes=min(_SHARED_BYTES, order.memory_bytes or _SHARED_BYTES))
    return counts


def _note(record: BarrierRecord, separation: Separation, *, network: bool) -> None:
    record.held += [name for name in separation.held if name != "network_namespace" or not network]
    for name, why in separation.missing.items():
        if name != "network_namespace" or not network:
            record.miss(name, why)


def _continue_as_init() -> None:
    """Fork the first process of the new PID namespace, which returns; this one waits for its end."""
    launcher = os.getppid()
    pid = os.fork()
    if pid != 0:
        process.close_descriptors(0, 0xFFFFFFFF)
        _part_with(launcher)
        _, status = os.waitpid(pid, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    process.die_with_parent((0,))


def _part_with(launcher: int) -> None:
    """End this process, and the namespace below it, some time after the launcher.

    A supervisor sees that the launcher is gone and ends its command in order; one that was stopped cannot
    (`tests/soak/test_scarcity.py`).
    """
    signal.signal(signal.SIGUSR1, lambda number, frame: signal.alarm(_PARTING_S))
    process.signal_when_parent_ends(signal.SIGUSR1)
    if os.getppid() != launcher:
        signal.alarm(_PARTING_S)


def tell(channel: socket.socket, kind: str, **fields: object) -> None:
    """Say something to the host; if it is gone, what follows notices."""
    with contextlib.suppress(OSError):
        channel.send(json.dumps({"t": kind, **fields}).encode(), socket.MSG_NOSIGNAL)


class _Supervisor:
    def __init__(
        self, order: Order, request: Request, channel: socket.socket, confinement: Confinement, watch: Watch
    ) -> None:
        self._watch = watch
        self._channel = channel
        self._life_fd = request.life_fd
        self._status: int | None = None
        self._has_children = True
        self._limit: str | None = None
        self._wakeup = _wake_on_children()
        self._failure, failure_end = os.pipe()
        self._command = os.fork()
        if self._command == 0:
            Execution(order, confinement, channel, failure_end).become_command(request.stdout_fd, request.stderr_fd)
        with contextlib.suppress(OSError):  # root only: what forks without end must not keep us from ending it
            os.setpriority(os.PRIO_PROCESS, 0, _FIRST)
            os.sched_setscheduler(0, os.SCHED_RR | os.SCHED_RESET_ON_FORK, os.sched_param(1))
        for fd in (failure_end, request.stdout_fd, request.stderr_fd):
            os.close(fd)

    def run(self) -> None:
        """Attend until the command itself has ended, end what it left, and tell the host."""
        answers: dict[int, Callable[[], None]] = {
            self._channel.fileno(): self._hear,
            self._life_fd: self._kill,
            self._failure: self._note_start,
            self._wakeup: self._reap,
        }
        poll = select.poll()
        for fd in answers:
            poll.register(fd, select.POLLIN)
        while self._status is None:
            for fd, _ in poll.poll(self._watch.every_ms):
                answers[fd]()
                if fd == self._failure:
                    poll.unregister(fd)
            self._look()
        self._kill()
        self._tell_end(self._status)

    def _hear(self) -> None:
        said = self._channel.recv(16)
        if said == TERMINATE:
            process_tree.terminate(os.getpid())
        else:  # KILL, or the host is gone
            self._kill()

    def _kill(self) -> None:
        self._reap()
        if self._has_children:  # every living descendant is below a child: orphans become ours
            process_tree.kill(os.getpid(), lambda: self._reap(_ALL))
            self._reap(_ALL)

    def _look(self) -> None:
        if self._limit is None and (limit := self._watch.exceeded()) is not None:
            self._limit = limit
            self._kill()

    def _note_start(self) -> None:
        """The pipe ends when the command has replaced its process image; otherwise it told the host why not."""
        if not os.read(self._failure, 1):
            tell(self._channel, "started")

    def _reap(self, most: int = _REAPED_AT_ONCE) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self._wakeup, 4096)
        try:
            for _ in range(most):  # a bomb of short-lived processes must not keep us here
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == self._command:
                    self._status = status
                if pid == 0:
                    return
            os.kill(os.getpid(), signal.SIGCHLD)  # there may be more
        except ChildProcessError:
            self._has_children = False

    def _tell_end(self, status: int) -> None:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        tell(
            self._channel,
            "ended",
            status=None if os.WIFSIGNALED(status) else os.WEXITSTATUS(status),
            signal=os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
            cpu_time_s=usage.ru_utime + usage.ru_stime,
            max_rss_bytes=usage.ru_maxrss * 1024,
            limit=self._limit,
        )


def _wake_on_children() -> int:
    """Return a descriptor that is readable after a child has ended."""
    reader, writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    return reader
