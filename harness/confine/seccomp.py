"""The system-call filter: what a warm interpreter needs is allowed, attacks end the process, the rest is EPERM.

A call that only an attack makes kills the process with SIGSYS, which the host reports as `worker.violation`.
File-like calls fail with EPERM instead, because the standard library makes some of them in passing (a lazy import, a
source line for a traceback) and copes.

References:
    seccomp(2); Documentation/userspace-api/seccomp_filter.rst of Linux.
"""

from __future__ import annotations

import ctypes
import errno
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from harness.confine.syscalls import machine, number, syscall

ALLOW = 0x7FFF0000
REFUSE = 0x00050000 | errno.EPERM
KILL = 0x80000000

AUDIT_ARCH: Mapping[str, int] = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}


@dataclass(frozen=True, slots=True)
class Test:
    """Holds when the low word of an argument, masked, is one of some values.

    The kernel itself looks at no more than these bits of the arguments tested here.
    """

    argument: int
    mask: int
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """What becomes of a call: `verdict` when every test holds, else `otherwise`, which may test on."""

    verdict: int
    tests: tuple[Test, ...] = ()
    otherwise: int | Rule = REFUSE


_CHANNEL = Rule(ALLOW, (Test(0, 0xFFFFFFFF, (3,)),))
_CLOCK = Rule(ALLOW, (Test(0, 0xFFFFFFF0, (0,)),))  # not the clocks of other processes, which have negative numbers
_PROT_EXEC = 4
_MAP_PRIVATE_ANONYMOUS = 0x22
_MAP_HARMLESS = 0x4000 | 0x20000  # NORESERVE, STACK

RULES: dict[str, Rule] = {
    "read": _CHANNEL,
    "write": _CHANNEL,
    # Private anonymous memory that is not executable; nothing of a file, nothing shared.
    "mmap": Rule(
        ALLOW,
        (Test(2, _PROT_EXEC, (0,)), Test(3, 0xFFFFFFFF & ~_MAP_HARMLESS, (_MAP_PRIVATE_ANONYMOUS,))),
        otherwise=KILL,
    ),
    "mprotect": Rule(ALLOW, (Test(2, _PROT_EXEC, (0,)),), otherwise=KILL),
    "madvise": Rule(ALLOW, (Test(2, 0xFFFFFFFF, (4, 8)),)),  # DONTNEED, FREE: what allocators give back
    # WAIT, WAKE and their BITSET forms, with the PRIVATE and CLOCK_REALTIME flags: what a lock is made of.
    "futex": Rule(ALLOW, (Test(1, 0xFFFFFFFF & ~0x180, (0, 1, 9, 10)),)),
    "clock_gettime": _CLOCK,
    "clock_getres": _CLOCK,
    "clock_nanosleep": _CLOCK,
}

ALLOWED = """
    munmap mremap brk nanosleep gettimeofday time getrandom getpid gettid getrusage rt_sigreturn restart_syscall
    sched_yield exit exit_group
"""

# What only an attack does, by kind: processes made, signalled, read; the network, and descriptors that come by message;
# another view of the file system; wide interfaces of the kernel; the machine; other ids.
KILLED = """
    fork vfork clone clone3 execve execveat kill tkill rt_sigqueueinfo rt_tgsigqueueinfo ptrace process_vm_readv
    process_vm_writev kcmp pidfd_open pidfd_getfd pidfd_send_signal process_madvise process_mrelease

    socket connect bind listen accept accept4 sendmsg sendmmsg recvmsg recvmmsg

    unshare setns chroot mount umount2 pivot_root move_mount open_tree fsopen fsconfig fsmount fspick mount_setattr
    open_by_handle_at name_to_handle_at

    bpf perf_event_open io_uring_setup io_uring_enter io_uring_register userfaultfd memfd_create memfd_secret keyctl
    add_key request_key fanotify_init

    init_module finit_module delete_module kexec_load kexec_file_load reboot swapon swapoff acct quotactl syslog iopl
    ioperm modify_ldt personality

    setuid setgid setreuid setregid setresuid setresgid setgroups setfsuid setfsgid capset
"""


