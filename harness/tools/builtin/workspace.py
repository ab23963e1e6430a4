"""A folder that tools may read, and nothing outside of it.

Every path is opened by descriptor, one component at a time and never through a symbolic link (`O_NOFOLLOW`): links
are read and resolved here, and `..` goes back to a descriptor that is already held. So nothing that is swapped in
between a look and an open can lead out, and the path that was really opened is known, which the rule about secret
paths needs. `openat2` with `RESOLVE_BENEATH` would hold as well, but tells no path, and is missing on older kernels
and under some container filters; one mechanism that is the same everywhere is easier to trust
(tests/security/test_workspace_escapes.py).

What is mounted inside the workspace belongs to it, `/proc` excepted. A hard link is a file like any other: whoever
could make one could have copied the file.

References:
    open(2), openat2(2), path_resolution(7).
"""

from __future__ import annotations

import difflib
import errno
import os
import stat
import weakref
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from types import TracebackType
from typing import Literal, NoReturn, Self

from harness.errors import CallError, ConfigError, DeniedError
from harness.tools.builtin.secret_paths import is_secret

MAX_PATH = 4096
"""Longest path in bytes of UTF-8: PATH_MAX of Linux."""

MAX_LINKS = 40  # as the kernel's own limit, path_resolution(7)
MAX_STEPS = 1000  # ends a race in which a name keeps changing between link and file
_MAX_SUGGESTED = 2000  # names of a folder that are compared for a hint
_SHOWN = 200

FOLDER_FLAGS = os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
FILE_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_LISTING = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

Kind = Literal["file", "folder", "either"]


@dataclass(frozen=True, slots=True)
class Opened:
    """An open file or folder, to be used in a `with` statement.

    Attributes:
        fd: The descriptor; closed at the end of the `with`.
        parts: Components below the workspace root, links resolved.
        status: What fstat(2) said of the descriptor.
    """

    fd: int
    parts: tuple[str, ...]
    status: os.stat_result

    @property
    def is_folder(self) -> bool:
        """Say whether this is a folder."""
        return stat.S_ISDIR(self.status.st_mode)

    @property
    def path(self) -> str:
        """The path below the root, as a model is shown it."""
        return shown_path(self.parts)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        os.close(self.fd)


