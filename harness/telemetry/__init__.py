"""Spans and metrics of runs and calls, through the API of OpenTelemetry.

Nothing of OpenTelemetry is imported here before the program itself has done so and has set a provider; without one, a
run costs one look into `sys.modules` more.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.event_source import Watch


def watch(
    script_id: str,
    *,
    describe: Callable[[str], str | None],
    context: Mapping[str, object] | None = None,
    content: Callable[[], bool],
) -> Watch | None:
    """Return what makes spans and metrics of a run, or None while the program has set no provider of either.

    Args:
        script_id: The run; "" for a structured call.
        describe: Gives the description of a tool, None of one that does not exist.
        context: The run's context: session, provider and model.
        content: Whether to say arguments and results too, without the secrets that are known by name or shape.
    """
    if "opentelemetry.trace" not in sys.modules and "opentelemetry.metrics" not in sys.modules:
        return None
    from harness.telemetry.watching import make_watch

    return make_watch(script_id, describe=describe, context=context or {}, content=content)
