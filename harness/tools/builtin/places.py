"""Where a path for writing leads, whether or not something stands there yet, and the folders on the way.

A path is resolved once, links included, to a `Place`: a folder that is held open (the workspace's root, or "/" for what
lies elsewhere) and names below it. Whoever then opens the place goes down these very names, never through a link
(`O_NOFOLLOW`): so what was decided about the place holds for what is really opened, whatever was swapped in between
(tests/security/test_writing_escapes.py).

References:
    open(2), path_resolution(7).
"""

from __future__ import annotations

import errno
import os
import stat
import weakref
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from harness.errors import CallError, DeniedError
from harness.tools.builtin.secret_paths import is_secret
from harness.tools.builtin.workspace import (
    FILE_FLAGS,
    FOLDER_FLAGS,
    MAX_LINKS,
    MAX_STEPS,
    Folders,
    Workspace,
    below_any,
    check_path,
    has_changed,
    missing_path,
    open_failure,
    refuse_secret,
    shown,
    shown_path,
)
from policy.grants import Grants
from policy.sandbox import PROTECTED_NAMES

MAX_FILE_BYTES = 8 * 1024**2
"""Largest file whose text is changed: what is larger is data, and belongs to a program."""

_READ_BYTES = 1024**2


@dataclass(frozen=True, slots=True)
class Place:
    """Where a path leads, links resolved.

    Attributes:
        base: Absolute path of the held folder the names count from: the workspace's root, or "/".
        parts: Names below it; empty for the folder itself.
        made_from: How many of the names but the last stood there; the folders behind them would have to be made.
        asked: The path as the call gave it, for messages.
    """

    base: str
    parts: tuple[str, ...]
    made_from: int
    asked: str

    @property
    def path(self) -> str:
        """The absolute path."""
        return self.base.rstrip("/") + "/" + "/".join(self.parts)

    @property
    def folder(self) -> tuple[str, tuple[str, ...]]:
        """Base and names of the folder it lies in."""
        return self.base, self.parts[:-1]

    @property
    def shown(self) -> str:
        """The path as a model is shown it: below the workspace, or absolute."""
        return shown_path(self.parts) if self.base != "/" else "/" + shown_path(self.parts)

    def first_made(self) -> str:
        """The absolute path of the first thing that writing here would make, or of the place itself."""
        return self.base.rstrip("/") + "/" + "/".join(self.parts[: self.made_from + 1])


@dataclass(frozen=True, slots=True)
class Found:
    """What stands at a place.

    Attributes:
        status: What lstat(2) says.
        content: Bytes of a regular file that is not too large; None for anything else.
    """

    status: os.stat_result
    content: bytes | None

    @property
    def is_folder(self) -> bool:
        """Say whether it is a folder."""
        return stat.S_ISDIR(self.status.st_mode)

    @property
    def is_file(self) -> bool:
        """Say whether it is a regular file."""
        return stat.S_ISREG(self.status.st_mode)


