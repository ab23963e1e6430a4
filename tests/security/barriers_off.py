"""A host whose workers and commands lack barriers, for the tests alone: their processes are started differently here.

Nothing of the product can do this: no flag, no setting, no variable.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]

_ZYGOTE, _LAUNCHER = "from harness.runtimes.cpython.zygote", "from harness.confine.launcher"


def take_away(*, worker: Iterable[str] = (), command: str = "") -> None:
    """Have this host's zygotes and launchers start without something.

    Args:
        worker: Barriers of `tests.security.raw.worker_without`.
        command: Python that is executed in the launcher before anything.
    """
    from harness.confine import command as commands
    from harness.runtimes.cpython import launch
    from tests.security.raw import worker_without

    worker = tuple(worker)
    launch._BOOTSTRAP = launch._BOOTSTRAP.replace(_ZYGOTE, f"{worker_without.program_without(worker)}{_ZYGOTE}")
    commands._BOOTSTRAP = commands._BOOTSTRAP.replace(_LAUNCHER, f"exec({command!r}, {{}}); {_LAUNCHER}")
    if "empty_environment" in worker:
        _inherit_environment()


def _inherit_environment() -> None:
    """Let a variable of the host reach the zygote, which would refuse it."""
    start: Any = subprocess.Popen
    subprocess.Popen = lambda argv, env, **options: start(argv, env={**env, "CANARY": "1"}, **options)  # type: ignore[misc,assignment]


def run(
    program: str, *arguments: str, worker: Iterable[str] = (), command: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a program in a host of its own that lacks barriers."""
    given = {"worker": sorted(worker), "command": command}
    begin = f"import json; from tests.security import barriers_off; barriers_off.take_away(**json.loads({json.dumps(given)!r}))"
    return subprocess.run(
        [sys.executable, "-c", f"{begin}\n{program}", *arguments],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
