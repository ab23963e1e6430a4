"""The wall clock of a run stands still when it is told to."""

from __future__ import annotations

import math

import anyio
import pytest

from harness.wall_clock import WallClock


async def test_it_cancels_at_the_end_of_its_time() -> None:
    with anyio.CancelScope() as scope:
        clock = WallClock(scope, 0.05)
        clock.start()
        await anyio.sleep(5)
    assert scope.cancelled_caught
    assert clock.used_s() == pytest.approx(0.05, abs=0.5)


async def test_time_in_which_it_stands_still_does_not_count() -> None:
    with anyio.CancelScope() as scope:
        clock = WallClock(scope, 0.2)
        clock.start()
        clock.stand(still=True)
        assert scope.deadline == math.inf
        await anyio.sleep(0.4)
        clock.stand(still=False)
        assert clock.used_s() < 0.2
        await anyio.sleep(5)
    assert scope.cancelled_caught
    assert clock.waited_s == pytest.approx(0.4, abs=0.3)
    assert clock.left_s() <= 0


async def test_saying_the_same_again_changes_nothing() -> None:
    with anyio.CancelScope() as scope:
        clock = WallClock(scope, 10)
        clock.stand(still=True)  # not started: there is nothing to stop
        assert scope.deadline == math.inf
        clock.start()
        clock.stand(still=True)
        first = clock.waited_s
        await anyio.sleep(0.05)
        clock.stand(still=True)
        assert clock.waited_s > first + 0.02
        clock.stand(still=False)
        clock.stand(still=False)
        assert clock.left_s() > 9
