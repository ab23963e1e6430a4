"""Changing several files as one: all of them, or none.

New contents are written beside their targets first, where a full disk or a missing permission shows. Then every target
is looked at once more, and the new files are renamed into place; the old ones stay under another name until the last
rename, so that a failure at any step puts everything back. Only a killed host can stop in between: what it leaves are
files named `.*.toolscript-tmp`, and whole old or whole new files.

A file is replaced, never written in place: its mode and, where the host may, its owner are kept; another hard link to
it keeps the old content, so a link that someone made to a file elsewhere is no way to change that file.
"""

from __future__ import annotations

import errno
import os
import stat
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from anyio import CancelScope, to_thread

from harness.errors import CallError, HarnessError
from harness.tools.builtin.places import Place, Places, may_be_changed
from harness.tools.builtin.workspace import FOLDER_FLAGS, shown

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_NO_HARD_LINKS = (errno.EPERM, errno.EACCES, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV)

NOTHING_CHANGED = "nothing was changed: "
"""What the message of a failure begins with when everything is as it was."""

_ALONE = threading.Lock()  # the last look and the renames of two calls do not interleave


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of one place.

    Attributes:
        place: Where.
        before: What lstat(2) said of it when the change was worked out, None if nothing stood there.
        content: The new content, None to remove the file.
        mode: Permissions of the new file, None for those of any new file.
    """

    place: Place
    before: os.stat_result | None
    content: bytes | None
    mode: int | None = None


def apply_changes(places: Places, changes: Sequence[Change]) -> None:
    """Make all the changes, or none.

    Raises:
        CallError: `tool.failed`, the system refused something, or a file is not what it was; nothing is changed then.
    """
    work = _Work(places)
    try:
        for change in changes:
            work.prepare(change)
        with _ALONE:
            for change in changes:
                work.check(change)
            for change in changes:
                work.put(change)
    except BaseException as error:
        stuck = work.undo()
        if stuck or isinstance(error, OSError):
            raise _told(error, stuck) from error
        raise
    else:
        work.clean()
    finally:
        work.close()


async def make_changes(places: Places, changes: Sequence[Change]) -> None:
    """Make changes in a thread, to the end: a call that is cancelled meanwhile has made them all.

    Raises:
        CallError: as `apply_changes`.
    """
    with CancelScope(shield=True):
        await to_thread.run_sync(apply_changes, places, changes)


def _told(error: BaseException, stuck: Sequence[str]) -> CallError:
    """The error for the caller: what went wrong, and what could not be put back."""
    if stuck:
        names = ", ".join(stuck)
        return CallError("tool.failed", f"{_reason(error)}, and what was changed could not be put back at {names}")
    details = {"errno": error.errno if isinstance(error, OSError) else None}
    return CallError("tool.failed", f"{NOTHING_CHANGED}{_reason(error)}", details=details)


def _reason(error: BaseException) -> str:
    if isinstance(error, HarnessError):
        return error.message
    if not isinstance(error, OSError):
        return type(error).__name__
    if error.errno in (errno.ELOOP, errno.ENOTDIR):
        return "a folder on the way was replaced meanwhile"
    return os.strerror(error.errno or 0).lower()


class _Work:
    """The folders that are open, the files that were made, and how to undo what was done."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._folders: dict[tuple[str, tuple[str, ...]], int] = {}
        self._new: dict[Place, str] = {}
        self._old: list[tuple[int, str]] = []
        self._undo: list[tuple[str, Callable[[], object]]] = []

    def prepare(self, change: Change) -> None:
        """Make folders and the new file beside its place."""
        place = change.place
        if change.content is None:
            self._folder(place, place.folder)
            return
        folder = self._folder(place, place.folder, make=True)
        if _is_file(change.before) and not may_be_changed(place.parts[-1], folder):
            raise CallError("tool.failed", f"{NOTHING_CHANGED}{shown(place.asked)} may not be written")
        name = self._name_beside()
        fd = os.open(name, _NEW, 0o666, dir_fd=folder)
        self._new[place] = name
        try:
            _fill(fd, change)
        finally:
            os.close(fd)

    def check(self, change: Change) -> None:
        """Look whether the place is still as it was when the change was worked out."""
        if not _is_same(change.before, _status(change.place.parts[-1], self._folder_of(change))):
            raise CallError(
                "tool.failed",
                f"{NOTHING_CHANGED}{shown(change.place.asked)} was changed by something else meanwhile",
                hint="read it again, and make the change anew",
                retryable=True,
            )

    def put(self, change: Change) -> None:
        """Bring the place to its new state."""
        folder, name = self._folder_of(change), change.place.parts[-1]
        if change.content is None:
            self._move_away(change.place, folder)
        elif change.before is None:
            _link_or_move(self._new[change.place], name, folder)
            self._undo.append((change.place.shown, lambda: _unlink(folder, name)))
        else:
            self._keep_aside(change.place, folder)
            os.rename(self._new[change.place], name, src_dir_fd=folder, dst_dir_fd=folder)

    def undo(self) -> list[str]:
        """Put everything back, last thing first; return the places where that failed."""
        self._remove_new()
        stuck = []
        for shown_place, step in reversed(self._undo):
            try:
                step()
            except OSError:
                stuck.append(shown_place)
        return stuck

    def clean(self) -> None:
        """Remove the second names, and the old files that were kept."""
        self._remove_new()
        for folder, name in self._old:
            with suppress(OSError):
                os.unlink(name, dir_fd=folder)

    def _remove_new(self) -> None:
        for place, name in self._new.items():
            with suppress(OSError):
                os.unlink(name, dir_fd=self._folders[place.folder])

    def close(self) -> None:
        """Close the folders."""
        for fd in self._folders.values():
            os.close(fd)

    def _folder_of(self, change: Change) -> int:
        return self._folders[change.place.folder]

    def _folder(self, place: Place, key: tuple[str, tuple[str, ...]], *, make: bool = False) -> int:
        """Open a folder below the one that holds it, through no link; make it if need be."""
        if key not in self._folders:
            base, parts = key
            if parts:
                above = self._folder(place, (base, parts[:-1]), make=make)
                self._folders[key] = self._opened(place, parts[-1], above, make=make)
            else:
                self._folders[key] = os.dup(self._places.fd(base))
        return self._folders[key]

    def _opened(self, place: Place, name: str, above: int, *, make: bool) -> int:
        try:
            return os.open(name, FOLDER_FLAGS, dir_fd=above)
        except FileNotFoundError:
            if not make:
                raise
        with suppress(FileExistsError):
            os.mkdir(name, dir_fd=above)
            self._undo.append((place.shown, lambda: _rmdir(above, name)))
        return os.open(name, FOLDER_FLAGS, dir_fd=above)

    def _name_beside(self) -> str:
        return f".{os.urandom(8).hex()}.toolscript-tmp"

    def _move_away(self, place: Place, folder: int) -> None:
        aside = self._name_beside()
        os.rename(place.parts[-1], aside, src_dir_fd=folder, dst_dir_fd=folder)
        self._undo.append((place.shown, lambda: _rename(folder, aside, place.parts[-1])))
        self._old.append((folder, aside))

    def _keep_aside(self, place: Place, folder: int) -> None:
        """Give the file a second name, so that its own is never without a file; else move it away."""
        aside = self._name_beside()
        try:
            os.link(place.parts[-1], aside, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
        except OSError as error:
            if error.errno not in _NO_HARD_LINKS:
                raise
            self._move_away(place, folder)
            return
        self._undo.append((place.shown, lambda: _rename(folder, aside, place.parts[-1])))
        self._old.append((folder, aside))


def _fill(fd: int, change: Change) -> None:
    left = memoryview(change.content or b"")
    while left:
        left = left[os.write(fd, left) :]
    if change.before is not None and _is_file(change.before):
        with suppress(PermissionError):
            os.fchown(fd, change.before.st_uid, change.before.st_gid)
    if change.mode is not None:
        os.fchmod(fd, change.mode & 0o777)  # no set-user-id bit: the kernel takes it off a file that is written, too


def _is_file(status: os.stat_result | None) -> bool:
    return status is not None and stat.S_ISREG(status.st_mode)


def _status(name: str, folder: int) -> os.stat_result | None:
    with suppress(FileNotFoundError):
        return os.stat(name, dir_fd=folder, follow_symlinks=False)
    return None


def _is_same(before: os.stat_result | None, now: os.stat_result | None) -> bool:
    if before is None or now is None:
        return before is now
    return all(getattr(before, name) == getattr(now, name) for name in _IDENTITY)


_IDENTITY = ("st_dev", "st_ino", "st_mode", "st_size", "st_mtime_ns")


def _rename(folder: int, source: str, name: str) -> None:
    """Rename; two names of one file are left by rename(2) as they are, so the first is taken away."""
    os.rename(source, name, src_dir_fd=folder, dst_dir_fd=folder)
    _unlink(folder, source)


def _unlink(folder: int, name: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(name, dir_fd=folder)


def _rmdir(folder: int, name: str) -> None:
    with suppress(OSError):  # something else was put into it: then it stays
        os.rmdir(name, dir_fd=folder)


def _link_or_move(source: str, name: str, folder: int) -> None:
    """Put a new file where none stands; one that came meanwhile is not overwritten."""
    try:
        os.link(source, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        os.rename(source, name, src_dir_fd=folder, dst_dir_fd=folder)
