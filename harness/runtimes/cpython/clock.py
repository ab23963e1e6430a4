"""Time and randomness of a script, both from the host: the worker has none of its own."""

from __future__ import annotations

import random
import time

_monotonic = time.monotonic


class HostClock:
    """The host's time: its latest stamp, and what has passed here since that stamp arrived."""

    __slots__ = ("_arrived", "_first", "_latest", "_stamp")

    def __init__(self) -> None:
        self._stamp = self._first = self._latest = 0.0
        self._arrived = _monotonic()

    def start(self, stamp: float) -> None:
        """Take the stamp of the run's start."""
        self._first = self._latest = stamp
        self.advance(stamp)

    def advance(self, stamp: float) -> None:
        """Take a later stamp."""
        self._stamp = stamp
        self._arrived = _monotonic()

    def now(self) -> float:
        """Unix time in seconds."""
        return self._stamp + (_monotonic() - self._arrived)

    def elapsed(self) -> float:
        """Seconds since the run started, never less than the time before."""
        self._latest = max(self._latest, self.now())
        return self._latest - self._first


class HostRandom:
    """The stream of randomness that the host's seed opens."""

    __slots__ = ("_seed", "stream")

    def __init__(self) -> None:
        # The generator behind the functions of `random`, which other modules of the standard library call too.
        self.stream: random.Random = random._inst
        self._seed: int | None = None

    def start(self, seed: int) -> None:
        """Note the run's seed; seeding waits until the script asks for randomness, which few do."""
        self._seed = seed

    def open(self) -> None:
        """Start the stream with the run's seed, the first time."""
        if self._seed is not None:
            self.stream.seed(self._seed)
            self._seed = None

    def bits(self, count: int) -> int:
        """Draw `count` random bits."""
        return self.stream.getrandbits(count)
