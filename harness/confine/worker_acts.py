"""What no worker may do, one function an act: tried on purpose in a confined process, with no language layer above.

Imported by the zygote, so that a child has everything before it is confined. Nothing here is harmful where it gets
through: what it makes it removes, what it opens ends with the process, signals are number 0.

References:
    docs/how-to/operate.md; the acts of attackers are `tests/security/attacks/worker.py`.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass

from harness.confine.syscalls import syscall
from harness.confine.trial import THROUGH, Acts, expect
from harness.confine.zygote import HARMLESS_VARIABLES

_MIB = 1024**2
_SPIN_S = 1.0  # of processor time beyond what was allowed
_PTRACE_SEIZE, _PR_SET_DUMPABLE = 0x4206, 4
_NEW_USER_NAMESPACE, _DETACH = 0x10000000, 2
_IPC_STAT = 2
_READ_AND_WRITE, _READ_AND_EXECUTE = 3, 5
_PRIVATE_ANONYMOUS, _NO_RESERVE = 0x22, 0x4000  # addresses alone: where they are had, no memory is used
_CREATE = os.O_CREAT | os.O_EXCL | os.O_WRONLY


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What the acts aim at. The defaults are there on every machine, for those acts that the start tries.

    Attributes:
        memory_bytes: What a worker may have beyond the zygote.
        cpu_time_s: Processor seconds that it may have.
        file: A file or folder that can be opened.
        folder: A folder that can be listed and written.
        port: On the loopback, somebody listens.
        abstract: Name of an abstract Unix socket, likewise.
        host_pid: The host.
        zygote_pid: The worker's parent.
        segment: A shared memory segment of the host.
    """

    memory_bytes: int
    cpu_time_s: float
    file: str = "/"
    folder: str = "/tmp"
    port: int = 0
    abstract: str = ""
    host_pid: int = 0
    zygote_pid: int = 0
    segment: int = -1


ACTS: Acts[Target] = Acts()


def attempt(channel_fd: int, names: Iterable[str], target: Target) -> None:
    """Do acts in this process, which is confined, and write a line after each: how it ended."""
    for name in names:
        os.write(channel_fd, ACTS.end_of(name, target).encode() + b"\n")


_FILES = ("seccomp", "rlimits", "landlock", "empty_root")


@ACTS.act("open a file", *_FILES)
def open_file(target: Target) -> None:
    os.open(target.file, os.O_RDONLY)


@ACTS.act("list a folder", *_FILES)
def list_folder(target: Target) -> None:
    os.listdir(target.folder)


@ACTS.act("write a file", *_FILES)
def write_file(target: Target) -> None:
    name = f"{target.folder}/.toolscript-{os.urandom(8).hex()}"
    os.close(os.open(name, _CREATE, 0o600))
    os.unlink(name)


@ACTS.act("read another process's environment", *_FILES, "pid_namespace", "undumpable")
def read_environment_of_host(target: Target) -> None:
    with open(f"/proc/{target.host_pid}/environ", "rb") as file:
        expect(bool(file.read()))


@ACTS.act("see the host's environment in its own memory", "empty_environment")
def see_environment(target: Target) -> None:
    variables = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
    index, names = 0, set()
    while variables and (entry := variables[index]) is not None:  # type: ignore[truthy-bool]  # a null pointer is false
        names.add(entry.partition(b"=")[0])
        index += 1
    expect(bool(names - HARMLESS_VARIABLES))


@ACTS.act("use a descriptor that was left open", "closed_descriptors", "seccomp")
def use_descriptor(target: Target) -> None:
    for number in (*range(3), *range(4, 256)):
        try:
            os.fstat(number)
        except OSError as error:
            refused = error
        else:
            return
    raise refused


@ACTS.act("connect by TCP", "seccomp", "rlimits", "network_namespace", "landlock")
def connect_tcp(target: Target) -> None:
    socket.create_connection(("127.0.0.1", target.port), 5)


