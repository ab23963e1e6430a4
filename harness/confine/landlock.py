"""Landlock: a domain that is granted no file, no TCP port, no signal and no abstract socket outside of itself.

References:
    landlock(7); Documentation/userspace-api/landlock.rst of Linux.
"""

from __future__ import annotations

import ctypes
import struct

from harness.confine.syscalls import syscall

_VERSION = 1  # flag of landlock_create_ruleset: return the ABI


def abi() -> int:
    """Return the kernel's Landlock ABI, from 1.

    Raises:
        OSError: ENOSYS, not built in; EOPNOTSUPP, not switched on at boot.
    """
    return syscall("landlock_create_ruleset", 0, 0, _VERSION)


def open_deny_all() -> int:
    """Return a descriptor of a ruleset that handles all this kernel knows and grants nothing.

    Built once in the zygote; each child only enters it.

    Raises:
        OSError: as `abi`.
    """
    attributes = ctypes.create_string_buffer(_attributes(abi()))
    return syscall("landlock_create_ruleset", ctypes.addressof(attributes), len(attributes.raw) - 1, 0)


def restrict_self(ruleset_fd: int) -> None:
    """Enter the domain of a ruleset, for good. Needs no_new_privs."""
    syscall("landlock_restrict_self", ruleset_fd, 0)


def _attributes(version: int) -> bytes:
    """`struct landlock_ruleset_attr`, as long as this ABI knows it."""
    words = [_file_rights(version)]
    if version >= 4:
        words.append(0b11)  # bind and connect of TCP
    if version >= 6:
        words.append(0b11)  # scopes: abstract unix sockets, signals
    return struct.pack(f"={len(words)}Q", *words)


def _file_rights(version: int) -> int:
    rights = (1 << 13) - 1
    if version >= 2:
        rights |= 1 << 13  # refer
    if version >= 3:
        rights |= 1 << 14  # truncate
    if version >= 5:
        rights |= 1 << 15  # ioctl on devices
    return rights
