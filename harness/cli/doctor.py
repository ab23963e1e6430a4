"""What this machine enforces: every barrier, and a script run inside them."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass

from harness.confine import BarrierStatus, probe
from harness.errors import HarnessError
from harness.harness import Harness
from harness.types import Outcome


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What `toolscript doctor` found.

    Attributes:
        barriers: Every barrier, with the reason where it is missing.
        outcome: Of a script that was run under the default confinement; None if none could be started.
        error: Why none could be started.
    """

    barriers: tuple[BarrierStatus, ...]
    outcome: Outcome | None
    error: HarnessError | None

    @property
    def ok(self) -> bool:
        """Every demanded barrier holds, and a script ran."""
        required = all(barrier.enforced for barrier in self.barriers if barrier.required)
        return required and self.outcome is not None and self.outcome.ok

    def to_wire(self) -> dict[str, object]:
        """Return the diagnosis as plain JSON data."""
        return {
            "ok": self.ok,
            "python": platform.python_version(),
            "platform": f"{sys.platform} {platform.release()} {platform.machine()}",
            "barriers": [
                {"name": item.name, "required": item.required, "enforced": item.enforced, "why": item.why}
                for item in self.barriers
            ],
            "script": None if self.outcome is None else self.outcome.to_wire(),
            "error": None if self.error is None else self.error.to_wire(),
        }


async def diagnose() -> Diagnosis:
    """Probe the barriers, then run a script under the default confinement."""
    barriers = tuple(probe())
    try:
        async with Harness(pool_size=1) as harness:
            return Diagnosis(barriers, await harness.run("return 1"), None)
    except HarnessError as error:
        return Diagnosis(barriers, None, error)


def diagnosis_text(diagnosis: Diagnosis) -> str:
    """Return the diagnosis as a table in plain text."""
    width = max(len(item.name) for item in diagnosis.barriers)
    lines = [f"Python {platform.python_version()} on {sys.platform} {platform.release()} {platform.machine()}"]
    for item in diagnosis.barriers:
        state = "enforced" if item.enforced else "MISSING " if item.required else "missing "
        need = "required" if item.required else "optional"
        lines.append(f"{state}  {need}  {item.name:<{width}}  {item.why or ''}".rstrip())
    lines.append(_verdict(diagnosis))
    return "\n".join(lines)


def _verdict(diagnosis: Diagnosis) -> str:
    if diagnosis.error is not None:
        return f"no script can run: {diagnosis.error.code}: {diagnosis.error.message}"
    assert diagnosis.outcome is not None
    if diagnosis.outcome.error is not None:
        return f"a script failed: {diagnosis.outcome.error.code}: {diagnosis.outcome.error.message}"
    ran = f"a script ran, confined by {len(diagnosis.outcome.barriers)} barriers"
    return ran if diagnosis.ok else f"{ran}, but a required one is missing"
