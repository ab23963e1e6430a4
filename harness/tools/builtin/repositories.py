"""Whose settings git would read in a folder.

Settings of a repository name programs (a monitor of the file system, hooks, filters, a pager), and git runs them. In
the repository that stood at the top of a writable folder when the harness was made, no command can change them. Any
other one that lies where commands can write may have been made by one.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from policy.grants import Grants
from policy.sandbox import WorkspaceWrite
from policy.settings import Settings

_BARE = ("HEAD", "objects", "refs")  # what makes a folder itself a repository to git


def repositories_of(workspace: str, settings: Settings) -> Repositories:
    """Note the repositories of the workspace and of further writable folders, before any command has run.

    Args:
        workspace: Links resolved.
        settings: They name the further folders.
    """
    roots = settings.sandbox.roots if isinstance(settings.sandbox, WorkspaceWrite) else ()
    return Repositories((workspace, *map(os.path.realpath, roots)))


class Repositories:
    """Those that stood at the top of writable folders when this was made.

    Args:
        folders: Writable folders, links resolved.
    """

    def __init__(self, folders: Iterable[str]) -> None:
        named = (os.path.join(folder, ".git") for folder in folders)
        self._known = frozenset(path for path in named if os.path.lexists(path))

    def is_foreign(self, cwd: str, grants: Grants) -> bool:
        """Say whether git, started in a folder, would read settings that a command could have written."""
        folder = cwd
        while True:
            repository = _repository_in(folder)
            if repository is not None:
                return repository not in self._known and _is_reachable(repository, grants)
            if folder == "/":
                return False
            folder = os.path.dirname(folder)


def _repository_in(folder: str) -> str | None:
    named = os.path.join(folder, ".git")
    if os.path.lexists(named):
        return named
    return folder if all(os.path.exists(os.path.join(folder, name)) for name in _BARE) else None


def _is_reachable(path: str, grants: Grants) -> bool:
    """Whether it lies in a writable folder at all: that its name is protected says nothing of who made it."""
    return any(path == root or path.startswith(root.rstrip("/") + "/") for root in grants.writable)
