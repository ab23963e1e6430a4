"""What a model is told of an outcome: value or error, what was printed, and what every call came to."""

from __future__ import annotations

from typing import Final

from harness.types import CallRecord, Outcome, plain

_NOT_RUN: Final = frozenset({"script.not_run", "script.truncated", "harness.disabled"})


def outcome_data(outcome: Outcome) -> dict[str, object]:
    """Return what a model is told, as plain data. What is empty is left out.

    `status` is "done", "failed", or "not_run" for a script that was not begun.
    """
    told: dict[str, object] = {"status": "done" if outcome.ok else _failure(outcome)}
    if outcome.error is None:
        told["value"] = outcome.value
    else:
        told["error"] = {**outcome.error.to_wire(), "text": str(outcome.error)}
    if outcome.diagnostics:
        told["diagnostics"] = plain(outcome.diagnostics)
    if outcome.logs:
        told["logs"] = outcome.logs
    told["calls"] = [_call(record) for record in outcome.calls]
    return told


def _failure(outcome: Outcome) -> str:
    return "not_run" if outcome.error is not None and outcome.error.code in _NOT_RUN else "failed"


def _call(record: CallRecord) -> dict[str, object]:
    said: dict[str, object] = {"tool": record.tool, "status": record.status, "line": record.line}
    if record.error is not None:
        said["error"] = f"{record.error.code}: {record.error.message}"
    return said
