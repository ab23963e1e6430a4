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
    if len(outcome.diagnostics) > 1:  # a single one is the error
        told["diagnostics"] = plain(outcome.diagnostics)
    if outcome.logs:
        told["logs"] = outcome.logs
    told["calls"] = [_call(record, outcome.error) for record in outcome.calls]
    return told


def error_data(error: HarnessError) -> dict[str, object]:
    """Return what a model is told of an error: its fields, but for those that are empty."""
    status = "not_run" if error.code in _NOT_RUN else "failed"
    wire = {name: value for name, value in error.to_wire().items() if value not in (None, {})}
    return {"status": status, "error": wire}


def _call(record: CallRecord, ended: HarnessError | None) -> dict[str, object]:
    """What a call came to. Of the one that ended the script only the code: its error stands beside."""
    said: dict[str, object] = {"tool": record.tool, "status": record.status, "line": record.line}
    error = record.error
    if error is not None:
        is_said = ended is not None and (error.code, error.message) == (ended.code, ended.message)
        said["error"] = error.code if is_said else f"{error.code}: {error.message}"
    return said
