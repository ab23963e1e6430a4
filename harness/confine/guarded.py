"""Which existing paths a command must leave alone inside the folders that it may write.

The names in an order are made real here, at every start: what is missing needs no guard, what is a link is two things
(the link, and where it leads), and a `.git` that is a pointer file stands for the folders it points to.

References:
    gitrepository-layout(5): `gitdir:` and `commondir`.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from harness.confine.order import Order

UNWRITABLE = ("/dev", "/proc", "/sys")
"""Never opened for writing as a whole, whoever asks: they are the kernel's, and its switches are in them."""

_POINTER_BYTES = 4096
_MAX_LINKS = 40  # as the kernel has it


@dataclass(frozen=True, slots=True)
class Guarded:
    """Real paths, of things that exist.

    Attributes:
        roots: What may be written with all that is below; none lies below another.
        kept: What stays read-only below the roots.
        links: Symbolic links below the roots that must stay what they are.
        hidden: What may not be read.
    """

    roots: tuple[str, ...]
    kept: tuple[str, ...]
    links: tuple[str, ...]
    hidden: tuple[str, ...]


def guarded(order: Order) -> Guarded:
    """Look at the paths of an order as they are now."""
    hidden = tuple(dict.fromkeys(os.path.realpath(path) for path in order.hidden if os.path.exists(path)))
    refused = (*UNWRITABLE, *(os.path.realpath(path) for path in order.protected), *hidden)
    roots = _outermost(root for root in _roots(order.writable) if not is_below(root, refused))
    named = [path for path in order.protected if os.path.lexists(path)]
    targets = [os.path.realpath(path) for path in named]
    pointed = [target for path in named if os.path.basename(path) == ".git" for target in git_folders(path)]
    inside = [path for path in (*targets, *pointed) if is_inside(path, roots) and os.path.exists(path)]
    links = [path for path in named if os.path.islink(path) and is_inside(_real_place(path), roots)]
    return Guarded(roots, tuple(dict.fromkeys(inside)), tuple(map(_real_place, links)), hidden)


def git_folders(pointer: str) -> Iterator[str]:
    """Yield the folders that a `.git` pointer file leads to; none if it is a folder itself."""
    line = _first_line(pointer)
    if line.startswith(b"gitdir:"):
        folder = os.path.realpath(os.path.join(os.path.dirname(pointer), os.fsdecode(line[7:].strip())))
        yield folder
        if common := _first_line(os.path.join(folder, "commondir")):
            yield os.path.realpath(os.path.join(folder, os.fsdecode(common)))


def is_below(path: str, folders: Iterable[str]) -> bool:
    """Say whether a path is one of some folders, or below one."""
    return any(path == folder or path.startswith(folder.rstrip("/") + "/") for folder in folders)


def is_inside(path: str, folders: Collection[str]) -> bool:
    """Say whether a path is below one of some folders, and none of them itself."""
    return path not in folders and is_below(path, folders)


def _roots(writable: Collection[str]) -> Iterator[str]:
    """Yield what of the writable folders is there.

    A link is followed only where no command could have put it: not inside another writable folder. The root of the
    file system stands for what is in it.
    """
    for path in writable:
        if path == "/":
            yield from (entry.path for entry in os.scandir("/") if not entry.is_symlink())
        elif path.startswith("/") and (place := _real_root(path, [other for other in writable if other != path])):
            yield place


def _real_root(path: str, others: Iterable[str]) -> str | None:
    """Follow the links of a path, each looked at once; None if one lies in another writable folder, or leads nowhere.

    A command that swaps a folder for a link all the time would sooner or later be looked at as a folder and followed as
    a link. What it swaps later is noticed by whoever opens the place, and follows no links.
    """
    writable = [name for other in others for name in (other, os.path.realpath(other))]
    place, ahead, followed = "/", path.split("/")[::-1], 0
    while ahead:
        name = ahead.pop()
        step = os.path.dirname(place) if name == ".." else os.path.join(place, name)
        if name in ("", "."):
            continue
        try:
            target = os.readlink(step)
        except OSError as error:
            if error.errno != errno.EINVAL:  # which says that it is there, and no link
                return None
            place = step
            continue
        followed += 1
        if is_inside(step, writable) or followed > _MAX_LINKS:
            return None
        place = "/" if target.startswith("/") else place
        ahead += target.split("/")[::-1]
    return place


def _outermost(paths: Iterable[str]) -> tuple[str, ...]:
    found = sorted(set(paths))
    return tuple(path for path in found if not is_below(path, [other for other in found if other != path]))


def _real_place(path: str) -> str:
    """Resolve the folders of a path, and not its last name."""
    folder, name = os.path.split(path)
    return os.path.join(os.path.realpath(folder), name)


def _first_line(path: str) -> bytes:
    """Return the first line of a regular file, b"" if there is none."""
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                return os.read(descriptor, _POINTER_BYTES).partition(b"\n")[0].strip()
        finally:
            os.close(descriptor)
    return b""
