"""What a process can give up about itself: new privileges, being inspected, outliving its parent, descriptors."""

from __future__ import annotations

import contextlib
import errno
import os
import resource
import signal
from collections.abc import Collection

from harness.confine.syscalls import syscall

CHANNEL_FD = 3

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38
_LAST_FD = 0xFFFFFFFF


def forbid_new_privileges() -> None:
    """Set no_new_privs: no set-uid program or file capability gives this process or its children anything."""
    syscall("prctl", _PR_SET_NO_NEW_PRIVS, 1)


def set_dumpable(dumpable: bool) -> None:
    """Say whether others of the same user may trace this process, read its memory, environment and descriptors."""
    syscall("prctl", _PR_SET_DUMPABLE, int(dumpable))


def die_with_parent(parents: Collection[int] | None) -> None:
    """Ask to be killed when the parent ends, and end now if it is gone already.

    Args:
        parents: What getppid(2) says while the parent lives: its pid, or 0 when it is outside of our PID namespace.
            None if the caller finds out in another way.
    """
    syscall("prctl", _PR_SET_PDEATHSIG, signal.SIGKILL)
    if parents is not None and os.getppid() not in parents:
        os._exit(1)  # the parent died before the request was made, so nothing would ever end this process


def signal_when_parent_ends(number: int) -> None:
    """Ask for a signal when the parent ends; not sent if it is gone already."""
    syscall("prctl", _PR_SET_PDEATHSIG, number)


def keep_only_channel(channel_fd: int) -> None:
    """Move the channel to descriptor 3 and close every other one, 0 to 2 included.

    Nothing takes the free numbers, because RLIMIT_NOFILE is 0 from then on and the system-call filter reads and
    writes descriptor 3 alone.
    """
    if channel_fd != CHANNEL_FD:
        os.dup2(channel_fd, CHANNEL_FD)
    close_descriptors(0, CHANNEL_FD - 1)
    close_descriptors(CHANNEL_FD + 1, _LAST_FD)


def close_descriptors(first: int, last: int) -> None:
    """Close a range of descriptors, both ends included."""
    try:
        syscall("close_range", first, last, 0)
    except OSError as error:
        if error.errno != errno.ENOSYS:  # Linux before 5.9
            raise
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        os.closerange(first, min(last, soft) + 1)


def reset_signals() -> None:
    """Give back their default to the signals that enforce limits: a launcher may have left them ignored or blocked."""
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    for number in (signal.SIGPROF, signal.SIGXCPU, signal.SIGSYS):
        signal.signal(number, signal.SIG_DFL)


def reset_all_signals() -> None:
    """Give every signal its default back, those that an interpreter ignores for itself included, and block none.

    What a program ignores stays ignored in what it executes, and surprises there.
    """
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        with contextlib.suppress(OSError, ValueError):  # those that libc keeps for itself
            signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
