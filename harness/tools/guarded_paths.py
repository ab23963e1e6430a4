"""Paths that calls never write, and paths that commands never read, whatever folder they lie in.

Nobody grants himself anything: what decides about calls, what remembers answers, what records them, and the code that
does all this must not be changed by a call.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import harness
import policy
from harness.config.approval_key import key_path
from harness.config.files import user_folder
from harness.config.replacing import LOCK_NAME
from harness.tools.builtin.secret_paths import SECRET_FOLDERS, is_secret
from policy.environment import is_below
from policy.grants import Grants

_SIDE_FILES = ("", "-wal", "-shm", "-journal")  # what SQLite keeps beside a database


def own_files(*, databases: Iterable[Path] = (), records: Iterable[Path] = ()) -> tuple[str, ...]:
    """Return the files that no call may write, and no command read: who can read one can hold its lock, too.

    The key that seals approvals is among them, and the lock of the user's folder of settings.

    Args:
        databases: Files of remembered approvals.
        records: Files of audit records.
    """
    lock = os.path.join(os.path.realpath(user_folder()), LOCK_NAME)
    chosen = [key_path(os.environ), lock, *(os.path.realpath(path) for path in records)]
    chosen += [os.path.realpath(path) + side for path in databases for side in _SIDE_FILES]
    return tuple(dict.fromkeys(chosen))


def make_user_folder(grants: Grants) -> None:
    """Make the user's folder of settings where a command could make it, because only what is there can be protected."""
    folder = os.path.realpath(user_folder())
    if grants.is_confined and is_below(folder, grants.writable):
        with contextlib.suppress(OSError):  # who cannot make it here cannot make it in the sandbox either
            os.makedirs(folder, 0o700, exist_ok=True)


def own_code() -> tuple[str, ...]:
    """Return where this code lies, and the virtual environment it runs in: what is written there, a host executes."""
    packages = [str(folder) for package in (harness, policy) for folder in package.__path__]
    folders = packages if sys.prefix == sys.base_prefix else [*packages, sys.prefix]
    return tuple(os.path.realpath(folder) for folder in folders)


def hidden_paths(workspace: str | None, *, readable: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the paths with secrets that are there now: in the home folder, and at the top of the workspace.

    Args:
        workspace: The workspace's resolved path, or None.
        readable: Paths that may be read all the same: absolute, below `~`, or below the workspace.
    """
    home = os.path.realpath(os.path.expanduser("~"))
    granted = {_resolved(path, workspace) for path in readable}
    found = [os.path.join(home, name) for name in SECRET_FOLDERS]
    for folder in dict.fromkeys(filter(None, (home, workspace))):
        found += [os.path.join(folder, name) for name in _names_in(folder) if is_secret((name,))]
    return tuple(path for path in dict.fromkeys(found) if os.path.lexists(path) and not _is_granted(path, granted))


def _resolved(path: str, workspace: str | None) -> str:
    return os.path.realpath(os.path.join(workspace or "/", os.path.expanduser(path)))


def _is_granted(path: str, granted: Iterable[str]) -> bool:
    return any(path == grant or path.startswith(grant.rstrip("/") + "/") for grant in granted)


def _names_in(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []
