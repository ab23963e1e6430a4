"""Remembered answers, in memory and in a file."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.approvals import sqlite_store
from harness.approvals.sqlite_store import SQLiteStore
from harness.approvals.store import ApprovalStore, MemoryStore, StoreError, key_digest
from harness.errors import ConfigError


def open_file(path: Path, seal_key: bytes = b"k" * 32) -> SQLiteStore:
    return SQLiteStore(path, seal_key=seal_key)


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ApprovalStore]:
    made = MemoryStore() if request.param == "memory" else open_file(tmp_path / "approvals.db")
    yield made
    made.close()


def test_all_keys_of_a_call_must_be_remembered(store: ApprovalStore) -> None:
    store.remember("", ["a", "b"])
    assert store.has_all("", ["a"])
    assert store.has_all("", ["b", "a"])
    assert not store.has_all("", ["a", "c"])


def test_a_call_without_keys_is_never_remembered(store: ApprovalStore) -> None:
    store.remember("", [])
    assert not store.has_all("", [])


def test_sessions_know_nothing_of_each_other(store: ApprovalStore) -> None:
    store.remember("one", ["a"])
    assert not store.has_all("two", ["a"])
    assert not store.has_all("", ["a"])


def test_remembering_twice_is_remembering(store: ApprovalStore) -> None:
    store.remember("", ["a"])
    store.remember("", ["a"])
    assert store.has_all("", ["a"])


def test_a_file_outlives_its_process_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "approvals.db"
    first, second = open_file(path), open_file(path)  # two processes may hold it open
    first.remember("s", ["a'; DROP TABLE approvals; --"])
    assert second.has_all("s", ["a'; DROP TABLE approvals; --"])
    for store in (first, second):
        store.close()
    assert open_file(path).has_all("s", ["a'; DROP TABLE approvals; --"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


@pytest.mark.parametrize("kind", ["a folder", "another file", "no folder for it"])
def test_a_file_that_cannot_be_one_is_an_error_with_a_hint(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "approvals.db"
    if kind == "a folder":
        path.mkdir()
    elif kind == "another file":
        path.write_bytes(os.urandom(8192))
    else:
        path = tmp_path / "nowhere" / "approvals.db"
    with pytest.raises(ConfigError) as caught:
        open_file(path)
    assert caught.value.code == "config.invalid"
    assert caught.value.hint


def test_a_row_that_somebody_else_wrote_does_not_count(tmp_path: Path) -> None:
    """However it got there: written, copied from another session, or rolled back from a journal that was planted."""
    path = tmp_path / "approvals.db"
    store = open_file(path)
    store.remember("one", ["approved"])
    connection = sqlite3.connect(path)
    (seal,) = connection.execute("SELECT seal FROM approvals").fetchone()
    for session, key, forged in (
        ("one", "forged", b""),
        ("one", "copied", seal),
        ("two", "approved", seal),
        ("one", "longer", seal + b"x"),
    ):
        connection.execute("INSERT INTO approvals VALUES (?, ?, 0, ?)", (session, key_digest(key), forged))
    connection.commit()
    connection.close()
    assert store.has_all("one", ["approved"])
    assert not any(store.has_all("one", [key]) for key in ("forged", "copied", "longer"))
    assert not store.has_all("two", ["approved"])
    assert not open_file(path, seal_key=b"other" * 6 + b"xx").has_all("one", ["approved"])


def test_a_file_that_another_program_keeps_locked_is_waited_for_and_then_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_store, "_BUSY_S", 0.05)
    store = open_file(tmp_path / "approvals.db")
    other = sqlite3.connect(tmp_path / "approvals.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked"):
        store.remember("", ["a"])
    other.execute("ROLLBACK")
    store.remember("", ["a"])
    other.close()
    store.close()
