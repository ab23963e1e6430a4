"""The launcher: a small process with one thread that forks a supervisor for every command.

Executed by the host as a fresh interpreter with an empty environment, so that a fork is safe and cheap whatever the
host has loaded, and nothing of the host's memory is in it. It holds no order of a command: those go to the supervisors.
When it ends, for whatever reason, every supervisor ends its command.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import socket
from typing import NoReturn

from harness.confine import command_filter, process, process_tree
from harness.confine.separation import rehearse
from harness.confine.supervisor import Request, supervise

_DESCRIPTORS = 4


def main(control_fd: int, host_pid: int) -> NoReturn:
    """Serve the host until it is gone. Ends the process.

    Args:
        control_fd: The connected SEQPACKET socket to the host. Each message passes four descriptors: the order, the
            channel to the host, and what becomes standard output and standard error.
        host_pid: The host, which is the parent of this process.
    """
    status = 1
    try:
        _Launcher(socket.socket(fileno=control_fd), host_pid).serve()
        status = 0
    finally:
        os._exit(status)


class _Launcher:
    def __init__(self, control: socket.socket, host_pid: int) -> None:
        process_tree.adopt_orphans()  # of a supervisor that was killed
        process.reset_all_signals()  # here, so that every command starts with the defaults
        self._separation = rehearse()
        self._prepare_filters()
        self._control = control
        self._host = os.pidfd_open(host_pid)
        self._is_orphan = os.getppid() != host_pid
        self._life, self._life_end = os.pipe()  # supervisors read; it ends when this process does
        self._supervisors: dict[int, int] = {}  # pidfd -> pid
        self._poll = select.poll()
        for fd in (control.fileno(), self._host):
            self._poll.register(fd, select.POLLIN)

    def _prepare_filters(self) -> None:
        """Compile the filters once, for all the commands."""
        with contextlib.suppress(OSError):  # no machine to confine on: commands say so
            for network in (False, True):
                command_filter.program(
                    network=network,
                    has_ipc_namespace=self._separation.has("ipc_namespace"),
                    has_pid_namespace=self._separation.has("pid_namespace"),
                )

    def serve(self) -> None:
        """Fork supervisors on request until the host is gone."""
        gc.disable()  # what it would touch, every fork would copy
        gc.freeze()
        while not self._is_orphan:
            for fd, _ in self._poll.poll():
                if fd in self._supervisors:
                    self._reap(fd)
                elif fd == self._host or not self._answer():
                    return

    def _answer(self) -> bool:
        """Take one request; False once the host is gone."""
        data, fds, _, _ = socket.recv_fds(self._control, 16, _DESCRIPTORS)
        if not data:
            return False
        if len(fds) == _DESCRIPTORS:
            order, channel, stdout, stderr = fds
            self._fork(Request(order, channel, stdout, stderr, self._life))
        for fd in fds:
            os.close(fd)
        return True

    def _fork(self, request: Request) -> None:
        try:
            pid = os.fork()
        except OSError:  # the request's channel ends, which tells the host
            return
        if pid == 0:
            self._be_supervisor(request)
        pidfd = os.pidfd_open(pid)
        self._supervisors[pidfd] = pid
        self._poll.register(pidfd, select.POLLIN)

    def _be_supervisor(self, request: Request) -> NoReturn:
        try:
            self._control.close()
            for fd in (self._life_end, self._host, *self._supervisors):
                os.close(fd)
            supervise(request, self._separation)
        finally:
            os._exit(1)

    def _reap(self, pidfd: int) -> None:
        """Forget a supervisor, and end what it left behind if it was killed."""
        pid = self._supervisors.pop(pidfd)
        self._poll.unregister(pidfd)
        os.close(pidfd)
        _, status = os.waitpid(pid, 0)
        if status != 0:
            process_tree.kill(os.getpid(), self._reap_strays, spare=set(self._supervisors.values()))
            self._reap_strays()

    def _reap_strays(self) -> None:
        """Collect the dead that have no supervisor any more; supervisors stay for `_reap`."""
        for pid in process_tree.direct_children(os.getpid()) - set(self._supervisors.values()):
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
