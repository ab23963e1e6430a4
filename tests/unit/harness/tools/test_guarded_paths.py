"""What no call writes and no command reads."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import harness
from harness.tools.guarded_paths import hidden_paths, own_code, own_files


def test_the_code_that_decides_and_its_environment_are_never_written() -> None:
    assert str(Path(harness.__path__[0]).resolve()) in own_code()
    if sys.prefix != sys.base_prefix:
        assert str(Path(sys.prefix).resolve()) in own_code()


def test_a_database_has_files_beside_it(tmp_path: Path) -> None:
    found = own_files(databases=[tmp_path / "a.db"], records=[tmp_path / "audit.jsonl"])
    assert {Path(path).name for path in found} == {
        "a.db",
        "a.db-wal",
        "a.db-shm",
        "a.db-journal",
        "audit.jsonl",
        "approvals.key",
        ".lock",
    }


def test_secrets_that_are_there_are_hidden_and_those_that_are_granted_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, work = tmp_path / "home", tmp_path / "work"
    for folder in (home / ".ssh", home / ".config/gcloud", work):
        folder.mkdir(parents=True)
    for file in (home / ".netrc", home / ".profile", work / ".env", work / ".env.example", work / "main.py"):
        file.touch()
    monkeypatch.setenv("HOME", str(home))
    everything = {str(home / ".ssh"), str(home / ".config/gcloud"), str(home / ".netrc"), str(work / ".env")}
    assert set(hidden_paths(str(work))) == everything
    assert set(hidden_paths(str(work), readable=(".env", "~/.ssh"))) == everything - {
        str(work / ".env"),
        str(home / ".ssh"),
    }
    assert set(hidden_paths(None)) == everything - {str(work / ".env")}
