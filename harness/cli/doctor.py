"""What this machine enforces: every barrier, and a script run inside them."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass

from harness.confine import BarrierStatus, command, probe
from harness.errors import HarnessError
from harness.harness import Harness
from harness.types import Outcome


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What `toolscript doctor` found.

    Attributes:
        barriers: Every barrier of a worker, with the reason where it is missing.
        command_barriers: Every barrier of a command, likewise; none if no command could be started.
        outcome: Of a script that was run under the default confinement; None if none could be started.
        error: Why none could be started.
    """

    barriers: tuple[BarrierStatus, ...]
    command_barriers: tuple[BarrierStatus, ...]
    outcome: Outcome | None
    error: HarnessError | None

    @property
    def ok(self) -> bool:
        """Every demanded barrier holds, and a script ran."""
        both = (*self.barriers, *self.command_barriers)
        required = all(barrier.enforced for barrier in both if barrier.required)
        return required and self.outcome is not None and self.outcome.ok

    def to_wire(self) -> dict[str, object]:
        """Return the diagnosis as plain JSON data."""
        return {
            "ok": self.ok,
            "python": platform.python_version(),
            "platform": f"{sys.platform} {platform.release()} {platform.machine()}",
            "barriers": _wire(self.barriers),
            "command_barriers": _wire(self.command_barriers),
            "script": None if self.outcome is None else self.outcome.to_wire(),
            "error": None if self.error is None else self.error.to_wire(),
        }


def _wire(barriers: tuple[BarrierStatus, ...]) -> list[dict[str, object]]:
    return [
        {"name": item.name, "required": item.required, "enforced": item.enforced, "why": item.why} for item in barriers
    ]


async def diagnose() -> Diagnosis:
    """Probe the barriers of workers and of commands, then run a script under the default confinement."""
    barriers = tuple(probe())
    command_barriers: tuple[BarrierStatus, ...] = ()
    try:
        command_barriers = tuple(await command.probe())
        async with Harness(pool_size=1) as harness:
            return Diagnosis(barriers, command_barriers, await harness.run("return 1"), None)
    except HarnessError as error:
        return Diagnosis(barriers, command_barriers, None, error)


def diagnosis_text(diagnosis: Diagnosis) -> str:
    """Return the diagnosis as a table in plain text."""
    both = (("a worker", diagnosis.barriers), ("a command", diagnosis.command_barriers))
    width = max(len(item.name) for item in (*diagnosis.barriers, *diagnosis.command_barriers))
    lines = [f"Python {platform.python_version()} on {sys.platform} {platform.release()} {platform.machine()}"]
    for what, barriers in both:
        lines.append(f"barriers of {what}:")
        lines += [_row(item, width) for item in barriers]
    lines.append(_verdict(diagnosis))
    return "\n".join(lines)


def _row(item: BarrierStatus, width: int) -> str:
    state = "enforced" if item.enforced else "MISSING " if item.required else "missing "
    need = "required" if item.required else "optional"
    return f"{state}  {need}  {item.name:<{width}}  {item.why or ''}".rstrip()


def _verdict(diagnosis: Diagnosis) -> str:
    if diagnosis.error is not None:
        return f"no script can run: {diagnosis.error.code}: {diagnosis.error.message}"
    assert diagnosis.outcome is not None
    if diagnosis.outcome.error is not None:
        return f"a script failed: {diagnosis.outcome.error.code}: {diagnosis.outcome.error.message}"
    ran = f"a script ran, confined by {len(diagnosis.outcome.barriers)} barriers"
    return ran if diagnosis.ok else f"{ran}, but a required one is missing"