def compile_filter(on: str, rules: Mapping[str, Rule] | None = None, *, default: Rule = Rule(REFUSE)) -> bytes:
    """Return a filter for a machine as an array of `struct sock_filter`.

    Args:
        on: The machine.
        rules: By the name of the call; None for those of the worker.
        default: What becomes of every other call.
    """
    chosen = worker_rules() if rules is None else rules
    numbered = {nr: rule for name, rule in chosen.items() if (nr := number(name, on=on)) is not None}
    ranges = _ranges(numbered, default)
    if on == "x86_64":
        ranges.append((0x40000000, Rule(KILL)))  # the x32 calls, which mean other things
    return b"".join(
        (
            _load(4),
            _jump(_JEQ, AUDIT_ARCH[on], 1, 0),
            _return(KILL),  # a call of another architecture: the numbers would mean other things
            _load(0),
            _tree(ranges),
        )
    )


def worker_rules() -> dict[str, Rule]:
    """Return what the filter of a worker says about each call that it names."""
    return {name: Rule(ALLOW) for name in ALLOWED.split()} | {name: Rule(KILL) for name in KILLED.split()} | RULES


def install() -> None:
    """Put the worker's filter on this process, for good. Needs no_new_privs. Nothing else can be set up after it."""
    install_program(_program())


def prepare() -> None:
    """Build the worker's filter ahead of time: the zygote does it once for all its children."""
    _program()


class Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def program_of(code: bytes) -> Program:
    """Wrap a compiled filter for `install_program`."""
    return Program(len(code) // 8, code)


def install_program(program: Program) -> None:
    """Put a filter on this process, for good. Needs no_new_privs."""
    syscall("seccomp", _SET_MODE_FILTER, 0, ctypes.addressof(program))


@cache
def _program() -> Program:
    return program_of(compile_filter(machine()))


_SET_MODE_FILTER = 1
_LD_ABS, _JEQ, _JGE, _JUMP, _AND, _RET = 0x20, 0x15, 0x35, 0x05, 0x54, 0x06
_FARTHEST = 255  # what a conditional jump can skip


def _ranges(numbered: Mapping[int, Rule], default: Rule) -> list[tuple[int, Rule]]:
    """Cut the numbers from 0 up into ranges of one rule each, as (first number, rule)."""
    ranges = [(0, default)]
    for nr in sorted(numbered):
        # Each call opens a range of its own and the default follows; a range of no length falls to the next.
        ranges += [(nr, numbered[nr]), (nr + 1, default)]
    filled = [here for here, after in pairwise(ranges) if here[0] < after[0]] + ranges[-1:]
    return [here for index, here in enumerate(filled) if index == 0 or filled[index - 1][1] != here[1]]


def _tree(ranges: Sequence[tuple[int, Rule]]) -> bytes:
    """A binary search for the range of the loaded number. Position-independent: every jump is relative."""
    if len(ranges) == 1:
        return _leaf(ranges[0][1])
    middle = len(ranges) // 2
    low, high = _tree(ranges[:middle]), _tree(ranges[middle:])
    if len(low) // 8 > _FARTHEST:
        return _jump(_JGE, ranges[middle][0], 0, 1) + _instruction(_JUMP, len(low) // 8) + low + high
    return _jump(_JGE, ranges[middle][0], len(low) // 8, 0) + low + high


def _leaf(rule: Rule) -> bytes:
    code = _return(rule.verdict)
    otherwise = _leaf(rule.otherwise) if isinstance(rule.otherwise, Rule) else _return(rule.otherwise)
    for test in reversed(rule.tests):
        code = _test(test, code, otherwise)
    return code


def _test(test: Test, passed: bytes, failed: bytes) -> bytes:
    """Load, mask, compare with each value: a match jumps over the failure."""
    over = len(failed) // 8 - 1
    compare = b"".join(
        _jump(_JEQ, value, len(test.values) - index + over, 0) for index, value in enumerate(test.values)
    )
    return _load(16 + 8 * test.argument) + _instruction(_AND, test.mask) + compare + failed + passed


def _load(offset: int) -> bytes:
    """Load a word of `struct seccomp_data`: number 0, architecture 4, arguments from 16 (low word first)."""
    return _instruction(_LD_ABS, offset)


def _return(verdict: int) -> bytes:
    return _instruction(_RET, verdict)


def _jump(kind: int, value: int, if_true: int, if_false: int) -> bytes:
    return struct.pack("=HBBI", kind, if_true, if_false, value)


def _instruction(kind: int, value: int) -> bytes:
    return struct.pack("=HBBI", kind, 0, 0, value)
