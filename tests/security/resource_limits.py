"""Runs attacks on resources under limits that they reach within a fraction of a second of processor time."""

from __future__ import annotations

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
_SECOND: Final = 1.0
_BUSY_S: Final = 10.0


@tool
async def echo(value: object) -> object:
    """Give it back."""
    return value


def open_harness() -> Harness:
    """Make a harness for such attacks, with one tool."""
    return Harness([echo], limits=LIMITS)


async def excess_of(harness: Harness, attack: Exhaustion, *, most: float = _TENTH) -> str:
    """Run an attack; say what was wrong with its end, or nothing.

    Processor time and memory are the kernel's figures. Of the wall clock the margin is wide, because the machine may be
    busy with something else; what ended the attack is told by the error's code.
    """
    waits = "limit.wall_time" in attack.expect
    outcome = await harness.run(attack.source, limits={"wall_time_s": _WALL_S} if waits else None)
    if outcome.error is None:
        return "ended with a value"
    if outcome.error.code not in attack.expect:
        return f"ended with {outcome.error.code}"
    usage = outcome.usage
    if usage.peak_memory_bytes > most * LIMITS.memory_bytes:
        return f"took {usage.peak_memory_bytes} bytes"
    if usage.cpu_time_s > LIMITS.cpu_time_s + _SECOND:
        return f"took {usage.cpu_time_s} s of processor time"
    if waits and usage.wall_time_s > _WALL_S + _BUSY_S:
        return f"took {usage.wall_time_s} s"
    if (await harness.run("return 1")).value != 1:
        return "left the harness unable to run the next script"
    return ""
