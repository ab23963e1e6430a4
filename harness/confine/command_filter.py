"""The system-call filter of commands: everything is allowed but what leads out of the sandbox.

What is refused fails with EPERM, as it does for an ordinary user, so that programs cope. Where libc has an older way
to the same end, ENOSYS sends it there, to a call whose arguments the filter can see.

References:
    seccomp(2); docs/how-to/confine-commands.md.
"""

from __future__ import annotations

import errno
from functools import cache

from harness.confine import landlock, seccomp
from harness.confine.seccomp import ALLOW, REFUSE, Rule, Test
from harness.confine.syscalls import machine

_ABSENT = 0x00050000 | errno.ENOSYS
_WORD = 0xFFFFFFFF

# Another process's inside; wide interfaces of the kernel; file systems and namespaces; the machine and its clock.
REFUSED = """
    ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd process_madvise process_mrelease move_pages migrate_pages

    bpf perf_event_open userfaultfd keyctl add_key request_key fanotify_init lookup_dcookie modify_ldt

    chroot mount umount2 pivot_root move_mount open_tree open_tree_attr fsopen fsconfig fsmount fspick mount_setattr
    setns open_by_handle_at name_to_handle_at quotactl quotactl_fd file_setattr

    init_module finit_module delete_module kexec_load kexec_file_load reboot swapon swapoff acct syslog iopl ioperm
    vhangup settimeofday clock_settime adjtimex clock_adjtime sethostname setdomainname
"""
ABSENT = "clone3 openat2 io_uring_setup io_uring_enter io_uring_register"
SOCKETS = "connect bind listen accept accept4"
# By key, by number and by name: a number can be guessed, and is listed in /proc.
SHARED = """
    shmget shmat shmctl semget semop semtimedop semctl msgget msgsnd msgrcv msgctl mq_open mq_unlink
"""

_NEW_NAMESPACES = 0x7E020000
_NEW_TIME = 0x80  # a flag of unshare; in clone it is part of the signal
_SET_ID = 0o6000
_SETS_ID = (0o2000, 0o4000, 0o6000)
_CREATE, _TEMPORARY = 0o100, 0o20000000
_CREATES = (_CREATE, _TEMPORARY, _CREATE | _TEMPORARY)
_PERSONALITIES = (0, 0x0040000, _WORD)  # Linux, the same without address randomisation, the question
_TERMINAL_INPUT = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX: type for the person at a terminal
# FS_IOC_SETFLAGS (of 64 and of 32 bits), FS_IOC_FSSETXATTR, FS_IOC_ENABLE_VERITY: a file that may be read is enough.
_FILE_FLAGS = (0x40086602, 0x40046602, 0x401C5820, 0x40806685)
_LEASES = (1024, 1040)  # F_SETLEASE, F_SETDELEG: whoever else opens the file is held up until the lease is broken
_AF_UNIX, _AF_INET, _AF_INET6, _AF_NETLINK = 1, 2, 10, 16
_KIND = 0xF  # of a socket's type, without the flags
_STREAM, _SEQPACKET = 1, 5
_NETLINK_ROUTE = 0
_ACCESS_MODE, _TRUNCATE = 0o3, 0o1000


def _sets_id(mode: int, flags: int | None = None) -> Rule:
    """Refuse a mode with the set-uid or set-gid bit; with `flags`, only where these make the mode count."""
    tests: tuple[Test, ...] = (Test(mode, _SET_ID, _SETS_ID),)
    if flags is not None:
        tests = (Test(flags, _CREATE | _TEMPORARY, _CREATES), *tests)
    return Rule(REFUSE, tests, otherwise=ALLOW)


def _has_truncate() -> bool:
    try:
        return landlock.abi() >= landlock.TRUNCATE_ABI
    except OSError:
        return False


def _truncates(flags: int, otherwise: Rule) -> Rule:
    """Refuse an open for reading that truncates: Landlock before ABI 3 looks at what it opens for only."""
    return Rule(REFUSE, (Test(flags, _ACCESS_MODE | _TRUNCATE, (_TRUNCATE,)),), otherwise=otherwise)


