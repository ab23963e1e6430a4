"""Tries every barrier on this machine, each in a throwaway process, and checks that it really holds.

Not for workers: it runs as a program of its own, so that neither the threads nor the descriptors of the caller matter.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from harness.confine import capabilities, landlock, process, rlimits
from harness.confine.barriers import BARRIERS, REQUIRED, BarrierStatus, reason
from harness.confine.child import confine_child
from harness.confine.syscalls import syscall
from harness.confine.zygote import ZygoteConfinement, confine_zygote

_BOOTSTRAP = "import sys; sys.path[:0] = sys.argv[1:]; from harness.confine.proofs import main; main()"
_TIMEOUT_S = 20
_PR_GET_PDEATHSIG, _PR_GET_DUMPABLE, _PR_GET_NO_NEW_PRIVS = 2, 3, 39
_GIB = 1024**3
_HOLDS = "+"


def probe() -> list[BarrierStatus]:
    """Try every barrier in throwaway processes; nothing of the calling process changes. Takes about 0.2 s."""
    root = str(Path(__file__).resolve().parents[2])
    try:
        done = subprocess.run(
            [sys.executable, "-s", "-P", "-S", "-c", _BOOTSTRAP, root],
            env={},
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=True,
            start_new_session=True,
        )
        reasons: Mapping[str, str | None] = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        reasons = dict.fromkeys(BARRIERS, f"the trial failed: {type(error).__name__}")
    return [BarrierStatus(name, name in REQUIRED, reasons[name] is None, reasons[name]) for name in BARRIERS]


def main() -> None:
    """Print a JSON object: each barrier's name, and null or the reason why it does not hold."""
    proc = _open_proc()
    outside = {kind: _namespace(proc, kind) for kind in _KINDS.values()}
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(writer, json.dumps(_reasons(proc, outside)).encode())
        finally:
            os._exit(0)
    os.close(writer)
    os.waitpid(pid, 0)
    sys.stdout.buffer.write(os.read(reader, 65_536))


def _open_proc() -> int:
    """Open /proc above the descriptor 3, which the proofs use as a worker uses its channel."""
    first = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
    os.dup2(first, process.CHANNEL_FD)
    return fcntl.fcntl(first, fcntl.F_DUPFD_CLOEXEC, 10)


def _reasons(proc: int, outside: Mapping[str, str]) -> dict[str, str | None]:
    """Confine this process as a zygote as far as it goes, then prove each barrier in a child of its own."""
    zygote = confine_zygote(confinement="none")
    proofs = _PROOFS | {name: _is_separate(proc, kind, outside) for name, kind in _KINDS.items()}
    return {name: zygote.missing.get(name) or _try(proofs[name], zygote) for name in BARRIERS}


def _try(proof: Callable[[ZygoteConfinement], bool], zygote: ZygoteConfinement) -> str | None:
    """Run a proof in a child; None if it holds, else what went wrong."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.dup2(writer, process.CHANNEL_FD)  # the one descriptor that every proof leaves open
        try:
            os.write(process.CHANNEL_FD, _said_by(proof, zygote).encode())
        finally:
            os._exit(0)
    os.close(writer)
    said = os.read(reader, 4096).decode()
    os.close(reader)
    os.waitpid(pid, 0)
    return None if said == _HOLDS else said or "the trial process was killed"


def _said_by(proof: Callable[[ZygoteConfinement], bool], zygote: ZygoteConfinement) -> str:
    try:
        return _HOLDS if proof(zygote) else "it was accepted, and does not hold"
    except (OSError, ValueError) as error:
        return reason(error)


def _is_separate(proc: int, kind: str, outside: Mapping[str, str]) -> Callable[[ZygoteConfinement], bool]:
    return lambda zygote: _namespace(proc, kind) != outside[kind]


def _namespace(proc: int, kind: str) -> str:
    """Name a namespace of this process, through a descriptor of /proc that survives the change of root."""
    return os.readlink(f"self/ns/{kind}", dir_fd=proc)


def _refuses(call: Callable[[], object], *codes: int) -> bool:
    try:
        call()
    except OSError as error:
        return error.errno in codes
    except MemoryError:
        return errno.ENOMEM in codes
    return False


def _root_is_empty(zygote: ZygoteConfinement) -> bool:
    return _refuses(lambda: os.mkdir("/new"), errno.ENOENT) and not os.path.exists("/proc")


def _has_only_channel(zygote: ZygoteConfinement) -> bool:
    process.keep_only_channel(process.CHANNEL_FD)
    others = (*range(process.CHANNEL_FD), *range(process.CHANNEL_FD + 1, 64))
    return all(_refuses(lambda number=number: os.fstat(number), errno.EBADF) for number in others)  # type: ignore[misc]


def _is_capped(zygote: ZygoteConfinement) -> bool:
    rlimits.cap_usage(vm_bytes=_GIB, data_bytes=_GIB, cpu_time_s=1)
    return _refuses(os.pipe, errno.EMFILE) and _refuses(lambda: bytearray(2 * _GIB), errno.ENOMEM)


def _is_filtered(zygote: ZygoteConfinement) -> bool:
    """The whole way of a worker, to its end."""
    confine_child(
        zygote,
        channel_fd=process.CHANNEL_FD,
        vm_limit_bytes=_GIB,
        data_limit_bytes=_GIB,
        cpu_time_s=1,
        parent_pid=os.getppid(),
    )
    return _refuses(os.uname, errno.EPERM)


def _is_locked(zygote: ZygoteConfinement) -> bool:
    if zygote.landlock_fd is None:
        return False
    landlock.restrict_self(zygote.landlock_fd)
    return _refuses(lambda: os.open("/", os.O_RDONLY), errno.EACCES)


def _is_undumpable(zygote: ZygoteConfinement) -> bool:
    process.set_dumpable(False)
    return syscall("prctl", _PR_GET_DUMPABLE) == 0


def _dies_with_parent(zygote: ZygoteConfinement) -> bool:
    process.die_with_parent((0, os.getppid()))
    number = ctypes.c_int()
    syscall("prctl", _PR_GET_PDEATHSIG, ctypes.addressof(number))
    return number.value == signal.SIGKILL


def _holds_by_itself(zygote: ZygoteConfinement) -> bool:
    """What is true of every child: it is a process of its own, with the environment that was checked already."""
    return os.getpid() != os.getppid()


_KINDS: Mapping[str, str] = {
    "user_namespace": "user",
    "network_namespace": "net",
    "pid_namespace": "pid",
    "ipc_namespace": "ipc",
    "mount_namespace": "mnt",
}
_PROOFS: dict[str, Callable[[ZygoteConfinement], bool]] = {
    "fresh_process": _holds_by_itself,
    "empty_environment": _holds_by_itself,
    "closed_descriptors": _has_only_channel,
    "rlimits": _is_capped,
    "no_new_privs": lambda zygote: syscall("prctl", _PR_GET_NO_NEW_PRIVS) == 1,
    "undumpable": _is_undumpable,
    "no_capabilities": lambda zygote: (
        not any(capabilities.held()) and _refuses(lambda: os.setuid(0), errno.EPERM, errno.EINVAL)
    ),
    "dies_with_host": _dies_with_parent,
    "seccomp": _is_filtered,
    "empty_root": _root_is_empty,
    "landlock": _is_locked,
}
