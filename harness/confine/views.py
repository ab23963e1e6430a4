"""A command's own view of the file system, in a mount namespace: what it may not change is read-only, what it may not
read is masked.

Everything becomes read-only first, modes, owners and times included, which Landlock does not look at. The writable
folders are put back as they were. What is kept inside them is mounted on itself read-only, and so are, writable, the
folders on the way to it, and to what is masked: a mount point can be neither renamed nor removed.

References:
    mount_namespaces(7), open_tree(2), move_mount(2), mount_setattr(2).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
from collections.abc import Iterator

from harness.confine import namespaces
from harness.confine.guarded import Guarded, is_inside
from harness.confine.syscalls import syscall

_AT_EMPTY_PATH, _AT_RECURSIVE = 0x1000, 0x8000
_OPEN_TREE_CLONE, _CLOEXEC = 1, 0o2000000
_MOVE_EMPTY_PATHS = 0x44
_READ_ONLY, _NO_SUID, _NO_DEV, _NO_EXEC = 1, 2, 4, 8  # as attributes of a mount and as flags of mount(2)
_MS_REC_PRIVATE = 0x44000
_UMOUNT_DETACH = 2
_SET_STRING, _CREATE = 1, 6
_RESOLVE_NO_LINKS = 0x06  # neither symbolic links nor those of /proc
_DENIED = "denied"


def enter() -> None:
    """Move into a mount namespace of our own; what happens in it stays in it."""
    namespaces.enter(namespaces.CLONE_NEWNS)
    _mount("none", "/", "none", _MS_REC_PRIVATE)


def rehearse() -> None:
    """Enter, and make sure that mounts can be made and changed there.

    Raises:
        OSError: they cannot, or the kernel is too old (5.12).
    """
    enter()
    build(Guarded(tuple(filter(os.path.isdir, ("/tmp",))), (), (), ()), shared_bytes=1)


def mount_proc() -> None:
    """Mount a /proc for this PID namespace.

    Raises:
        OSError: the kernel refuses, as it does where parts of the old one are hidden, for instance in a container.
    """
    _mount("proc", "/proc", "proc", _NO_SUID | _NO_DEV | _NO_EXEC)


def build(guarded: Guarded, *, shared_bytes: int) -> None:
    """Change what the processes of this mount namespace see.

    Args:
        guarded: Paths as they are.
        shared_bytes: Size of the namespace's own /dev/shm.
    """
    roots = [(root, _clone(fd)) for root in guarded.roots for fd in _opened(root)]
    masks = _masks(sum(not os.path.isdir(path) for path in guarded.hidden))
    with open_path("/") as everything:
        _set_read_only(everything)
    for path, clone in roots:
        _move(clone, path)
    for path in _on_the_way(guarded):
        _put_over_itself(path)
    for path in guarded.kept:
        _put_over_itself(path, is_read_only=True)
    if os.path.isdir("/dev/shm"):
        _move(_new_folder("1777", _NO_SUID | _NO_DEV, size=str(shared_bytes)), "/dev/shm")
    for path in guarded.hidden:
        _move(_new_folder("000", _READ_ONLY | _NO_SUID | _NO_DEV) if os.path.isdir(path) else next(masks), path)


@contextlib.contextmanager
def open_path(path: str) -> Iterator[int]:
    """Open a path for the time of a `with`, as a place only (O_PATH); no part of it may be a link.

    Raises:
        OSError: ELOOP, a link took the place of something; ENOENT.
    """
    how = ctypes.create_string_buffer(struct.pack("=QQQ", os.O_PATH | _CLOEXEC, 0, _RESOLVE_NO_LINKS), 24)
    name = ctypes.create_string_buffer(os.fsencode(path))
    descriptor = syscall("openat2", -100, ctypes.addressof(name), ctypes.addressof(how), 24)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _opened(path: str) -> Iterator[int]:
    with open_path(path) as descriptor:
        yield descriptor


def _on_the_way(guarded: Guarded) -> list[str]:
    """The folders between the roots and what is kept or hidden inside them, the outer ones first."""
    found = set()
    for path in (*guarded.kept, *guarded.hidden):
        while is_inside(path := os.path.dirname(path), guarded.roots):
            found.add(path)
    return sorted(found)


def _put_over_itself(path: str, *, is_read_only: bool = False) -> None:
    with open_path(path) as place:
        clone = _clone(place)
    if is_read_only:
        _set_read_only(clone)
    _move(clone, path)


def _clone(place: int) -> int:
    """Copy the mount, and those on it, that a place is in, as of that place; it is nowhere yet."""
    return syscall("open_tree", place, _empty(), _OPEN_TREE_CLONE | _AT_EMPTY_PATH | _AT_RECURSIVE | _CLOEXEC)


def _move(mount: int, path: str) -> None:
    with open_path(path) as place:
        syscall("move_mount", mount, _empty(), place, _empty(), _MOVE_EMPTY_PATHS)
    os.close(mount)


def _set_read_only(mount: int) -> None:
    attributes = ctypes.create_string_buffer(struct.pack("=QQQQ", _READ_ONLY, 0, 0, 0), 32)
    flags = _AT_EMPTY_PATH | _AT_RECURSIVE
    syscall("mount_setattr", mount, _empty(), flags, ctypes.addressof(attributes), 32)


def _new_folder(mode: str, attributes: int, **options: str) -> int:
    """Make an empty file system in memory; it is nowhere yet."""
    kind = ctypes.create_string_buffer(b"tmpfs")
    context = syscall("fsopen", ctypes.addressof(kind), 1)
    try:
        for name, value in {"mode": mode, **options}.items():
            key, text = ctypes.create_string_buffer(name.encode()), ctypes.create_string_buffer(value.encode())
            syscall("fsconfig", context, _SET_STRING, ctypes.addressof(key), ctypes.addressof(text))
        syscall("fsconfig", context, _CREATE)
        return syscall("fsmount", context, 1, attributes)
    finally:
        os.close(context)


def _masks(count: int) -> Iterator[int]:
    """Make read-only mounts of a file that nobody may open, to lay over files. /proc is where they are made."""
    if not count:
        return iter(())
    _move(_new_folder("755", _NO_SUID | _NO_DEV | _NO_EXEC), "/proc")
    os.close(os.open(f"/proc/{_DENIED}", os.O_CREAT | os.O_WRONLY, 0))
    masks = [_read_only_clone(f"/proc/{_DENIED}") for _ in range(count)]
    name = ctypes.create_string_buffer(b"/proc")
    syscall("umount2", ctypes.addressof(name), _UMOUNT_DETACH)
    return iter(masks)


def _read_only_clone(path: str) -> int:
    with open_path(path) as place:
        clone = _clone(place)
    _set_read_only(clone)
    return clone


def _mount(source: str, target: str, kind: str, flags: int) -> None:
    texts = [ctypes.create_string_buffer(text.encode()) for text in (source, target, kind)]
    syscall("mount", *map(ctypes.addressof, texts), flags, 0)


_nothing = ctypes.create_string_buffer(b"")


def _empty() -> int:
    return ctypes.addressof(_nothing)
