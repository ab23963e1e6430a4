"""Commands in a sandbox, with namespaces and without, on a workspace that has a repository and secrets beside it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.security.command_sandbox.arena import LANDLOCK_ALONE, NAMESPACES, Arena, Result

SECRET = "a secret that lies outside"


@dataclass(frozen=True)
class Sandbox:
    """Runs commands in one workspace.

    Attributes:
        workspace: The writable folder; `.git` and `.toolscript` in it are protected.
        outside: A folder that nothing may change.
        hidden: A folder that nothing may read, and a file.
        mode: NAMESPACES or LANDLOCK_ALONE.
    """

    arena: Any
    mode: str
    workspace: Path
    outside: Path
    hidden: Path
    grants: dict[str, Any]

    def run(self, *argv: str, **options: Any) -> Result:
        grants = self.grants | options.pop("grants", {})
        return self.arena.run(*argv, cwd=options.pop("cwd", str(self.workspace)), grants=grants, **options)

    def shell(self, script: str, **options: Any) -> Result:
        return self.run("/bin/bash", "-c", script, **options)

    def python(self, code: str, *arguments: str, **options: Any) -> Result:
        return self.run(sys.executable, "-c", code, *arguments, **options)

    def granted(self, **grants: Any) -> Sandbox:
        return replace(self, grants=self.grants | grants)

    @property
    def has_namespaces(self) -> bool:
        return self.mode == NAMESPACES


@pytest.fixture(scope="session", params=[NAMESPACES, LANDLOCK_ALONE])
def arena(request: pytest.FixtureRequest) -> Iterator[Arena]:
    with Arena(str(request.param), env={"HOST_SECRET": SECRET}) as opened:
        yield opened


@pytest.fixture
def sandbox(arena: Arena, workplace: Sandbox) -> Sandbox:
    """The workplace, in an arena that the tests share."""
    return replace(workplace, arena=arena, mode=arena.mode)


@pytest.fixture
def workplace(tmp_path: Path) -> Sandbox:
    """A workspace with a repository, settings, a file and a folder; no arena yet."""
    return make_workplace(tmp_path.resolve())


def make_workplace(folder: Path) -> Sandbox:
    """Make the workspace, and beside it what lies outside and what is hidden."""
    workspace, outside, hidden = (folder / name for name in ("workspace", "outside", "hidden"))
    for made in (workspace / "folder", workspace / ".toolscript", outside, hidden / "keys"):
        made.mkdir(parents=True)
    (workspace / "file.txt").write_text("inside")
    (workspace / "folder/deep.txt").write_text("deep")
    (workspace / "folder/file.txt").write_text("inside")
    (workspace / ".toolscript/rules.toml").write_text("rules")
    (outside / "file.txt").write_text("outside")
    (outside / "program").write_text("#!/bin/sh\necho ran\n")
    (outside / "program").chmod(0o755)
    (hidden / "keys/id").write_text(SECRET)
    (hidden / "token").write_text(SECRET)
    repository(workspace)
    grants = {
        "writable": [str(workspace)],
        "protected": [str(workspace / ".git"), str(workspace / ".toolscript")],
        "hidden": [str(hidden / "keys"), str(hidden / "token"), str(hidden / "missing")],
    }
    return Sandbox(None, "", workspace, outside, hidden, grants)


def repository(folder: Path) -> None:
    """Make a repository with one commit."""
    git = shutil.which("git")
    if git is None:
        (folder / ".git/hooks").mkdir(parents=True)
        (folder / ".git/config").write_text("[core]\n")
        return
    identity = {f"GIT_{role}_{what}": "a@b" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    for arguments in (["init", "-q"], ["add", "file.txt"], ["commit", "-q", "-m", "first"]):
        subprocess.run([git, *arguments], cwd=folder, check=True, env=dict(os.environ) | identity)


def tree(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Mode, time of change and content of everything below a folder."""
    found = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        found[str(path)] = (status.st_mode, status.st_mtime_ns, content)
    return found
