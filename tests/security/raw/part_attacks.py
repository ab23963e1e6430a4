"""Attacks that one part of a barrier alone stops: a rule of the filter, a resource limit. Else as `attacks/worker.py`."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import time
from collections.abc import Callable

from harness.confine import seccomp
from harness.confine.syscalls import syscall
from tests.security.attacks.worker import ATTACKS, MIB, Attack, Target, permitted, permitted_even_if_refused

_NOWHERE = "/nonexistent/program"
_MORE_THAN_A_SECOND = 1.4

PART_ATTACKS: dict[str, Attack] = {}


def attack(run: Callable[[Target], object]) -> Callable[[Target], object]:
    """Register an attempt under its function's name."""
    PART_ATTACKS[run.__name__] = Attack(run.__name__, run, "")
    return run


@attack
def write_memory_file(target: Target) -> object:
    """Fill a disk, or memory that is no process's."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    return os.write(os.memfd_create("x"), b"x")


@attack
def huge_writable_mapping(target: Target) -> object:
    """Addresses that would be private memory, were they touched."""
    return syscall("mmap", 0, 600 * MIB, 3, 0x22 | 0x4000, -1, 0)


@attack
def spin_for_long(target: Target) -> object:
    """Compute on where the timer does not end it."""
    end = time.process_time() + _MORE_THAN_A_SECOND
    while time.process_time() < end:
        sum(range(10_000))
    return "spun"


@attack
def write_core_file(target: Target) -> object:
    return resource.setrlimit(resource.RLIMIT_CORE, (1, 1))


@attack
def have_message_queues(target: Target) -> object:
    return resource.setrlimit(resource.RLIMIT_MSGQUEUE, (1, 1))


@attack
def read_standard_input(target: Target) -> object:
    return os.read(0, 0)


@attack
def ask_to_execute(target: Target) -> object:
    """Another program would need files of its own; that the question is answered is enough."""
    return permitted_even_if_refused(lambda: os.execv(_NOWHERE, [_NOWHERE]))


@attack
def sleep_by_clock_of_victim(target: Target) -> object:
    clock, time_spec = (~target.victim_pid << 3) | 2, ctypes.create_string_buffer(16)
    return permitted(lambda: syscall("clock_nanosleep", clock, 0, ctypes.addressof(time_spec), 0))


@attack
def resolution_of_clock_of_victim(target: Target) -> object:
    return syscall("clock_getres", (~target.victim_pid << 3) | 2, 0)


@attack
def fork_by_number(target: Target) -> object:
    pid = syscall("fork")
    if pid == 0:
        os._exit(0)
    return os.waitpid(pid, 0)


def _asking(name: str) -> Callable[[Target], object]:
    return lambda target: permitted_even_if_refused(lambda: syscall(name, -1, 0, 0, 0, 0, 0))


# Only asks the kernel for a call, with senseless arguments: whatever it answers, the filter has let it through.
ASKED = {f"ask for {name}": name for name in seccomp.KILLED.split() if name not in ("fork", "vfork", "clone")}
PART_ATTACKS.update({asked: Attack(asked, _asking(name), "SIGSYS") for asked, name in ASKED.items()})

EVERY = ATTACKS | PART_ATTACKS
