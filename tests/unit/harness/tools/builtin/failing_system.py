"""A disk that fails at the very call a test chooses; no real one can be told to."""

from __future__ import annotations

import errno
import os
from collections.abc import Collection
from typing import Any

CALLS = ("open", "write", "link", "rename", "mkdir", "fchown", "fchmod", "unlink", "stat")


class Failing:
    """The `os` module, whose n-th call of what changes files fails, as on a full or failing disk.

    Args:
        fails_at: Which call fails, from 1.
        number: The error's number.
        lasts: All later calls fail too.
        counted: The functions whose calls are counted.
        has_links: There are hard links.
    """

    def __init__(
        self,
        fails_at: int,
        *,
        number: int = errno.ENOSPC,
        lasts: bool = False,
        counted: Collection[str] = CALLS,
        has_links: bool = True,
    ) -> None:
        self.count = 0
        self._fails_at, self._number, self._lasts = fails_at, number, lasts
        self._counted, self._has_links = counted, has_links

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        if name not in self._counted:
            return real

        def call(*args: Any, **kwargs: Any) -> Any:
            self.count += 1
            if self.count == self._fails_at or (self._lasts and self.count > self._fails_at):
                raise OSError(self._number, os.strerror(self._number))
            if name == "link" and not self._has_links:
                raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))
            return real(*args, **kwargs)

        return call