class Workspace:
    """A root folder, held open, and the paths in it that may be read.

    Args:
        root: The folder. It stays the same one when it is renamed.
        granted: Paths below the root that may be read although their name says that they hold secrets; a function is
            asked each time.

    Attributes:
        roots: The root's absolute path with links resolved when it was opened, and as it was given.
        proc_device: Device number of /proc, or None.

    Raises:
        ConfigError: `config.invalid`, the root is no folder that can be opened.
    """

    def __init__(
        self, root: str | os.PathLike[str], *, granted: Iterable[str] | Callable[[], Iterable[str]] = ()
    ) -> None:
        self.roots = (os.path.realpath(root), os.path.abspath(root))
        try:
            self._fd = os.open(self.roots[0], os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise ConfigError(
                "config.invalid",
                f"the workspace {os.fspath(root)!r} cannot be opened: {error.strerror}",
                hint="name a folder that exists",
                phase="checking",
            ) from None
        weakref.finalize(self, os.close, self._fd)
        fixed = () if callable(granted) else tuple(granted)
        self._granted = granted if callable(granted) else lambda: fixed
        self.proc_device = _device_of_proc()

    @property
    def fd(self) -> int:
        """The root's descriptor, which stays open as long as this object lives."""
        return self._fd

    @property
    def path(self) -> str:
        """The first of `roots`."""
        return self.roots[0]

    def may_read(self, parts: Iterable[str]) -> bool:
        """Say whether the names in a path allow to read it. The open enforces the rest."""
        path = tuple(parts)
        return not is_secret(path) or not is_secret(path, [grant.strip("/").split("/") for grant in self._granted()])

    def open_file(self, path: str) -> Opened:
        """Open a regular file for reading; whatever else stands there never blocks.

        Args:
            path: Below the root, "/" between components; an absolute path counts if it lies below the root.

        Raises:
            DeniedError: `policy.forbidden`, the path leads out, or holds secrets.
            CallError: `tool.failed`, there is no such file, or it is none; `tool.invalid_arguments`, no path at all.
        """
        return self._open(path, "file")

    def open_folder(self, path: str) -> Opened:
        """Open a folder for listing. The same rules as for `open_file`; "" and "." are the root.

        Raises:
            DeniedError, CallError: as `open_file`.
        """
        return self._open(path, "folder")

    def open_path(self, path: str) -> Opened:
        """Open a regular file or a folder. The same rules as for `open_file`.

        Raises:
            DeniedError, CallError: as `open_file`.
        """
        return self._open(path, "either")

    def reopen_folder(self, parts: Iterable[str]) -> Opened:
        """Open a folder by components that an earlier open or a walk found; secrets are not asked about again.

        Raises:
            OSError, HarnessError: It is not there any more.
        """
        return _Resolution(self._fd, self.roots, "/".join(parts)).open(list(parts), "folder")

    def open_child(self, folder: int, parts: tuple[str, ...], kind: Kind) -> Opened:
        """Open what a walk came by, below the descriptor of its folder; links are not followed.

        Args:
            folder: Descriptor of the folder.
            parts: Components below the root; the last is the name in the folder.
            kind: What it must be.

        Raises:
            OSError: It cannot be opened, is something else by now, or belongs to /proc.
        """
        fd = os.open(parts[-1], FILE_FLAGS if kind == "file" else _LISTING, dir_fd=folder)
        status = os.fstat(fd)
        right = stat.S_ISREG(status.st_mode) if kind == "file" else stat.S_ISDIR(status.st_mode)
        if not right or status.st_dev == self.proc_device:
            os.close(fd)
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        return Opened(fd, parts, status)

    def _open(self, path: str, kind: Kind) -> Opened:
        names = self._names(path)
        if not self.may_read(name for name in names if name != "."):
            refuse_secret(path)
        try:
            opened = _Resolution(self._fd, self.roots, path).open(names, kind)
        except OSError as error:
            raise open_failure(path, error) from None
        if not self.may_read(opened.parts):
            os.close(opened.fd)
            refuse_secret(path)
        if opened.status.st_dev == self.proc_device:
            os.close(opened.fd)
            raise _forbidden(f"{shown(path)} belongs to /proc, which tools do not read")
        return opened

    def _names(self, path: str) -> list[str]:
        """Split a path into names, or say what is wrong with it."""
        check_path(path)
        below = path
        if path.startswith("/"):
            relative = below_any(self.roots, path)
            if relative is None:
                raise _forbidden(f"{shown(path)} lies outside the workspace")
            below = relative
        return [name for name in below.split("/") if name]


class _Resolution:
    """One walk from the root to what a path means, links included."""

    def __init__(self, root_fd: int, roots: Iterable[str], path: str) -> None:
        self._root_fd = root_fd
        self._roots = roots
        self._path = path
        self._links = 0

    def open(self, names: list[str], kind: Kind) -> Opened:
        folders = Folders(self._root_fd)
        pending = deque(names)
        try:
            for _ in range(max(MAX_STEPS, 2 * len(names))):
                if (opened := self._step(folders, pending, kind)) is not None:
                    return opened
        finally:
            folders.close()
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))

    def _step(self, folders: Folders, pending: deque[str], kind: Kind) -> Opened | None:
        if not pending:
            return self._opened(folders, ".", kind, folders.parts)
        name = pending.popleft()
        if name == "..":
            if not folders.parts:
                raise _forbidden(f"{shown(self._path)} leads out of the workspace")
            folders.leave()
        elif name != ".":
            return self._enter(folders, pending, name, kind)
        return None

    def _enter(self, folders: Folders, pending: deque[str], name: str, kind: Kind) -> Opened | None:
        try:
            status = os.stat(name, dir_fd=folders.fd, follow_symlinks=False)
            if stat.S_ISLNK(status.st_mode):
                self._follow(folders, pending, os.readlink(name, dir_fd=folders.fd))
                return None
            last = all(rest == "." for rest in pending)
            if last and not stat.S_ISDIR(status.st_mode):
                _check_kind(self._path, status, kind)
                return self._opened(folders, name, kind, (*folders.parts, name))
            folders.enter(name)
        except OSError as error:
            if error.errno == errno.ENOENT:
                raise missing_path(self._path, folders, name) from None
            if not has_changed(error, name, folders.fd):
                raise
            pending.appendleft(name)  # swapped since the look: look again
        return None

    def _follow(self, folders: Folders, pending: deque[str], target: str) -> None:
        self._links += 1
        if self._links > MAX_LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        if target.startswith("/"):
            relative = below_any(self._roots, target)
            if relative is None:
                raise _forbidden(f"{shown(self._path)} is a link that leads out of the workspace")
            target = relative
            folders.close()
        pending.extendleft(reversed([name for name in target.split("/") if name]))

    def _opened(self, folders: Folders, name: str, kind: Kind, parts: Iterable[str]) -> Opened:
        fd = os.open(name, FILE_FLAGS, dir_fd=folders.fd)  # opens a folder just as well
        try:
            status = os.fstat(fd)
            _check_kind(self._path, status, kind)
        except BaseException:
            os.close(fd)
            raise
        return Opened(fd, tuple(parts), status)


class Folders:
    """The folders from the root down to where a walk stands, each held open."""

    def __init__(self, root_fd: int) -> None:
        self._root_fd = root_fd
        self._fds: list[int] = []
        self.parts: list[str] = []

    @property
    def fd(self) -> int:
        return self._fds[-1] if self._fds else self._root_fd

    def enter(self, name: str) -> None:
        self._fds.append(os.open(name, FOLDER_FLAGS, dir_fd=self.fd))
        self.parts.append(name)

    def leave(self) -> None:
        os.close(self._fds.pop())
        self.parts.pop()

    def close(self) -> None:
        while self._fds:
            self.leave()


