"""Walking a workspace: every folder is opened below the one that holds it, links are never followed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

from harness.errors import HarnessError
from harness.tools.builtin.gitignore import Ignores
from harness.tools.builtin.patience import Patience
from harness.tools.builtin.workspace import Opened, Workspace, shown_path

MAX_ENTRIES = 100_000
"""Entries that one walk looks at; what is behind them is not found, and the result says so."""

MAX_DEPTH = 64

Type = Literal["file", "folder", "link", "other"]


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that a walk came by.

    Attributes:
        parts: Components below the workspace root.
        type: "file", "folder", "link", or "other" for pipes, sockets and devices.
        folder: Descriptor of the folder that holds it; valid until the walk goes on.
    """

    parts: tuple[str, ...]
    type: Type
    folder: int

    @property
    def path(self) -> str:
        """The path below the root, as a model is shown it."""
        return shown_path(self.parts)

    def size(self) -> int | None:
        """Bytes of a regular file, None for anything else."""
        with suppress(OSError):
            status = os.stat(self.parts[-1], dir_fd=self.folder, follow_symlinks=False)
            return status.st_size if stat.S_ISREG(status.st_mode) else None
        return None

    def is_utf8(self) -> bool:
        """Say whether a tool could be given this path back."""
        with suppress(UnicodeEncodeError):
            "/".join(self.parts).encode()
            return True
        return False


@dataclass(slots=True)
class Walk:
    """One walk, in the order of the names, a folder before what it holds.

    Folders that cannot be opened are passed over. Secret folders and `.git` are named but not entered.

    Attributes:
        workspace: Where.
        patience: Ends the walk softly when its time is over.
        depth: Levels of folders to enter; 1 is the first folder alone.
        gitignore: Leave out what `.gitignore` files leave out.
        secrets: Name files that hold secrets, which may not be read.
        cut_by: What ended the walk early: "time" or "entries"; None while nothing did.
    """

    workspace: Workspace
    patience: Patience
    depth: int = MAX_DEPTH
    gitignore: bool = True
    secrets: bool = False
    cut_by: Literal["time", "entries"] | None = None
    _seen: int = field(default=0, init=False)

    def entries(self, start: Opened) -> Iterator[Entry]:
        """Yield what lies below an open folder."""
        yield from self._below(start.fd, start.parts, self._rules_above(start), 1)

    def _rules_above(self, start: Opened) -> Ignores:
        """Collect the rules of the folders between the root and the start, the start excluded."""
        ignores = Ignores()
        for depth in range(len(start.parts)) if self.gitignore else ():
            with suppress(OSError, HarnessError), self.workspace.reopen_folder(start.parts[:depth]) as folder:
                ignores = ignores.within(folder.fd, depth)
        return ignores

    def _below(self, fd: int, parts: tuple[str, ...], above: Ignores, level: int) -> Iterator[Entry]:
        ignores = above.within(fd, len(parts)) if self.gitignore else above
        for name, kind in self._names(fd):
            if self._is_over():
                return
            entry = Entry((*parts, name), kind, fd)
            if self._is_left_out(entry, ignores):
                continue
            yield entry
            if kind == "folder" and level < self.depth and self._may_enter(entry):
                with suppress(OSError), self.workspace.open_child(fd, entry.parts, "folder") as child:
                    yield from self._below(child.fd, entry.parts, ignores, level + 1)

    def _names(self, fd: int) -> list[tuple[str, Type]]:
        found: list[tuple[str, Type]] = []
        with suppress(OSError), os.scandir(fd) as entries:
            for entry in entries:
                self._seen += 1
                if self._is_over():
                    break
                found.append((entry.name, _type_of(entry)))
        return sorted(found)

    def _is_over(self) -> bool:
        if self._seen > MAX_ENTRIES:
            self.cut_by = "entries"
        elif self.patience.is_over():
            self.cut_by = "time"
        return self.cut_by is not None

    def _is_left_out(self, entry: Entry, ignores: Ignores) -> bool:
        if not self.secrets and not self.workspace.may_read(entry.parts):
            return True
        if not self.gitignore:
            return False
        is_folder = entry.type == "folder"
        return entry.parts[-1] == ".git" or ignores.leave_out(entry.parts, is_folder=is_folder)

    def _may_enter(self, entry: Entry) -> bool:
        return entry.parts[-1] != ".git" and self.workspace.may_read(entry.parts)


def _type_of(entry: os.DirEntry[str]) -> Type:
    with suppress(OSError):
        if entry.is_symlink():
            return "link"
        if entry.is_dir(follow_symlinks=False):
            return "folder"
        if entry.is_file(follow_symlinks=False):
            return "file"
    return "other"
