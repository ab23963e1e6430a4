"""Whose settings git would read in a folder, and what they can lead to.

Settings of a repository name programs (a monitor of the file system, hooks, filters, a pager), and git runs them. In
the repository that stood at the top of a writable folder when the harness was made, no command can change them. Any
other one that lies where commands can write may have been made by one; so may what the settings of a known one lead to.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from harness.confine.guarded import git_folders
from policy.commands.repository import is_harmless, may_have_submodules, user_files
from policy.environment import is_below
from policy.grants import Grants
from policy.sandbox import WorkspaceWrite
from policy.settings import Settings

_BARE = ("HEAD", "objects", "refs")  # what makes a folder itself a repository to git
_SETTINGS = ("config", "config.worktree")


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
        """Say whether git, started in a folder, would read settings that a command could have written.

        Those of its user count, and those of submodules, which git enters by itself.
        """
        if not grants.writable:
            return False
        return _can_write_user_files(grants) or self._is_foreign_here(cwd, grants)

    def _is_foreign_here(self, cwd: str, grants: Grants) -> bool:
        folder = cwd
        while True:
            repository = _repository_in(folder)
            if repository is not None:
                # That its name is protected says nothing of who made it.
                is_made_by_commands = is_below(repository, grants.writable) and repository not in self._known
                return is_made_by_commands or not _is_self_contained(repository, grants)
            if folder == "/":
                return False
            folder = os.path.dirname(folder)


def _repository_in(folder: str) -> str | None:
    named = os.path.join(folder, ".git")
    if os.path.lexists(named):
        return named
    return folder if all(os.path.exists(os.path.join(folder, name)) for name in _BARE) else None


def _can_write_user_files(grants: Grants) -> bool:
    home = os.path.expanduser("~")
    return any(is_below(os.path.realpath(path), grants.writable) for path in user_files(home, os.environ))


def _is_self_contained(repository: str, grants: Grants) -> bool:
    """Say whether nothing in a repository that no command has made leads git to what commands can write."""
    tree = (os.path.dirname(repository),)
    if not any(is_below(tree[0], grants.writable) or is_below(root, tree) for root in grants.writable):
        return True
    folders = (repository, *git_folders(repository))
    if not any(os.path.exists(os.path.join(folder, "HEAD")) for folder in folders):
        return False  # git would pass it over, and take the folder itself for a repository, or one above it
    try:
        return all(_leads_nowhere(folder, grants) for folder in folders if os.path.isdir(folder))
    except (OSError, ValueError):  # not ours to read, or no text
        return False


def _leads_nowhere(folder: str, grants: Grants) -> bool:
    names = os.listdir(folder)
    if any(name.startswith("sharedindex.") for name in names):  # half of the index stands in another file
        return False
    for name in _SETTINGS:
        if name in names and not is_harmless(
            _read(folder, name).decode(), is_writable=lambda path: is_below(os.path.realpath(path), grants.writable)
        ):
            return False
    return "index" not in names or not may_have_submodules(_read(folder, "index"))


def _read(folder: str, name: str) -> bytes:
    with open(os.path.join(folder, name), "rb") as file:
        return file.read()