@ACTS.act("connect to a Unix socket", "seccomp", "rlimits", "network_namespace", "landlock")
def connect_unix(target: Target) -> None:
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(f"\0{target.abstract}")


@ACTS.act("fork", "seccomp", "rlimits")
def fork(target: Target) -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


@ACTS.act("execute a program", "seccomp", "rlimits", "landlock", "empty_root")
def execute(target: Target) -> None:
    os.execv("/bin/sh", ["sh", "-c", f"echo {THROUGH} >&3"])


@ACTS.act("trace another process", "seccomp", "no_capabilities", "pid_namespace", "user_namespace")
def trace(target: Target) -> None:
    syscall("ptrace", _PTRACE_SEIZE, target.host_pid, 0, 0)  # does not stop it, and ends with this process


@ACTS.act("signal its parent", "seccomp", "landlock", "pid_namespace")
def signal_parent(target: Target) -> None:
    os.kill(target.zygote_pid, 0)


@ACTS.act("mount a file system", "seccomp", "no_capabilities")
def mount(target: Target) -> None:
    kind, where = ctypes.create_string_buffer(b"tmpfs"), ctypes.create_string_buffer(target.folder.encode())
    syscall("mount", ctypes.addressof(kind), ctypes.addressof(where), ctypes.addressof(kind), 0, 0)
    syscall("umount2", ctypes.addressof(where), _DETACH)


@ACTS.act("make a namespace", "seccomp", "empty_root")
def unshare(target: Target) -> None:
    syscall("unshare", _NEW_USER_NAMESPACE)


@ACTS.act("become root", "seccomp", "no_capabilities")
def become_root(target: Target) -> None:
    os.setresuid(0, 0, 0)


@ACTS.act("make a file in memory", "seccomp", "rlimits")
def make_memory_file(target: Target) -> None:
    os.memfd_create("toolscript")


@ACTS.act("use the kernel's keys", "seccomp")
def use_keys(target: Target) -> None:
    syscall("keyctl", 0, -3, 1)  # the number of the session's ring


@ACTS.act("see shared memory of the host", "seccomp", "ipc_namespace")
def see_shared_memory(target: Target) -> None:
    told = ctypes.create_string_buffer(256)
    expect(ctypes.CDLL(None).shmctl(target.segment, _IPC_STAT, told) == 0)


@ACTS.act("raise its own limits", "seccomp", "rlimits")
def raise_limit(target: Target) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


@ACTS.act("open itself to others of its user", "seccomp")
def become_dumpable(target: Target) -> None:
    syscall("prctl", _PR_SET_DUMPABLE, 1)


@ACTS.act("disarm its timer", "seccomp")
def disarm_timer(target: Target) -> None:
    signal.setitimer(signal.ITIMER_PROF, 0)
    expect(signal.getitimer(signal.ITIMER_PROF)[0] == 0)  # refused, Python does not say so


@ACTS.act("have more memory than its limit", "rlimits")
def exceed_memory(target: Target) -> None:
    syscall("mmap", 0, target.memory_bytes + 16 * _MIB, _READ_AND_WRITE, _PRIVATE_ANONYMOUS | _NO_RESERVE, -1, 0)


@ACTS.act("have more processor time than its limit", "rlimits")
def exceed_time(target: Target) -> None:
    end = time.process_time() + target.cpu_time_s + _SPIN_S
    while time.process_time() < end:
        sum(range(10_000))


@ACTS.act("map memory that can be executed", "seccomp")
def map_executable(target: Target) -> None:
    syscall("mmap", 0, 4096, _READ_AND_EXECUTE, _PRIVATE_ANONYMOUS, -1, 0)


# What is tried at every start, all in one process: the last one ends it.
AT_START = (
    "open_file",
    "list_folder",
    "write_file",
    "see_environment",
    "raise_limit",
    "become_dumpable",
    "exceed_memory",
    "map_executable",
)
EVERY = tuple(ACTS)
