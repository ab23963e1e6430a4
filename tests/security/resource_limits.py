"""Runs attacks on resources under limits that they reach within a fraction of a second of processor time."""

from __future__ import annotations

from time import perf_counter
from typing import Final

from harness import Harness, tool
from policy.limits import Limits
from tests.security.attacks.corpus import Exhaustion

LIMITS: Final = Limits(
    cpu_time_s=0.35,
    wall_time_s=60,  # a machine with other work gives even that late
    steps=500_000,
    memory_bytes=32 * 1024**2,
)
_WALL_S: Final = 1
_TENTH: Final = 1.1
SECOND: Final = 1.0
_BUSY_S: Final = 30.0


@tool
async def echo(value: object) -> object:
    """Give it back."""
    return value


def open_harness() -> Harness:
    """Make a harness for such attacks, with one tool."""
    return Harness([echo], limits=LIMITS)


async def excess_of(harness: Harness, attack: Exhaustion, *, most: float = _TENTH, late_s: float = _BUSY_S) -> str:
    """Run an attack; say what was wrong with its end, or nothing.

    Args:
        most: Share of the memory limit that is no excess. Memory and processor time are the kernel's figures.
        late_s: Seconds by the wall clock, from the call to its outcome, that it may take beyond its limit of time. A machine
            that does something else, too, is late by far; one that does not must be content with `SECOND`.
    """
    waits = "limit.wall_time" in attack.expect
    began = perf_counter()
    outcome = await harness.run(attack.source, limits={"wall_time_s": _WALL_S} if waits else None)
    passed_s = perf_counter() - began
    if outcome.error is None:
        return "ended with a value"
    if outcome.error.code not in attack.expect:
        return f"ended with {outcome.error.code}"
    usage = outcome.usage
    if usage.peak_memory_bytes > most * LIMITS.memory_bytes:
        return f"took {usage.peak_memory_bytes} bytes"
    if usage.cpu_time_s > LIMITS.cpu_time_s + SECOND:
        return f"took {usage.cpu_time_s} s of processor time"
    if passed_s > (_WALL_S if waits else LIMITS.cpu_time_s) + late_s:
        return f"took {passed_s} s"
    if (await harness.run("return 1")).value != 1:
        return "left the harness unable to run the next script"
    return ""
