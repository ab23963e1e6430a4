"""The step meter: one C iterator that every loop and function entry of a script draws from.

The compiler pass puts the draws into the code under names that no script can write. Past its end lies `Raiser`, which
ends the run without unwinding the script, so nothing in the script can catch it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, repeat
from typing import NoReturn


class Raiser:
    """What lies behind the last step: an iterator that never returns."""

    __slots__ = ("_stop",)

    def __init__(self, stop: Callable[[], NoReturn]) -> None:
        self._stop = stop

    def __iter__(self) -> Raiser:
        return self

    def __next__(self) -> NoReturn:
        self._stop()


class Meter:
    """Counts the steps of one run.

    Args:
        allowed: Steps that the run may take.
        stop: Called at the step after the last; must not return.

    Attributes:
        budget: The shared iterator; each item drawn from it is a step.
    """

    __slots__ = ("_left", "allowed", "budget")

    def __init__(self, allowed: int, stop: Callable[[], NoReturn]) -> None:
        self.allowed = allowed
        self._left = repeat(None, allowed)
        self.budget: Iterator[None] = chain(self._left, Raiser(stop))

    @property
    def used(self) -> int:
        """Steps taken so far."""
        return self.allowed - self._left.__length_hint__()
