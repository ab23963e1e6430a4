"""Running a script from code that has no event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping

import anyio

from harness.errors import ConfigError
from harness.harness import Harness
from harness.options import LimitsLike
from harness.tools.binding import Tool
from harness.types import Outcome


def run_sync(
    source: str | bytes,
    tools: Iterable[Tool | Callable[..., object]] = (),
    *,
    limits: LimitsLike = None,
    context: Mapping[str, object] | None = None,
    trace: bool = False,
    **options: object,
) -> Outcome:
    """Open a harness, run one script, close it. Whoever runs many scripts keeps a `Harness` open instead.

    Args:
        source: The script.
        tools: As for `Harness`.
        limits: Limits of the run.
        context: As for `Harness.run`.
        trace: As for `Harness.run`.
        options: Further arguments of `Harness`, such as `workspace`.

    Raises:
        ConfigError: `config.invalid`, called from inside a running event loop, or as `Harness` raises it.
        SandboxError: `sandbox.unavailable`.
    """
    if _is_inside_a_loop():
        raise ConfigError(
            "config.invalid",
            "run_sync was called inside a running event loop",
            hint="write: async with Harness(...) as harness: await harness.run(source)",
        )

    async def run() -> Outcome:
        async with Harness(tools, limits=limits, **options) as harness:  # type: ignore[arg-type]  # checked there
            return await harness.run(source, context=context, trace=trace)

    return anyio.run(run)


def _is_inside_a_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
