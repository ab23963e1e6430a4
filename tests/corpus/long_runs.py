"""How many examples a property gets: a few in `make test`, many more under `make fuzz`."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("FUZZ_EXAMPLES", "1"))
"""`make fuzz` sets it; every property of `longer` then runs this many times as many examples."""


def longer(max_examples: int) -> Callable[[Any], Any]:
    """Settings of a property that `make fuzz` runs longer. The same examples every time, unless it does.

    Args:
        max_examples: Examples in `make test`.
    """
    return settings(
        max_examples=max_examples * TIMES,
        derandomize=TIMES == 1,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    )
