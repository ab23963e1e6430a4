"""Remembered answers in a file."""

from __future__ import annotations

import contextlib
import hmac
import json
import os
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

from harness.approvals.store import StoreError, key_digest
from harness.errors import ConfigError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS approvals (
    session TEXT NOT NULL,
    key TEXT NOT NULL,
    approved_at REAL NOT NULL,
    seal BLOB NOT NULL,
    PRIMARY KEY (session, key)
) WITHOUT ROWID
"""
_BUSY_S = 5.0


class SQLiteStore:
    """Remembers in a file, across processes. Every row is sealed: one that somebody else wrote does not count.

    Args:
        path: The file; it is made if it is not there, for its owner alone.
        seal_key: Secret of the user, 32 bytes; rows written with another one do not count.

    Raises:
        ConfigError: `config.invalid`, the file cannot be opened, or is no such file.
    """

    def __init__(self, path: str | os.PathLike[str], *, seal_key: bytes) -> None:
        self.path = Path(path)
        self._seal_key = seal_key
        try:
            with contextlib.suppress(FileExistsError):
                os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
            self._connection = sqlite3.connect(self.path, timeout=_BUSY_S, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.execute(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise ConfigError(
                "config.invalid",
                f"the file of remembered approvals {str(path)!r} cannot be used: {why[:1].lower()}{why[1:]}",
                hint="name a file that toolscript made, or one that does not exist yet, in a folder that exists",
            ) from None

    def remember(self, session: str, keys: Sequence[str]) -> None:
        """Remember that keys were approved in a session."""
        now, digests = time.time(), [key_digest(key) for key in keys]
        rows = [(session, digest, now, self._seal(session, digest)) for digest in digests]
        try:
            self._connection.executemany("INSERT OR REPLACE INTO approvals VALUES (?, ?, ?, ?)", rows)
        except sqlite3.Error as error:
            raise StoreError(str(error)) from error

    def has_all(self, session: str, keys: Sequence[str]) -> bool:
        """Say whether every one of the keys was approved in the session; False for no keys."""
        return bool(keys) and all(self._has(session, key_digest(key)) for key in keys)

    def _has(self, session: str, digest: str) -> bool:
        look = "SELECT seal FROM approvals WHERE session = ? AND key = ?"
        try:
            row = self._connection.execute(look, (session, digest)).fetchone()
        except sqlite3.Error as error:
            raise StoreError(str(error)) from error
        return row is not None and hmac.compare_digest(bytes(row[0]), self._seal(session, digest))

    def _seal(self, session: str, digest: str) -> bytes:
        return hmac.digest(self._seal_key, json.dumps([session, digest]).encode(), "sha256")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
