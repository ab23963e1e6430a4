"""What a model is told of an outcome: value or error, what was printed, and what every call came to."""

from __future__ import annotations

from harness.types import CallRecord, Outcome, plain


def outcome_data(outcome: Outcome) -> dict[str, object]:
    """Return what a model is told, as plain data. `status` is "done" or "failed"; what is empty is left out."""
    told: dict[str, object] = {"status": "done" if outcome.ok else "failed"}
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


def _call(record: CallRecord) -> dict[str, object]:
    said: dict[str, object] = {"tool": record.tool, "status": record.status, "line": record.line}
    if record.error is not None:
        said["error"] = f"{record.error.code}: {record.error.message}"
    return said