class Places:
    """Resolves paths for writing, and opens what they lead to.

    Args:
        workspace: What relative paths count from.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._slash = os.open("/", FOLDER_FLAGS)
        weakref.finalize(self, os.close, self._slash)

    def resolve(self, path: str, *, follow: bool = True) -> Place:
        """Find where a path leads. Reads nothing but links.

        Args:
            path: Below the workspace, or absolute.
            follow: Whether a link at the end is followed, as by writing, or meant itself, as by removing.

        Raises:
            DeniedError: `policy.forbidden`, nothing is ever written there: secrets, `.git`, `/proc`.
            CallError: `tool.invalid_arguments`, it is no path; `tool.failed`, it leads through a file, or nowhere.
        """
        check_path(path)
        try:
            place = _Way(self._workspace, self._slash, path).place(follow=follow)
        except OSError as error:
            raise open_failure(path, error) from None
        self._refuse_forbidden(place)
        return place

    def read(self, place: Place) -> Found | None:
        """Read what stands at a place, None if nothing does.

        Raises:
            CallError: `tool.failed`, it cannot be read.
        """
        if not place.parts:
            return Found(os.stat(place.base), None)
        try:
            with self.folder(place) as folder:
                return _found(place.parts[-1], folder)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise open_failure(place.asked, error) from None

    def missing(self, place: Place) -> CallError:
        """The error for a place where nothing stands, with the nearest name as the hint."""
        folders = Folders(self.fd(place.base))
        try:
            for name in place.parts[:-1][: place.made_from]:
                folders.enter(name)
            return missing_path(place.asked, folders, place.parts[min(place.made_from, len(place.parts) - 1)])
        except OSError as error:
            return open_failure(place.asked, error)
        finally:
            folders.close()

    @contextmanager
    def folder(self, place: Place) -> Iterator[int]:
        """Open the folder of a place, name by name and through no link.

        Raises:
            OSError: It is not there, or not a folder any more.
        """
        folders = Folders(self.fd(place.base))
        try:
            for name in place.parts[:-1]:
                folders.enter(name)
            yield folders.fd
        finally:
            folders.close()

    def fd(self, base: str) -> int:
        """The descriptor of a place's base."""
        return self._workspace.fd if base == self._workspace.path else self._slash

    def _refuse_forbidden(self, place: Place) -> None:
        if shown_path(place.parts) != ("/".join(place.parts) or "."):
            raise CallError("tool.failed", f"{shown(place.asked)} leads to a name that is not UTF-8")
        name = next((name for name in place.parts if name.casefold() in PROTECTED_NAMES), None)
        if name is not None:
            raise DeniedError(
                "policy.forbidden",
                f"{shown(place.asked)} is protected: no tool writes {name!r} or what is in it",
                hint="hooks and settings in there run things; do without, or ask the user",
            )
        is_inside = place.base == self._workspace.path
        if not self._workspace.may_read(place.parts) if is_inside else is_secret(place.parts):
            refuse_secret(place.asked)


def refuse_unwritable(places: Iterable[Place], grants: Grants) -> None:
    """Say no to places that the grants do not let be written. Nothing has been read so far.

    Raises:
        DeniedError: `policy.forbidden`, a place is protected; `sandbox.denied`, it is outside of what may be written.
    """
    chosen = list(places)
    for place in chosen:
        if _is_protected(place.path, grants):
            raise DeniedError(
                "policy.forbidden",
                f"{shown(place.asked)} is protected: settings, rules, secrets and records are not written by tools",
                hint="do without, or ask the user",
            )
    outside = [place for place in chosen if not _may_write(place, grants)]
    if outside:
        raise DeniedError(
            "sandbox.denied",
            f"{', '.join(dict.fromkeys(shown(place.asked) for place in outside))} leads out of the writable folders",
            hint="write below the workspace, by a path relative to it",
            details={"paths": [shown_path([place.asked]) for place in outside]},
        )


def _may_write(place: Place, grants: Grants) -> bool:
    """Say whether a place may be written, the folders included that would have to be made for it.

    A grant of the very path, which a person approved, covers its folders; that of a folder only what is below it.
    """
    is_named = place.path in grants.writable
    return grants.may_write(place.path) and (is_named or grants.may_write(place.first_made()))


def _is_protected(path: str, grants: Grants) -> bool:
    """As `Grants` has it, in any case of letters: on some file systems they are the same."""
    folded = path.casefold()
    return any(
        f"{folded}/".startswith(f"{item.casefold().rstrip('/')}/") for item in (*grants.protected, *grants.hidden)
    )


