"""What the files of a repository tell of where git would go."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from policy.commands.repository import is_harmless, may_have_submodules

HARMLESS = {
    "what git init writes": "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n",
    "what git clone writes": '[remote "origin"]\n\turl = git@example.org:a/b.git\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n'
    '[branch "feature/x"]\n\tremote = origin\n\tmerge = refs/heads/feature/x\n',
    "other places far away": '[remote "a"]\nurl = https://example.org/a\npushurl = ssh://git@example.org/a\n',
    "a repository where commands do not write": '[remote "a"]\nurl = /srv/a.git\n',
    "comments": "# core.hooksPath = x\n; [include]\n\n",
    "a setting beside its section": "[core] bare = false\n",
    "a name alone": "[core]\nfilemode\n",
    "a built-in monitor": "[core]\nfsmonitor = true\n",
    "colours": "[color]\nui = auto\n[color.status]\nadded = green\n",
    "nothing": "",
}
HARMFUL = {
    "hooks in the tree": "[core]\n\thooksPath = .husky\n",
    "in capitals": "[CORE]\nHOOKSPATH = .husky\n",
    "beside its section": "[core] hookspath=x\n",
    "behind a section in the old form": "[filter.x] clean = ./x\n",
    "a monitor": "[core]\nfsmonitor = ./monitor\n",
    "a file to include": "[include]\npath = ../x\n",
    "a file to include on a condition": '[includeIf "gitdir:/"]\npath = ../x\n',
    "a filter": '[filter "x"]\nclean = ./x\n',
    "a driver of diffs": '[diff "x"]\ntextconv = ./x\n',
    "a driver of merges": '[merge "x"]\ndriver = ./x\n',
    "a pager": "[core]\npager = ./x\n",
    "a program for one pager": "[pager]\nstatus = ./x\n",
    "an alias": "[alias]\nst = !./x\n",
    "a program that signs": "[gpg]\nprogram = ./x\n",
    "a helper": "[credential]\nhelper = ./x\n",
    "another tree": "[core]\nworktree = /ws\n",
    "a repository where commands write": '[remote "a"]\nurl = /ws/a.git\n',
    "a repository by way of another folder": '[remote "a"]\nurl = /srv/../ws/a.git\n',
    "a repository of a relative path": '[remote "a"]\nurl = ./a.git\n',
    "a repository by URL": '[remote "a"]\nurl = file:///ws/a.git\n',
    "a program in place of a URL": '[remote "a"]\nurl = ext::./x\n',
    "a program at the other end": '[remote "a"]\nuploadpack = ./x\n',
    "a path in place of a remote": '[branch "a"]\nremote = ./a.git\n',
    "a line that goes on": "[core]\nbare = \\\nfalse\n",
    "what is no setting": "[core]\n= x\n",
    "what is no section": "[core\nbare = false\n",
    "hashes of another size": "[extensions]\nobjectformat = sha256\n",
    "a section that nobody knows": "[new]\nthing = 1\n",
}


def _is_writable(path: str) -> bool:
    return path.startswith("/ws")


@pytest.mark.parametrize("settings", HARMLESS.values(), ids=HARMLESS.keys())
def test_settings_that_name_no_program_are_harmless(settings: str) -> None:
    assert is_harmless(settings, is_writable=_is_writable)


@pytest.mark.parametrize("settings", HARMFUL.values(), ids=HARMFUL.keys())
def test_settings_that_may_name_one_are_not(settings: str) -> None:
    assert not is_harmless(settings, is_writable=_is_writable)


def _index_of(folder: Path, version: str, *, submodule: bool) -> bytes:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")

    def git(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout

    git("init", "-q")
    for number in range(40):
        (folder / f"{'long' * (number % 5)}{number}").write_text("x" * number)
    (folder / "as large as the mode").write_bytes(b"x" * 0o160000)
    (folder / "added later").write_text("x")
    git("add", "-A")
    git("rm", "-q", "--cached", "added later")
    git("add", "--intent-to-add", "added later")  # an entry of the longer form
    if submodule:
        git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},z/sub")
    git("update-index", "--index-version", version)
    return (folder / ".git/index").read_bytes()


@pytest.mark.parametrize("version", ["2", "3", "4"])
@pytest.mark.parametrize("submodule", [True, False])
def test_submodules_are_found_in_every_version_of_the_index(tmp_path: Path, version: str, submodule: bool) -> None:
    index = _index_of(tmp_path, version, submodule=submodule)
    assert may_have_submodules(index) is submodule


@pytest.mark.parametrize("index", [b"", b"what is no index", b"DIRC" + b"\0\0\0\2" + b"\0\0\0\1" + b"\0\0\xe0\0" * 3])
def test_an_index_that_cannot_be_read_may_have_submodules(index: bytes) -> None:
    assert may_have_submodules(index)
