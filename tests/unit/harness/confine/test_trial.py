"""Forbidden acts are tried by children, and each end is told of the act that it is the end of."""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import time
from collections.abc import Sequence
from typing import NoReturn

import pytest

from harness.confine import targets, trial
from harness.confine.consumption import kernel_version
from tests.forks import in_a_fork

ACTS = ("refused", "hangs", "dies", "leaves", "through")


def _attempt(channel: int, acts: Sequence[str]) -> NoReturn:
    for act in acts:
        if act == "hangs":
            time.sleep(60)
        if act == "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        if act == "leaves":
            os._exit(0)
        os.write(channel, b"EPERM\n" if act == "refused" else b"got through\n")
    os._exit(0)


def test_an_act_that_hangs_or_dies_is_the_one_that_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "_PATIENCE_S", 0.5)
    said = in_a_fork(lambda: " ".join(trial.try_in_children(ACTS, _attempt)).encode()).decode()
    assert said == "EPERM hung SIGKILL exit got through"


@pytest.mark.parametrize(
    ("release", "version"),
    [("6.14.0-37-generic", (6, 14)), ("6.1-rc14", (6, 1)), ("5.15+", (5, 15)), ("7.0.0", (7, 0)), ("odd", (0, 0))],
)
def test_a_kernels_version_is_read_from_the_first_two_numbers(release: str, version: tuple[int, int]) -> None:
    assert kernel_version(release) == version


def test_a_segment_that_cannot_be_made_is_no_target(monkeypatch: pytest.MonkeyPatch) -> None:
    """An act that aims at nothing would be held for want of a target."""

    class Libc:
        def shmget(self, *arguments: int) -> int:
            ctypes.set_errno(errno.ENOSPC)
            return -1

    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: Libc())
    with pytest.raises(OSError, match="no shared memory can be made"), targets._segment():
        pass
