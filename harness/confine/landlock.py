"""Landlock: a domain that is granted no file, no TCP port, no signal and no abstract socket outside of itself.

A worker's domain stays so. That of a command is granted what its files need.

References:
    landlock(7); Documentation/userspace-api/landlock.rst of Linux.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct

from harness.confine.syscalls import syscall

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
MAKE_CHAR, MAKE_SOCK, MAKE_BLOCK = 1 << 6, 1 << 9, 1 << 11
TRUNCATE, IOCTL_DEV = 1 << 14, 1 << 15
EVERYTHING = (1 << 16) - 1
SCOPES_ABI = 6
TRUNCATE_ABI = 3

_VERSION = 1  # flag of landlock_create_ruleset: return the ABI
_PATH_BENEATH = 1
_OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV  # the rights that are not about entries of a folder


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
    return open_ruleset()


def open_ruleset(*, is_tcp_free: bool = False) -> int:
    """Return a descriptor of a ruleset that handles all this kernel knows, TCP only if it is not free.

    Raises:
        OSError: as `abi`.
    """
    attributes = ctypes.create_string_buffer(_attributes(abi(), is_tcp_free=is_tcp_free))
    return syscall("landlock_create_ruleset", ctypes.addressof(attributes), len(attributes.raw) - 1, 0)


def allow(ruleset_fd: int, path_fd: int, rights: int) -> None:
    """Grant rights on a file, or on a folder and all below it; rights that mean nothing here are left out.

    Args:
        ruleset_fd: What `open_ruleset` returned.
        path_fd: The file or folder, opened with O_PATH.
        rights: Bits of this module.
    """
    known = rights & _file_rights(abi())
    if not stat.S_ISDIR(os.fstat(path_fd).st_mode):
        known &= _OF_FILES
    rule = ctypes.create_string_buffer(struct.pack("=Qi", known, path_fd))
    syscall("landlock_add_rule", ruleset_fd, _PATH_BENEATH, ctypes.addressof(rule), 0)


def restrict_self(ruleset_fd: int) -> None:
    """Enter the domain of a ruleset, for good. Needs no_new_privs."""
    syscall("landlock_restrict_self", ruleset_fd, 0)


def _attributes(version: int, *, is_tcp_free: bool = False) -> bytes:
    """`struct landlock_ruleset_attr`, as long as this ABI knows it."""
    words = [_file_rights(version)]
    if version >= 4:
        words.append(0 if is_tcp_free else 0b11)  # bind and connect of TCP
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
