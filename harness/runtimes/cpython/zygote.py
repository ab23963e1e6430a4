"""The zygote: a single-threaded process that has imported everything and forks one confined child per script.

Executed by the host as a fresh interpreter with an empty environment. It ends when its control socket does, and its
children end with it.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import resource
import select
import signal
import socket
import sys
import types
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from harness.confine import ZygoteConfinement, confine_child, confine_zygote, trial, worker_acts
from harness.errors import HarnessError
from harness.runtimes.cpython.wire import make_scanner

if TYPE_CHECKING:
    from harness.runtimes.cpython.worker import Worker

_MESSAGE_BYTES = 65_536
_CHANNEL_FD = 3  # where confine_child puts the channel
_EXIT_BUG = 70
_scan = make_scanner()


def main(control_fd: int) -> NoReturn:
    """Prepare, confine, then serve the host until it is gone. Ends the process.

    Args:
        control_fd: The connected SEQPACKET socket to the host.
    """
    control = socket.socket(fileno=control_fd)
    status = _EXIT_BUG
    try:
        worker = _make_worker()  # before the host has said anything: it imports meanwhile
        configuration = json.loads(control.recv(_MESSAGE_BYTES))
        Zygote(control, configuration, worker).serve()
        status = 0
    except HarnessError as error:
        control.send(json.dumps({"t": "failed", **error.to_wire()}).encode())
    except OSError:
        status = 0  # the host is gone
    except Exception as error:  # noqa: BLE001  # a bug of ours: the host says so, and where
        control.send(json.dumps(_bug(error)).encode())
    finally:
        os._exit(status)


def _bug(error: Exception) -> dict[str, object]:
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    place = "" if traceback is None else f" in {traceback.tb_frame.f_code.co_name}, line {traceback.tb_lineno}"
    return {"t": "failed", "code": "internal.bug", "message": f"{type(error).__name__}{place}: {error}", "hint": None}


def _make_worker() -> Worker:
    """Import all that a worker needs. Nothing of it may ask to be called after a fork.

    Those hooks serve processes with threads; here they would only copy pages, in every child.
    """
    register_at_fork, os.register_at_fork = os.register_at_fork, lambda **hooks: None
    from harness.runtimes.cpython import warmup
    from harness.runtimes.cpython.worker import Worker

    warmup.load_lazy_modules()
    warmup.keep_time_zones()
    warmup.silence_warnings()
    worker = Worker()
    warmup.rehearse(worker)
    os.register_at_fork = register_at_fork
    return worker


class Zygote:
    """Forks children on request and reports how each of them ended.

    A page that the zygote writes to after a fork becomes that child's alone, so it does as little as it can between
    forks: it formats its messages itself.
    """

    def __init__(self, control: socket.socket, configuration: dict[str, Any], worker: Worker) -> None:
        self._control = control
        self._limits: dict[str, int] = configuration["limits"]
        self._worker = worker
        _forget_start()
        _take_descriptors()
        self._pid = os.getpid()
        self._vm_bytes, self._data_bytes = _memory_baseline()
        self._confinement: ZygoteConfinement = confine_zygote(confinement=str(configuration["confinement"]))
        self._is_tried: bool = configuration["is_tried"]
        self._children: dict[int, int] = {}  # pidfd -> pid
        self._poll = select.poll()
        self._poll.register(control, select.POLLIN)

    def serve(self) -> None:
        """Answer requests until the host closes the control socket."""
        gc.collect()
        gc.freeze()
        if self._is_tried:
            self._try_at_start()
        ready = {
            "t": "ready",
            "barriers": list(self._confinement.held),
            "missing": dict(self._confinement.missing),
            "python": sys.version.split()[0],
        }
        self._control.send(json.dumps(ready).encode())
        while True:
            for fd, _ in self._poll.poll():
                if fd in self._children:
                    self._reap(fd)
                elif not self._answer():
                    return

    def _answer(self) -> bool:
        """Take one request; False once the host is gone."""
        data, fds, _, _ = socket.recv_fds(self._control, _MESSAGE_BYTES, 1)
        if not data:
            return False
        request, _ = _scan(data.decode(), 0)
        if request["t"] == "fork":
            self._fork(request["serial"], fds)
        elif request["t"] == "tighten":
            self._tighten(request["pid"], request["memory_bytes"], request["cpu_time_s"])
        elif request["t"] == "try":
            self._try(request["acts"], request["target"])
        for fd in fds:
            os.close(fd)
        return True

    def _fork(self, serial: int, fds: list[int]) -> None:
        """Make a child; without a process, memory or descriptors for one, say so: the others must go on."""
        try:
            [channel_fd] = fds  # the kernel drops a descriptor that there is no number left for
            pid = os.fork()
        except (OSError, MemoryError, ValueError):
            self._control.send(b'{"t":"refused","serial":%d}' % serial)
            return
        if pid == 0:
            self._be_child(channel_fd)
        try:
            pidfd = os.pidfd_open(pid)
        except OSError:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            self._control.send(b'{"t":"refused","serial":%d}' % serial)
            return
        self._children[pidfd] = pid
        self._poll.register(pidfd, select.POLLIN)
        self._control.send(b'{"t":"forked","serial":%d,"pid":%d}' % (serial, pid))

    def _tighten(self, pid: int, memory_bytes: int, cpu_time_s: float) -> None:
        """Lower the kernel's ceilings of a waiting child, which it could not do itself.

        The host asks, because prlimit(2) wants the same user, or CAP_SYS_RESOURCE, which root in a container often
        lacks.
        """
        seconds = int(cpu_time_s) + 1
        with contextlib.suppress(ProcessLookupError):  # it ended meanwhile, which its channel tells
            resource.prlimit(pid, resource.RLIMIT_AS, (self._vm_bytes + memory_bytes,) * 2)
            resource.prlimit(pid, resource.RLIMIT_DATA, (self._data_bytes + memory_bytes,) * 2)
            resource.prlimit(pid, resource.RLIMIT_CPU, (seconds, seconds))
        self._control.send(b'{"t":"tightened","pid":%d}' % pid)

    def _be_child(self, channel_fd: int) -> NoReturn:
        try:
            barriers = self._confine_child(channel_fd)
            idle_rss_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
            self._worker.serve(_CHANNEL_FD, tuple(barriers), idle_rss_bytes)
        finally:
            os._exit(_EXIT_BUG)

    def _confine_child(self, channel_fd: int) -> tuple[str, ...]:
        return confine_child(
            self._confinement,
            channel_fd=channel_fd,
            vm_limit_bytes=self._vm_bytes + self._limits["memory_bytes"],
            data_limit_bytes=self._data_bytes + self._limits["memory_bytes"],
            cpu_time_s=self._limits["cpu_time_s"],
            parent_pid=self._pid,
        )

    def _try_at_start(self) -> None:
        """Have one child try what no worker may do, before the host hears that all is well.

        Raises:
            SandboxError: `sandbox.unavailable`, it could.
        """
        acts = {name: worker_acts.ACTS[name] for name in worker_acts.AT_START}
        ends = self._ends(worker_acts.AT_START, {})
        trial.require_stopped({name: (act.what, act.stopped_by) for name, act in acts.items()}, ends)

    def _try(self, acts: Sequence[str], target: Mapping[str, Any]) -> None:
        """Have a child for each act try it, and tell the host how they ended: `toolscript doctor --self-test`."""
        ends = [end for name in acts for end in self._ends([name], target)]
        self._control.send(json.dumps({"t": "tried", "ends": ends}).encode())

    def _ends(self, acts: Sequence[str], target: Mapping[str, Any]) -> list[str]:
        aim = worker_acts.Target(
            memory_bytes=self._limits["memory_bytes"],
            cpu_time_s=self._limits["cpu_time_s"],
            zygote_pid=self._pid,
            **target,
        )

        def be_child(channel_fd: int, left: Sequence[str]) -> NoReturn:
            self._confine_child(channel_fd)
            worker_acts.attempt(_CHANNEL_FD, left, aim)
            os._exit(0)

        return list(trial.try_in_children(acts, be_child))

    def _reap(self, pidfd: int) -> None:
        pid = self._children.pop(pidfd)
        self._poll.unregister(pidfd)
        os.close(pidfd)
        _, status, usage = os.wait4(pid, 0)
        how = b'"status":null,"signal":%d' % os.WTERMSIG(status)
        if not os.WIFSIGNALED(status):
            how = b'"status":%d,"signal":null' % os.WEXITSTATUS(status)
        self._control.send(
            b'{"t":"exited","pid":%d,%b,"max_rss_bytes":%d,"cpu_time_s":%.6f}'
            % (pid, how, usage.ru_maxrss * 1024, usage.ru_utime + usage.ru_stime)
        )


def _forget_start() -> None:
    """Drop what the start left behind: the import path, the arguments, the script given with -c."""
    sys.path.clear()
    sys.path_importer_cache.clear()
    sys.argv[:] = [""]
    sys.orig_argv[:] = [""]
    sys.modules["__main__"] = types.ModuleType("__main__")
    for stream in ("stdin", "stdout", "stderr", "__stdin__", "__stdout__", "__stderr__"):
        setattr(sys, stream, None)


def _take_descriptors() -> None:
    """Take as many descriptors as we may: each child needs one here, and the usual soft limit is 1024."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _memory_baseline() -> tuple[int, int]:
    """Address space and data of this process in bytes, which every child starts with."""
    values = {"VmSize": 0, "VmData": 0}
    with contextlib.suppress(OSError), open("/proc/self/status") as status:
        for line in status:
            name, _, rest = line.partition(":")
            if name in values:
                values[name] = int(rest.split()[0]) * 1024
    return values["VmSize"], values["VmData"]
