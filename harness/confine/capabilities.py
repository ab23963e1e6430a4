"""Leaving root and dropping every capability, with no way back.

References:
    capabilities(7), credentials(7).
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import struct

from harness.confine.syscalls import syscall

NOBODY = 65534

_PR_CAPBSET_DROP = 24
_PR_GET_SECUREBITS = 27
_PR_SET_SECUREBITS = 28
_SECBIT_NOROOT = 1
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_CLEAR_ALL = 4
_SECUREBITS = 0xEF  # noroot, no_setuid_fixup, keep_caps off and locked, no ambient raise, each with its lock
_VERSION_3 = 0x20080522
_NO_CAPABILITIES = bytes(24)  # effective, permitted, inheritable: two words each


def step_down() -> None:
    """As root, become nobody for now; the saved user id stays 0 until `drop_all`.

    So the user namespace that follows is made and owned as an ordinary user would make it.
    """
    if os.geteuid() != 0:
        return
    try:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, 0)
    except OSError as error:
        # Root of a container that maps no such user: go on as its only user, in a namespace of our own if possible.
        if error.errno not in (errno.EINVAL, errno.EPERM):
            raise


def step_up() -> None:
    """Take back what `step_down` put aside: namespaces can then be made without a user namespace."""
    with contextlib.suppress(OSError):  # an ordinary user has nothing to take back
        os.seteuid(0)


def drop_all() -> None:
    """Give up every capability and every user id but one that is not root, and make sure of it.

    Raises:
        OSError: something of root is left.
    """
    _close_ways_back()
    group, user = os.getegid() or NOBODY, os.geteuid() or NOBODY
    os.setresgid(group, group, group)
    os.setresuid(user, user, user)
    _write_capabilities(_NO_CAPABILITIES)
    _require_powerless()


def drop_keeping_ids() -> None:
    """Give up every capability but stay the same user, root too, so that its own files can still be written.

    Raises:
        OSError: a capability is left, or an exec would give root's back.
    """
    _close_ways_back()
    _write_capabilities(_NO_CAPABILITIES)
    if any(held()):
        raise OSError(errno.EPERM, "capabilities are left")
    if 0 in os.getresuid() and not syscall("prctl", _PR_GET_SECUREBITS) & _SECBIT_NOROOT:
        raise OSError(errno.EPERM, "an exec would give the capabilities of root back: CAP_SETPCAP is missing")


def held() -> bytes:
    """Return the capability sets of this process as the kernel packs them; all zero means none."""
    header, data = _header(), ctypes.create_string_buffer(24)
    syscall("capget", ctypes.addressof(header), ctypes.addressof(data))
    return data.raw


def _close_ways_back() -> None:
    """What needs a capability to be given up; who has none could not use it either."""
    with contextlib.suppress(OSError):
        syscall("prctl", _PR_SET_SECUREBITS, _SECUREBITS)
    with contextlib.suppress(OSError):
        syscall("prctl", _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
    with contextlib.suppress(OSError):  # EINVAL ends it: past the last capability
        for capability in range(64):
            syscall("prctl", _PR_CAPBSET_DROP, capability)


def _require_powerless() -> None:
    if 0 in (*os.getresuid(), *os.getresgid()) or any(held()):
        raise OSError(errno.EPERM, "ids or capabilities of root are left")
    try:
        os.setresuid(0, 0, 0)
    except OSError:
        return
    raise OSError(errno.EPERM, "root could be taken back")


def _write_capabilities(sets: bytes) -> None:
    header, data = _header(), ctypes.create_string_buffer(sets, 24)
    syscall("capset", ctypes.addressof(header), ctypes.addressof(data))


def _header() -> ctypes.Array[ctypes.c_char]:
    return ctypes.create_string_buffer(struct.pack("=Ii", _VERSION_3, 0), 8)