class _Way:
    """One walk from a held folder to where a path leads."""

    def __init__(self, workspace: Workspace, slash: int, path: str) -> None:
        self._workspace = workspace
        self._slash = slash
        self._path = path
        self._links = 0
        self._base = workspace.path
        self._folders = Folders(workspace.fd)
        self._pending: deque[str] = deque()

    def place(self, *, follow: bool) -> Place:
        self._go(self._path)
        try:
            for _ in range(max(MAX_STEPS, 2 * len(self._pending))):
                if (place := self._step(follow=follow)) is not None:
                    return self._inside(place)
        finally:
            self._folders.close()
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))

    def _go(self, path: str) -> None:
        """Put the names of a path before what is pending; an absolute one starts at its own base."""
        if path.startswith("/"):
            below = below_any(self._workspace.roots, path)
            self._restart("/" if below is None else self._workspace.path)
            path = path if below is None else below
        self._pending.extendleft(reversed([name for name in path.split("/") if name not in ("", ".")]))

    def _restart(self, base: str) -> None:
        self._folders.close()
        self._base = base
        self._folders = Folders(self._slash if base == "/" else self._workspace.fd)

    def _step(self, *, follow: bool) -> Place | None:
        if not self._pending:
            return self._reached(self._folders.parts, len(self._folders.parts))
        name = self._pending.popleft()
        if name == "..":
            self._leave()
            return None
        try:
            return self._enter(name, follow=follow)
        except OSError as error:
            if not has_changed(error, name, self._folders.fd):
                raise
            self._pending.appendleft(name)  # swapped since the look: look again
        return None

    def _leave(self) -> None:
        if self._folders.parts:
            self._folders.leave()
        elif self._base != "/":
            self._restart("/")
            self._pending.extendleft(reversed(self._workspace.path.split("/")[1:-1]))

    def _enter(self, name: str, *, follow: bool) -> Place | None:
        folders = self._folders
        try:
            status = os.stat(name, dir_fd=folders.fd, follow_symlinks=False)
        except FileNotFoundError:
            return self._unmade(name)
        is_last = not self._pending
        if stat.S_ISLNK(status.st_mode) and (follow or not is_last):
            self._follow(os.readlink(name, dir_fd=folders.fd))
        elif is_last:
            return self._reached([*folders.parts, name], len(folders.parts))
        elif stat.S_ISDIR(status.st_mode):
            folders.enter(name)
        else:
            raise OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        return None

    def _unmade(self, name: str) -> Place:
        if ".." in self._pending:
            raise OSError(errno.ENOENT, os.strerror(errno.ENOENT))
        return self._reached([*self._folders.parts, name, *self._pending], len(self._folders.parts))

    def _follow(self, target: str) -> None:
        self._links += 1
        if self._links > MAX_LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        self._go(target)

    def _reached(self, parts: Iterable[str], made_from: int) -> Place:
        if os.fstat(self._folders.fd).st_dev == self._workspace.proc_device:
            raise DeniedError("policy.forbidden", f"{shown(self._path)} belongs to /proc, which tools do not write")
        return Place(self._base, tuple(parts), made_from, self._path)

    def _inside(self, place: Place) -> Place:
        """Count from the workspace's root what was reached from "/" and lies in the workspace by its names."""
        root = tuple(self._workspace.path.split("/")[1:]) if self._workspace.path != "/" else ()
        if place.base != "/" or self._workspace.path == "/" or place.parts[: len(root)] != root:
            return place
        return Place(self._workspace.path, place.parts[len(root) :], max(0, place.made_from - len(root)), place.asked)


def _found(name: str, folder: int) -> Found:
    status = os.stat(name, dir_fd=folder, follow_symlinks=False)
    if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_FILE_BYTES:
        return Found(status, None)
    fd = os.open(name, FILE_FLAGS, dir_fd=folder)
    try:
        status = os.fstat(fd)
        return Found(status, _content(fd) if stat.S_ISREG(status.st_mode) else None)
    finally:
        os.close(fd)


def _content(fd: int) -> bytes | None:
    """Read a file to its end, or None if it grew too large meanwhile."""
    parts: list[bytes] = []
    size = 0
    while piece := os.read(fd, _READ_BYTES):
        parts.append(piece)
        size += len(piece)
        if size > MAX_FILE_BYTES:
            return None
    return b"".join(parts)


def may_be_changed(name: str, folder: int) -> bool:
    """Say whether the system lets this process write a regular file, which a rename over it would not ask."""
    try:
        os.close(os.open(name, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC, dir_fd=folder))
    except OSError as error:
        return error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ETXTBSY)
    return True
