"""Checks the scripts of a file without running them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from harness.cli.given import Given
from harness.cli.running import Options
from harness.types import CheckReport, plain


async def check_given(given: Given, options: Options) -> list[CheckReport]:
    """Check every block, in a worker; a block that is no script has its own finding."""
    async with options.with_servers() as served, served.open(pool_size=1) as harness:
        return [
            CheckReport((block.rejected,), None)
            if block.rejected
            else await harness.check(block.source, context=options.context)
            for block in given.blocks
        ]


def reports_wire(
    given: Given,
    reports: Sequence[CheckReport],
    more: Callable[[CheckReport], dict[str, object]] | None = None,
) -> dict[str, object]:
    """Return the reports as one object: of the only script, or with `scripts` for each of several."""
    scripts = [_wire(report) | (more(report) if more else {}) for report in reports]
    if len(scripts) == 1 and not given.is_message:
        return scripts[0]
    lines = [{"message_line": block.line} for block in given.blocks]
    return {
        "ok": all(report.ok for report in reports),
        "scripts": [line | script for line, script in zip(lines, scripts, strict=True)],
    }


def _wire(report: CheckReport) -> dict[str, object]:
    return {"ok": report.ok, "diagnostics": plain(report.diagnostics), "plan": plain(report.plan)}
