"""What no command may do, one function an act: a program that is executed in the sandbox of commands to try them.

Executed by `harness.confine.command_trial` with the targets as JSON in its first argument and the names of acts behind
it; it writes a line for each: how it ended. Nothing here is harmful where it gets through: all files are the trial's
own, signals are number 0, what is left running ends by itself.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import socket
import stat
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harness.confine import capabilities
from harness.confine.syscalls import syscall
from harness.confine.trial import THROUGH, Acts, ended, expect

_PTRACE_SEIZE, _PR_GET_NO_NEW_PRIVS = 0x4206, 39
_NEW_USER_NAMESPACE, _DETACH = 0x10000000, 2
_IPC_STAT = 2
_READ_AND_WRITE = 3
_PRIVATE_ANONYMOUS, _NO_RESERVE = 0x22, 0x4000  # addresses alone: where they are had, no memory is used
_STRAGGLER_S = 4.0
_PIDS_TO_SPARE = 320
_CHILDREN_S = 0.5  # in which a supervisor that counts has counted many times

Target = Mapping[str, Any]  # as `command_trial` makes them

ACTS: Acts[Target] = Acts()


def main() -> None:
    """Do the acts that the arguments name."""
    target, names = json.loads(sys.argv[1]), sys.argv[2:]
    for name in names:
        print(ACTS.end_of(name, target), flush=True)  # noqa: T201


@ACTS.act("write a file outside of its folders", "landlock", "mount_namespace")
def write_outside(target: Target) -> None:
    Path(target["outside"], "new").write_text("written")


@ACTS.act("change the mode of a file outside of its folders", "mount_namespace")
def change_mode_outside(target: Target) -> None:
    os.chmod(Path(target["outside"], "file"), 0o600)


@ACTS.act("write to .git", "mount_namespace|landlock")
def write_git(target: Target) -> None:
    Path(target["workspace"], ".git", "config").write_text("written")


@ACTS.act("read a hidden file", "mount_namespace|landlock")
def read_hidden(target: Target) -> None:
    Path(target["hidden"], "key").read_text()


@ACTS.act("make a set-uid program", "seccomp")
def make_set_uid(target: Target) -> None:
    path = Path(target["workspace"], "program")
    path.write_text("")
    path.chmod(0o4700)
    expect(bool(path.stat().st_mode & stat.S_ISUID))


@ACTS.act("write a file larger than its limit", "rlimits")
def write_large_file(target: Target) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with open(Path(target["workspace"], "large"), "wb") as file:
        os.ftruncate(file.fileno(), target["file_bytes"] + 1)


@ACTS.act("connect by TCP", "seccomp", "network_namespace", "landlock")
def connect_tcp(target: Target) -> None:
    socket.create_connection(("127.0.0.1", target["port"]), 5)


@ACTS.act("connect to another service's Unix socket", "seccomp")
def connect_unix(target: Target) -> None:
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(target["service"])


@ACTS.act("read the host's environment", "pid_namespace", "landlock")
def read_environment_of_host(target: Target) -> None:
    expect(bool(Path(f"/proc/{target['host_pid']}/environ").read_bytes()))


@ACTS.act("signal the host", "pid_namespace", "landlock_scopes")
def signal_host(target: Target) -> None:
    os.kill(target["host_pid"], 0)


@ACTS.act("trace the host", "seccomp", "pid_namespace", "landlock")
def trace_host(target: Target) -> None:
    """In a process that ends at once, and the tracing with it: meanwhile every signal would hold the host up."""
    pid = os.fork()
    if pid == 0:
        end = ended(lambda: syscall("ptrace", _PTRACE_SEIZE, target["host_pid"], 0, 0))
        os._exit(0 if end == THROUGH else 1)
    expect(os.waitpid(pid, 0)[1] == 0)


@ACTS.act("see shared memory of the host", "ipc_namespace", "seccomp")
def see_shared_memory(target: Target) -> None:
    told = ctypes.create_string_buffer(256)
    expect(ctypes.CDLL(None).shmctl(target["segment"], _IPC_STAT, told) == 0)


@ACTS.act("mount a file system", "seccomp", "no_capabilities")
def mount(target: Target) -> None:
    kind, where = ctypes.create_string_buffer(b"tmpfs"), ctypes.create_string_buffer(target["workspace"].encode())
    syscall("mount", ctypes.addressof(kind), ctypes.addressof(where), ctypes.addressof(kind), 0, 0)
    syscall("umount2", ctypes.addressof(where), _DETACH)


@ACTS.act("use the kernel's keys", "seccomp")
def use_keys(target: Target) -> None:
    syscall("keyctl", 0, -3, 1)  # the number of the session's ring


@ACTS.act("use a capability of root", "no_capabilities")
def use_capability(target: Target) -> None:
    expect(any(capabilities.held()))


@ACTS.act("gain privileges from a set-uid program", "no_new_privs")
def gain_privileges(target: Target) -> None:
    expect(syscall("prctl", _PR_GET_NO_NEW_PRIVS) == 0)


@ACTS.act("use a descriptor of the host", "closed_descriptors")
def use_descriptor(target: Target) -> None:
    for number in range(3, 256):
        try:
            os.fstat(number)
        except OSError as error:
            refused = error
        else:
            return
    raise refused


@ACTS.act("signal those who share the host's terminal", "own_session")
def share_session(target: Target) -> None:
    expect(os.getsid(0) != os.getpid())


@ACTS.act("have more memory than its limit", "rlimits")
def exceed_memory(target: Target) -> None:
    syscall("mmap", 0, target["memory_bytes"], _READ_AND_WRITE, _PRIVATE_ANONYMOUS | _NO_RESERVE, -1, 0)


@ACTS.act("raise its own limits", "rlimits", "no_capabilities")
def raise_limit(target: Target) -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (target["memory_bytes"] * 2,) * 2)


@ACTS.act("make a namespace", "seccomp")
def unshare(target: Target) -> None:
    syscall("unshare", _NEW_USER_NAMESPACE)


@ACTS.act("have more processes than its limit", "rlimits")
def exceed_processes(target: Target) -> None:
    """Root is exempt from the kernel's ceiling: it runs out of pids somewhat later, or the supervisor counts."""
    children: list[int] = []
    try:
        while len(children) <= target["processes"] + _PIDS_TO_SPARE:
            pid = os.fork()
            if pid == 0:
                time.sleep(_STRAGGLER_S)
                os._exit(0)
            children.append(pid)
        time.sleep(_CHILDREN_S)
    finally:
        for pid in children:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


@ACTS.act("outlive its own end", "dies_with_host")
def outlive(target: Target) -> None:
    """Leave a process behind, in a session of its own. It holds standard output, so that its end can be seen."""
    if os.fork() == 0:
        os.setsid()
        time.sleep(_STRAGGLER_S)
        os._exit(0)


# `unshare`, which leaves the process another one where it gets through, comes last of those that share a process.
# Those that are judged from outside, or may end the program, each in a command of its own.
ALONE = ("exceed_processes", "outlive")
TOGETHER = tuple(name for name in ACTS if name not in ALONE)
