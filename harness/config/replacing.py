"""Changes the user's own files: one process at a time, and each file whole or not at all."""

from __future__ import annotations

import fcntl
import os
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from harness.config.problems import Problem, config_error

LOCK_NAME = ".lock"
_LOCK_WAIT_S = 10.0
_LOCK_POLL_S = 0.01


@contextmanager
def locked(folder: str) -> Iterator[None]:
    """Hold the lock of the user's folder, which is made if there is none.

    The lock is on a file of its own, because the files themselves are replaced.

    Raises:
        ConfigError: `config.invalid`, the folder cannot be written, or another process holds the lock for too long.
    """
    with failures_told(folder):
        os.makedirs(folder, mode=0o700, exist_ok=True)
        path = os.path.join(folder, LOCK_NAME)
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        _wait_until_locked(fd, path)
        yield
    finally:
        os.close(fd)  # which releases the lock


def _wait_until_locked(fd: int, path: str) -> None:
    deadline = time.monotonic() + _LOCK_WAIT_S
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                fault = Problem(path, "another process holds the lock", hint="try again when it has ended")
                raise config_error([fault]) from None
            time.sleep(_LOCK_POLL_S)
        else:
            return


def replace_file(path: str, data: bytes) -> None:
    """Replace a file: readers see the old one or the new one. Its mode and owner are kept; a new one has mode 0600.

    Raises:
        ConfigError: `config.invalid`, it cannot be written.
    """
    target = os.path.realpath(path)  # a link, as those of dotfiles, stays one
    with failures_told(path):
        fd, fresh = tempfile.mkstemp(prefix=f".{os.path.basename(target)}.", dir=os.path.dirname(target))
        try:
            _keep_standing(fd, target)
            with open(fd, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(fd)
            os.replace(fresh, target)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(fresh)
            raise
        _sync_folder(os.path.dirname(target))


def _keep_standing(fd: int, target: str) -> None:
    with suppress(FileNotFoundError):
        status = os.stat(target)
        with suppress(PermissionError):
            os.chown(fd, status.st_uid, status.st_gid)
        os.chmod(fd, stat.S_IMODE(status.st_mode))


def _sync_folder(folder: str) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


@contextmanager
def failures_told(path: str) -> Iterator[None]:
    """Turn what the system refuses into an error that names the path."""
    try:
        yield
    except OSError as error:
        said = (error.strerror or str(error)).lower()
        fault = Problem(path, f"it cannot be written: {said}", hint="look at its permissions, and at its folder's")
        raise config_error([fault]) from None
