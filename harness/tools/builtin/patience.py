"""How long the part of a call that runs in a thread may go on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from anyio import to_thread

from harness.errors import CallError

T = TypeVar("T")


class Stopped(Exception):
    """The call was cancelled: nobody waits for the result any more."""


class Patience:
    """Ends the work of a thread: at once when its call is cancelled, and softly when its time is over.

    Args:
        budget_s: Seconds after which `is_over()` is true and the work should return what it has.
    """

    def __init__(self, budget_s: float) -> None:
        self._end = time.monotonic() + budget_s
        self._stopped = threading.Event()

    def check(self) -> None:
        """Raise `Stopped` if the call was cancelled."""
        if self._stopped.is_set():
            raise Stopped

    def is_over(self) -> bool:
        """Say whether the time is over; raise `Stopped` if the call was cancelled."""
        self.check()
        return time.monotonic() > self._end

    def stop(self) -> None:
        """Make the next check raise."""
        self._stopped.set()


def pause_of(patience: Patience) -> Callable[[], None]:
    """Make a function that ends work which cannot return a part of its result.

    The function raises `CallError` `tool.timeout` when the time is over.
    """

    def pause() -> None:
        if patience.is_over():
            raise CallError("tool.timeout", "it took too long to work out what to change, and nothing was changed")

    return pause


async def in_thread(work: Callable[[Patience], T], *, budget_s: float) -> T:
    """Run blocking work in a thread. A cancelled call leaves it at once, and the thread ends at its next check.

    Args:
        work: Takes a `Patience` and asks it between pieces of work that are short.
        budget_s: Seconds after which the work should return what it has.
    """
    patience = Patience(budget_s)
    try:
        return await to_thread.run_sync(work, patience, abandon_on_cancel=True)
    finally:
        patience.stop()
