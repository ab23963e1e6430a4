"""Steps are counted exactly, and the step after the last never returns."""

from __future__ import annotations

from typing import NoReturn

import pytest

from harness.runtimes.cpython.meter import Meter


class Stopped(BaseException):
    pass


def stop() -> NoReturn:
    raise Stopped


def test_steps_are_counted() -> None:
    meter = Meter(10, stop)
    for _ in zip(meter.budget, range(3), strict=False):
        pass
    assert meter.used == 4
    next(meter.budget)
    assert meter.used == 5


def test_the_step_after_the_last_stops() -> None:
    meter = Meter(2, stop)
    next(meter.budget)
    next(meter.budget)
    assert meter.used == 2
    for _ in range(2):
        with pytest.raises(Stopped):
            next(meter.budget)
    assert meter.used == 2
