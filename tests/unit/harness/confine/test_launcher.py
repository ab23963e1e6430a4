"""The launcher stays light: it is forked for every command, and nothing of the host may be in it."""

from __future__ import annotations

import subprocess
import sys


def test_the_launcher_loads_nothing_heavy_and_starts_no_thread() -> None:
    program = "import sys, harness.confine.launcher; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    heavy = {"subprocess", "asyncio", "pydantic", "anyio", "threading", "logging", "policy", "typing_extensions"}
    loaded = set(done.stdout.split())
    site = set(subprocess.run([sys.executable, "-c", "import sys; print(*sys.modules)"], capture_output=True, text=True, check=True).stdout.split())  # fmt: skip
    assert not (loaded - site) & heavy
