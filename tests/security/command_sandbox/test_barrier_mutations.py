"""Every barrier of a command is missed by an attack, and so is every rule of its filter that stands for a way out.

The barriers as a whole are taken away in `test_peel.py`; here it is seen that none is left out there.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import resource
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.confine import command_filter, process, seccomp
from harness.confine.barriers import COMMAND_BARRIERS
from harness.confine.seccomp import ALLOW, Rule
from harness.confine.syscalls import machine, syscall
from tests.forks import in_a_fork
from tests.security.command_sandbox.arena import LANDLOCK_ALONE, NAMESPACES, Arena
from tests.security.command_sandbox.conftest import Sandbox
from tests.security.command_sandbox.test_peel import PEELS

# Barrier -> the entry of PEELS that takes it away, and an attack that gets through then.
PEELED = {
    "own_session": "session",
    "closed_descriptors": "descriptors",
    "rlimits": "ceilings",
    "no_capabilities": "capabilities",
    "no_new_privs": "no_new_privs",
    "landlock": "landlock alone",
    "seccomp": "filter, set-uid",
    "mount_namespace": "views, modes",
    "pid_namespace": "processes",
    "ipc_namespace": "ipc",
    "network_namespace": "filter, landlock and network",
    "landlock_scopes": "scopes",
}
NOT_MISSED = {"user_namespace": "it stops nothing: it is what lets an ordinary user have the other namespaces"}
NO_KILL = "from harness.confine import supervisor; supervisor._Supervisor._kill = lambda self: self._reap()"


def test_every_barrier_is_taken_away_somewhere() -> None:
    here = {"dies_with_host"}
    assert {*PEELED, *NOT_MISSED, *here} == set(COMMAND_BARRIERS)
    assert set(PEELED.values()) <= set(PEELS)


def test_what_a_command_leaves_behind_lives_on_without_the_supervisors_kill(workplace: Sandbox) -> None:
    """Where there is a PID namespace, its end is the end of all that is in it."""
    assert not leaves_something(workplace, LANDLOCK_ALONE)
    assert leaves_something(workplace, LANDLOCK_ALONE, NO_KILL)
    assert not leaves_something(workplace, NAMESPACES, NO_KILL)


def leaves_something(workplace: Sandbox, mode: str, without: str = "") -> bool:
    beats = workplace.workspace / "beats"
    beats.write_text("")
    with Arena(mode, without=without) as arena:
        sandbox = Sandbox(arena, mode, workplace.workspace, workplace.outside, workplace.hidden, workplace.grants)
        sandbox.shell("setsid sh -c 'for n in 1 2 3 4; do echo >> beats; sleep 0.2; done' > /dev/null 2>&1 & sleep 0.1")
        before = beats.read_text()
        time.sleep(0.5)
        return beats.read_text() != before


# Rules of the filter, each with an attack that it alone stops: nothing else is put up here.


@dataclass(frozen=True)
class Hole:
    """An attack, and the other rules that it must be spared."""

    attack: Callable[[], object]
    needs: tuple[str, ...] = ()


def _of_victim(act: Callable[[int], object]) -> Callable[[], object]:
    def run() -> None:
        act(os.getppid())

    return run


def _set_uid(path: str = "file") -> None:
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
    os.chmod(path, 0o4700)


def _lease() -> None:
    descriptor = os.open("leased", os.O_CREAT | os.O_RDONLY)
    fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)


def _flags() -> None:
    descriptor = os.open("flagged", os.O_CREAT | os.O_RDONLY)
    flags = ctypes.create_string_buffer(8)
    code = _errno_of(lambda: fcntl.ioctl(descriptor, 0x40086602, flags))
    if code == errno.EPERM:
        raise PermissionError(code, "refused")


def _asked(act: Callable[[], object]) -> Callable[[], object]:
    """For acts that come to nothing here: any answer of the kernel but the filter's means that it was asked."""

    def run() -> None:
        code = _errno_of(act)
        if code in (errno.EPERM, errno.ENOSYS):
            raise OSError(code, os.strerror(code))

    return run


def _errno_of(act: Callable[[], object]) -> int:
    try:
        act()
    except OSError as error:
        return error.errno or 0
    return 0


HOLES: dict[str, Hole] = {
    "ptrace": Hole(_asked(lambda: syscall("ptrace", 0x4206, 2**22, 0, 0))),
    "process_vm_readv": Hole(_asked(lambda: syscall("process_vm_readv", 2**22, 0, 0, 0, 0, 0))),
    "keyctl": Hole(lambda: syscall("keyctl", 0, -3, 1)),
    "userfaultfd": Hole(lambda: syscall("userfaultfd", 1)),
    "io_uring_setup": Hole(_asked(lambda: syscall("io_uring_setup", 0, 0))),
    "openat2": Hole(_asked(lambda: syscall("openat2", -100, 0, 0, 0))),
    "clone3": Hole(_asked(lambda: syscall("clone3", 0, 0))),
    "unshare": Hole(_asked(lambda: syscall("unshare", 0x10000000))),
    "chroot": Hole(_asked(lambda: os.chroot("/nonexistent"))),
    "setns": Hole(_asked(lambda: syscall("setns", -1, 0))),
    "personality": Hole(lambda: syscall("personality", 0x0400000)),
    "socket": Hole(lambda: socket.socket(socket.AF_UNIX)),
    "connect": Hole(_asked(lambda: _connect()), ("socket",)),
    "socketpair": Hole(lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)),
    "chmod": Hole(_set_uid),
    "fcntl": Hole(_lease),
    "ioctl": Hole(_flags),
    "shmget": Hole(_asked(lambda: syscall("shmget", 0x7FFFFFF1, 0, 0))),
    "prlimit64": Hole(_of_victim(lambda pid: resource.prlimit(pid, resource.RLIMIT_NOFILE))),
    "sched_setaffinity": Hole(_of_victim(lambda pid: os.sched_setaffinity(pid, os.sched_getaffinity(pid)))),
    "setpriority": Hole(
        _of_victim(lambda pid: os.setpriority(os.PRIO_PROCESS, pid, os.getpriority(os.PRIO_PROCESS, pid)))
    ),
}


def _connect() -> None:
    with socket.socket(socket.AF_INET) as client:
        client.settimeout(1)
        client.connect(("127.0.0.1", 1))


@pytest.mark.parametrize("rule", HOLES)
def test_an_attack_gets_through_without_this_rule_of_the_filter(tmp_path: Path, rule: str) -> None:
    hole = HOLES[rule]
    assert end_of(hole.attack, tmp_path, hole.needs) in ("EPERM", "ENOSYS")
    assert end_of(hole.attack, tmp_path, (rule, *hole.needs)) == "got through"


def end_of(attack: Callable[[], object], folder: Path, allowed: tuple[str, ...]) -> str:
    """Do something in a process that has the filter alone, without some of its rules."""

    def attempt() -> bytes:
        os.chdir(folder)
        _put_filter_on(allowed)
        try:
            attack()
        except OSError as error:
            return errno.errorcode[error.errno or 0].encode()
        return b"got through"

    return in_a_fork(attempt).decode()


def _put_filter_on(allowed: tuple[str, ...]) -> None:
    rules = command_filter.rules(network=False, has_ipc_namespace=False, has_pid_namespace=False, has_truncate=True)
    rules |= {name: Rule(ALLOW) for name in allowed}
    code = seccomp.compile_filter(machine(), rules, default=Rule(ALLOW))
    process.forbid_new_privileges()
    seccomp.install_program(seccomp.program_of(code))
