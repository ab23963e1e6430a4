"""Remembered answers: which keys were approved for a session. `sqlite_store` remembers beyond the harness."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Protocol


class StoreError(Exception):
    """What is remembered cannot be read or written now."""


def key_digest(key: str) -> str:
    """Stand in for a key where it is kept: a key holds the arguments of a call, and they may hold a secret."""
    return hashlib.sha256(key.encode()).hexdigest()


class ApprovalStore(Protocol):
    """Remembers approved keys. Both calls are quick, and are made on the host's own thread.

    Either raises `StoreError` when it cannot do so now.
    """

    def remember(self, session: str, keys: Sequence[str]) -> None:
        """Remember that keys were approved in a session."""

    def has_all(self, session: str, keys: Sequence[str]) -> bool:
        """Say whether every one of the keys was approved in the session; False for no keys."""

    def close(self) -> None:
        """Let go of what is held open."""


class MemoryStore:
    """Forgets with the harness."""

    def __init__(self) -> None:
        self._approved: set[tuple[str, str]] = set()

    def remember(self, session: str, keys: Sequence[str]) -> None:
        """Remember that keys were approved in a session."""
        self._approved.update((session, key) for key in keys)

    def has_all(self, session: str, keys: Sequence[str]) -> bool:
        """Say whether every one of the keys was approved in the session; False for no keys."""
        return bool(keys) and all((session, key) in self._approved for key in keys)

    def close(self) -> None:
        """Nothing is held open."""
