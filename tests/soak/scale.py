"""How much of everything: a few seconds in all for `make test`, the real amounts for `make soak`."""

from __future__ import annotations

import os
import random

IS_LONG = os.environ.get("TOOLSCRIPT_SOAK") == "long"
SEED = int(os.environ.get("TOOLSCRIPT_SOAK_SEED") or random.SystemRandom().randrange(10**6))


def scaled(*, short: int, long: int) -> int:
    """The amount for the form that runs."""
    return long if IS_LONG else short


def seeded(name: str) -> random.Random:
    """The random choices of one test. pytest shows the seed when the test fails, `make soak` in any case."""
    print(f"{name}: TOOLSCRIPT_SOAK_SEED={SEED}")
    return random.Random(f"{SEED} {name}")
