"""What a model is told of an outcome: value or error, what was printed, and what every call came to."""

from __future__ import annotations

from typing import Final

from harness.errors import HarnessError
from harness.types import CallRecord, Outcome, plain

_NOT_RUN: Final = frozenset({"script.not_run", "script.truncated", "harness.disabled"})
_DRY_RUN: Final = "nothing was executed: scripts are checked here, and decided about, but not run"


def outcome_data(outcome: Outcome) -> dict[str, object]:
    """Return what a model is told, as plain data. What is empty is left out.

    `status` is "done", "failed", "not_run" for a script that was not begun, or "dry_run" for one that was only checked.
    """
    if outcome.error is not None:
        told = error_data(outcome.error)
    elif outcome.mode == "dry-run":
        told = {"status": "dry_run", "notice": _DRY_RUN, "would": plain(outcome.would_ask)}
    else:
        told = {"status": "done", "value": outcome.value}
    if outcome.diagnostics:
        told["diagnostics"] = plain(outcome.diagnostics)
    if outcome.logs:
        told["logs"] = outcome.logs
    told["calls"] = [_call(record) for record in outcome.calls]
    return told


def error_data(error: HarnessError) -> dict[str, object]:
    """Return what a model is told of an error; its `text` is what a person would read."""
    status = "not_run" if error.code in _NOT_RUN else "failed"
    return {"status": status, "error": {**error.to_wire(), "text": str(error)}}


def _call(record: CallRecord) -> dict[str, object]:
    said: dict[str, object] = {"tool": record.tool, "status": record.status, "line": record.line}
    if record.error is not None:
        said["error"] = f"{record.error.code}: {record.error.message}"
    return said