RULES = {
    "clone": Rule(ALLOW, (Test(0, _NEW_NAMESPACES, (0,)),)),
    "unshare": Rule(ALLOW, (Test(0, _NEW_NAMESPACES | _NEW_TIME, (0,)),)),
    "personality": Rule(ALLOW, (Test(0, _WORD, _PERSONALITIES),)),
    "ioctl": Rule(REFUSE, (Test(1, _WORD, (*_TERMINAL_INPUT, *_FILE_FLAGS)),), otherwise=ALLOW),
    "fcntl": Rule(REFUSE, (Test(1, _WORD, _LEASES),), otherwise=ALLOW),
    # A datagram socket of a pair could still be pointed at another service's; these kinds cannot.
    "socketpair": Rule(ALLOW, (Test(0, _WORD, (_AF_UNIX,)), Test(1, _KIND, (_STREAM, _SEQPACKET)))),
    # A set-uid file made by root, or by anybody, would outlive the sandbox.
    "open": _sets_id(2, 1),
    "openat": _sets_id(3, 2),
    "creat": _sets_id(1),
    "mknod": _sets_id(1),
    "mknodat": _sets_id(2),
    "chmod": _sets_id(1),
    "fchmod": _sets_id(1),
    "fchmodat": _sets_id(2),
    "fchmodat2": _sets_id(2),
}
_ITSELF = Rule(ALLOW, (Test(0, _WORD, (0,)),))
_ONE_PROCESS = 0  # of setpriority: neither a group nor a user, whose processes the host's are too
_ONE_THREAD = 1  # the same of ioprio_set
# The host has the same user, so the kernel would let a command change these of it: a processor time of 1 s ends it.
OF_OTHERS = {
    "prlimit64": _ITSELF,
    "sched_setaffinity": _ITSELF,
    "sched_setscheduler": _ITSELF,
    "sched_setparam": _ITSELF,
    "sched_setattr": _ITSELF,
    "setpriority": Rule(ALLOW, (Test(0, _WORD, (_ONE_PROCESS,)), Test(1, _WORD, (0,)))),
    "ioprio_set": Rule(ALLOW, (Test(0, _WORD, (_ONE_THREAD,)), Test(1, _WORD, (0,)))),
}
# With the network: the Internet, and the kernel's own answers about interfaces. Never a Unix socket: those of other
# services (a container daemon, an agent of keys, a message bus) are ways out.
_SOCKET = {
    False: Rule(REFUSE),
    True: Rule(
        ALLOW,
        (Test(0, _WORD, (_AF_INET, _AF_INET6)),),
        otherwise=Rule(ALLOW, (Test(0, _WORD, (_AF_NETLINK,)), Test(2, _WORD, (_NETLINK_ROUTE,)))),
    ),
}


def rules(*, network: bool, has_ipc_namespace: bool, has_pid_namespace: bool, has_truncate: bool) -> dict[str, Rule]:
    """Return what the filter says about each call that it names; every other one is allowed.

    Args:
        network: Whether the network may be used.
        has_ipc_namespace: Whether shared memory and message queues are the command's own.
        has_pid_namespace: Whether a command can name its own processes only.
        has_truncate: Whether Landlock knows truncation (ABI 3); if not, the filter refuses what it would.
    """
    chosen = {name: Rule(REFUSE) for name in REFUSED.split()} | {name: Rule(_ABSENT) for name in ABSENT.split()} | RULES
    chosen["socket"] = _SOCKET[network]
    if not network:
        chosen |= {name: Rule(REFUSE) for name in SOCKETS.split()}
    if not has_ipc_namespace:
        chosen |= {name: Rule(REFUSE) for name in SHARED.split()}
    if not has_pid_namespace:
        chosen |= OF_OTHERS
    if not has_truncate:
        chosen |= {
            "truncate": Rule(REFUSE),
            "open": _truncates(1, RULES["open"]),
            "openat": _truncates(2, RULES["openat"]),
        }
    return chosen


@cache
def program(*, network: bool, has_ipc_namespace: bool, has_pid_namespace: bool) -> seccomp.Program:
    """Return the filter for this machine, compiled once."""
    chosen = rules(
        network=network,
        has_ipc_namespace=has_ipc_namespace,
        has_pid_namespace=has_pid_namespace,
        has_truncate=_has_truncate(),
    )
    return seccomp.program_of(seccomp.compile_filter(machine(), chosen, default=Rule(ALLOW)))
