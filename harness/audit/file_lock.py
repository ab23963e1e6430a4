"""The lock that writers of one file of records take in turn, and a reader to see whole lines only."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

LOCK_WAIT_S: Final = 2.0
"""Longest that anyone waits for the lock. Whoever may read the file can hold it, so a wait without an end would
let any program of the same user stop the host."""

_RETRY_S = 0.001


@contextmanager
def locked(fd: int, *, is_shared: bool = False) -> Iterator[None]:
    """Hold the lock of an open file.

    Raises:
        OSError: it cannot be had within `LOCK_WAIT_S`.
    """
    _wait_locked(fd, fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(fd, fcntl.LOCK_UN)


def _wait_locked(fd: int, operation: int) -> None:
    end = time.monotonic() + LOCK_WAIT_S
    while True:
        try:
            return fcntl.flock(fd, operation | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > end:
                raise OSError(error.errno, f"another program has held its lock for {LOCK_WAIT_S:g} s") from None
            time.sleep(_RETRY_S)
