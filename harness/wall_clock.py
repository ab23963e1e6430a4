"""A run's wall clock. It stands still only while everything unfinished waits for a person."""

from __future__ import annotations

import math
import time

import anyio


class WallClock:
    """Cancels a scope when a run has used up its time.

    Args:
        scope: Cancelled at the end of the time.
        allowed_s: Seconds that the run may take, those that only a person waits excluded.
    """

    def __init__(self, scope: anyio.CancelScope, allowed_s: float) -> None:
        self._scope = scope
        self._allowed_s = allowed_s
        self._began: float | None = None
        self._stopped: float | None = None  # since when it stands still
        self._waited_s = 0.0

    def start(self) -> None:
        """Begin to count."""
        self._began = time.monotonic()
        self._set_deadline()

    def stand(self, *, still: bool) -> None:
        """Stop the clock, or let it go on. Saying the same again changes nothing."""
        if self._began is None or still == (self._stopped is not None):
            return
        if still:
            self._stopped = time.monotonic()
            self._scope.deadline = math.inf
        else:
            self._waited_s = self.waited_s
            self._stopped = None
            self._set_deadline()

    @property
    def waited_s(self) -> float:
        """Seconds in which only a person could go on."""
        return self._waited_s + (0.0 if self._stopped is None else time.monotonic() - self._stopped)

    def used_s(self) -> float:
        """Seconds that count."""
        return 0.0 if self._began is None else time.monotonic() - self._began - self.waited_s

    def left_s(self) -> float:
        """Seconds until the run is stopped, if no person is waited for."""
        return self._allowed_s - self.used_s()

    def _set_deadline(self) -> None:
        self._scope.deadline = anyio.current_time() + self.left_s()
