"""Namespaces of our own, an empty root, and the first process of a PID namespace.

References:
    namespaces(7), user_namespaces(7), pid_namespaces(7), chroot(2).
"""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable
from typing import NoReturn

from harness.confine import process
from harness.confine.capabilities import NOBODY
from harness.confine.syscalls import syscall

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

_WRITABLE = ("/tmp", "/var/tmp", "/dev/shm", "/run")


def enter(flags: int) -> None:
    """Move into new namespaces (of PIDs: the processes forked from now on)."""
    syscall("unshare", flags)


def enter_user_namespace(*, keeps_ids: bool = False) -> None:
    """Move into a user namespace in which this process may make the others.

    It is tried in a throwaway process first: some systems let an ordinary user make one and then grant nothing in
    it, and there is no way back out.

    Args:
        keeps_ids: Whether user and group have their own numbers inside, instead of those of nobody.

    Raises:
        OSError: switched off, used up (ENOSPC), or forbidden by a filter or security module.
    """
    rehearse_in_child(lambda: _rehearse_mapped(keeps_ids=keeps_ids))
    enter_mapped(keeps_ids=keeps_ids)


def enter_empty_root() -> None:
    """Make an unlinked, hence forever empty, directory the root. Needs CAP_SYS_CHROOT."""
    directory = _open_unlinked()
    try:
        os.fchdir(directory)
        os.chroot(".")
    finally:
        os.close(directory)


def start_init() -> int:
    """Fork the first process of the new PID namespace; it waits for ever, and the namespace dies with it.

    Returns:
        Its pid, as this process sees it. It ends with this process.
    """
    from_init, to_zygote = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(from_init)  # or the pipe would have a reader also when the parent is gone
        _be_init(to_zygote)
    os.close(to_zygote)
    try:
        if os.read(from_init, 1) != b".":
            raise OSError(errno.ECHILD, "the first process of the PID namespace ended")
    finally:
        os.close(from_init)
    return pid


def _be_init(to_zygote: int) -> NoReturn:
    try:
        process.die_with_parent(None)
        os.write(to_zygote, b".")  # fails if the parent died before the request was made
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # orphans are reaped unseen
        process.close_descriptors(0, 0xFFFFFFFF)
        while True:
            signal.pause()
    finally:
        os._exit(1)


def _rehearse_mapped(*, keeps_ids: bool) -> None:
    enter_mapped(keeps_ids=keeps_ids)
    os.chroot("/")  # a capability in the namespace must be worth something


def rehearse_in_child(act: Callable[[], None]) -> None:
    """Do something in a child that ends with it, to learn whether it can be done.

    Raises:
        OSError: it cannot, and why.
    """
    pid = os.fork()
    if pid == 0:
        code = 255
        try:
            act()
            code = 0
        except OSError as error:
            code = error.errno or code
        finally:
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    if code := os.waitstatus_to_exitcode(status):
        raise OSError(abs(code), os.strerror(abs(code)))


def enter_mapped(*, keeps_ids: bool) -> None:
    """Move into a user namespace, as `enter_user_namespace`, without trying first."""
    user, group = os.geteuid(), os.getegid()
    process.set_dumpable(True)  # changing ids took the ownership of /proc/self away
    enter(CLONE_NEWUSER)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{user if keeps_ids else NOBODY} {user} 1")
    _write("/proc/self/gid_map", f"{group if keeps_ids else NOBODY} {group} 1")


def _write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)


def _open_unlinked() -> int:
    """Open a directory that has no name any more; nothing can be made in such a one."""
    failure = OSError(errno.ENOENT, "no writable directory")
    for parent in _WRITABLE:
        path = f"{parent}/.{os.urandom(16).hex()}"
        try:
            os.mkdir(path, 0o100)
            try:
                return os.open(path, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
            finally:
                os.rmdir(path)
        except OSError as error:
            failure = error
    raise failure