def shown(path: str) -> str:
    """Quote a path for a message: as it was written, shortened, with nothing that could not be printed."""
    cut = path if len(path) <= _SHOWN else path[: _SHOWN - 1] + "…"
    return repr(cut.encode("utf-8", "replace").decode())


def shown_path(parts: Iterable[str]) -> str:
    """Join components to a path that JSON can carry; bytes that are not UTF-8 show as U+FFFD."""
    return "/".join(parts).encode("utf-8", "surrogateescape").decode("utf-8", "replace") or "."


def check_path(path: str) -> None:
    """Say no to what no system call could take.

    Raises:
        CallError: `tool.invalid_arguments`.
    """
    if fault := _fault_of(path):
        raise CallError(
            "tool.invalid_arguments",
            f"{shown(path)} is no path: {fault}",
            hint="give a path below the workspace, such as 'src/main.py'",
        )


def _fault_of(path: str) -> str | None:
    if "\0" in path:
        return "it holds a null byte"
    try:
        return f"it is longer than {MAX_PATH:,} bytes" if len(path.encode()) > MAX_PATH else None
    except UnicodeEncodeError:
        return "it holds characters that are not valid Unicode"


def below_any(roots: Iterable[str], path: str) -> str | None:
    """Return what of an absolute path lies below a root, or None. Decides by names alone; the walk enforces."""
    for root in roots:
        prefix = root.rstrip("/") + "/"
        if f"{path}/".startswith(prefix):
            return path[len(prefix) :]
    return None


def has_changed(error: OSError, name: str, folder: int) -> bool:
    """Say whether what stands there was swapped between the look and the open."""
    if error.errno in (errno.ELOOP, errno.EINVAL):
        return True  # O_NOFOLLOW met a link, or readlink(2) something else
    if error.errno != errno.ENOTDIR:
        return False
    with suppress(OSError):
        return not stat.S_ISREG(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
    return True


def _check_kind(path: str, status: os.stat_result, kind: Kind) -> None:
    is_folder = stat.S_ISDIR(status.st_mode)
    if not is_folder and not stat.S_ISREG(status.st_mode):
        raise CallError("tool.failed", f"{shown(path)} is a pipe, socket or device; only regular files are read")
    if kind == "file" and is_folder:
        raise CallError(
            "tool.failed", f"{shown(path)} is a folder, not a file", hint="list it with tools.list_dir(path=...)"
        )
    if kind == "folder" and not is_folder:
        raise CallError(
            "tool.failed", f"{shown(path)} is a file, not a folder", hint="read it with tools.read_file(path=...)"
        )


def missing_path(path: str, folders: Folders, name: str) -> CallError:
    where = shown_path([*folders.parts, name])
    near = difflib.get_close_matches(name, _names_in(folders.fd), n=1, cutoff=0.5)
    hint = f"did you mean {shown(shown_path([*folders.parts, near[0]]))}?" if near else _NO_NEAR_NAME
    what = f"there is no {shown(path)}" if shown(path) == shown(where) else _missing_part(path, where)
    return CallError("tool.failed", what + " in the workspace", hint=hint, details={"missing": where})


_NO_NEAR_NAME = "paths are relative to the workspace root; look with tools.list_dir() or tools.file_search(query=...)"


def _missing_part(path: str, where: str) -> str:
    return f"{shown(path)} cannot be opened: there is no {shown(where)}"


def _names_in(folder: int) -> list[str]:
    """List names for a hint: not all of a large folder, none that could not be shown, no secrets."""
    with suppress(OSError):
        listing = os.open(".", _LISTING, dir_fd=folder)
        try:
            with os.scandir(listing) as entries:
                names = [entry.name for entry in islice(entries, _MAX_SUGGESTED)]
        finally:
            os.close(listing)
        return [name for name in names if not is_secret([name])]
    return []


def _forbidden(message: str) -> DeniedError:
    return DeniedError(
        "policy.forbidden", message, hint="only what lies in the workspace can be read, by a path relative to its root"
    )


def refuse_secret(path: str) -> NoReturn:
    raise DeniedError(
        "policy.forbidden",
        f"{shown(path)} may hold secrets, and was not granted to the tools",
        hint="work without it, or ask the user for what is needed from it",
    )


def open_failure(path: str, error: OSError) -> CallError:
    """Say why a path cannot be opened, without a word of the host's."""
    reasons = {
        errno.EACCES: "permission denied",
        errno.EPERM: "permission denied",
        errno.ELOOP: "too many symbolic links",
        errno.ENAMETOOLONG: "a name in it is too long",
        errno.ENOTDIR: "a part of it is a file, not a folder",
        errno.ENXIO: "it is a pipe, socket or device",
    }
    number = error.errno or 0
    reason = reasons.get(number, os.strerror(number).lower())
    return CallError("tool.failed", f"{shown(path)} cannot be opened: {reason}", details={"errno": number})


def _device_of_proc() -> int | None:
    with suppress(OSError):
        return os.stat("/proc/self").st_dev
    return None
