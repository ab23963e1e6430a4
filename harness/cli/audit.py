"""Looks into files of audit records: what they say, whether they are whole, and what of them goes elsewhere."""

from __future__ import annotations

import csv
import io
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from harness.audit import ChainReport, verify_chain
from harness.audit.reading import StoredRecord, require_records, stored_records
from harness.cli.usage import wrong_use
from harness.visible_text import visible

CSV_COLUMNS: Final = (
    "seq", "time", "kind", "script_id", "call_id", "tool", "answer", "status", "error", "record",
)  # fmt: skip
"""Columns of a record in CSV. The last holds all of it, as JSON."""

_AGO: Final = re.compile(r"(\d+)([smhd])")
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_MAX_TEXT: Final = 120


@dataclass(frozen=True, slots=True)
class Selection:
    """Which records are wanted. None wants all.

    Attributes:
        run: Beginning of the run's id.
        tool: The tool's name, whole.
        since: Seconds since 1970.
    """

    run: str | None = None
    tool: str | None = None
    since: float | None = None

    def has(self, record: Mapping[str, Any]) -> bool:
        """Say whether a record is wanted."""
        return (
            (self.run is None or str(record.get("script_id", "")).startswith(self.run))
            and (self.tool is None or tool_of(record) == self.tool)
            and (self.since is None or _seconds(record) >= self.since)
        )


def parse_since(text: str, *, now: float) -> float:
    """Read a point in time: ISO 8601 (local time, unless it says otherwise), or how long ago, such as 90s, 15m, 2h, 7d.

    Raises:
        ConfigError: `config.invalid`, it is neither.
    """
    ago = _AGO.fullmatch(text)
    if ago:
        return now - int(ago[1]) * _SECONDS[ago[2]]
    try:
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError, OSError):
        hint = "write 2026-01-31, 2026-01-31T12:00:00Z, or how long ago: 90s, 15m, 2h, 7d"
        raise wrong_use(f"--since {text!r} is no time", hint=hint) from None


def selection(run: str | None, tool: str | None, since: str | None) -> Selection:
    """Make a selection of what options say.

    Raises:
        ConfigError: `config.invalid`, `since` is no time.
    """
    return Selection(run, tool, None if since is None else parse_since(since, now=time.time()))


def checked(path: str, *, head: str | None = None) -> ChainReport:
    """Check a file's chain.

    Raises:
        ConfigError: `config.invalid`, there is no such file, or it is no audit record.
    """
    require_records(path)
    return verify_chain(path, head=head)


def selected(path: str, wanted: Selection) -> Iterator[StoredRecord]:
    """Yield the records that are wanted, in the file's order."""
    return (record for record in stored_records(path) if wanted.has(record.fields))


def report_text(report: ChainReport) -> str:
    """Return what the check of a chain found, in plain text."""
    if report.problem is not None:
        lines = [f"line {report.problem.line}: {report.problem.what}"]
        lines.append(f"in order up to there: {_records(report.records)}")
    else:
        lines = [f"ok: {_records(report.records)}"]
    if report.kept_seq is not None:
        lines.append(f"the head that was kept is that of record {report.kept_seq}")
    if report.recovered:
        lines.append(f"{report.recovered} cut off by a crash, and told of")
    return "\n".join([*lines, f"head {report.head}"])


def _records(count: int) -> str:
    return "1 record" if count == 1 else f"{count} records"


def record_text(record: Mapping[str, Any]) -> str:
    """Return a record as one line for people: number, time, run, kind, and what it tells."""
    told = _TOLD.get(str(record.get("kind")), _other)
    detail = " ".join(part for part in told(record) if part)
    run = str(record.get("script_id") or "-")
    return visible(f"{record['seq']:>6}  {_moment(record)}  {run:<17}  {record.get('kind')!s:<12}  {detail}".rstrip())


def export_jsonl(record: StoredRecord) -> str:
    """Return the line as it stands in the file, so that its hash can be checked elsewhere."""
    return record.data.decode("ascii", "backslashreplace")


def export_csv(record: StoredRecord) -> str:
    """Return a record as a line of CSV (RFC 4180, without the line's end)."""
    fields = record.fields
    call = _mapping(fields.get("call"))
    error = _mapping(call.get("error") or fields.get("error")).get("code")
    ok = {True: "ok", False: "failed"}.get(fields.get("ok"))  # type: ignore[arg-type]  # whatever a file says
    values = (
        fields["seq"],
        _moment(fields),
        fields.get("kind"),
        fields.get("script_id"),
        fields.get("call_id") or call.get("id"),
        tool_of(fields),
        fields.get("answer"),
        call.get("status") or ok,
        error,
        export_jsonl(record),
    )
    return csv_line([_cell(value) for value in values])


def csv_line(cells: list[str]) -> str:
    """Return cells as a line of CSV, without the line's end."""
    written = io.StringIO()
    csv.writer(written, lineterminator="").writerow(cells)
    return written.getvalue()


def _cell(value: object) -> str:
    """Return the text of a cell. What a spreadsheet would take for a formula gets an apostrophe before it."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def tool_of(record: Mapping[str, Any]) -> str | None:
    """Return the name of the tool that a record is about, or None."""
    name = record.get("tool") or _mapping(record.get("call")).get("tool")
    return name if isinstance(name, str) else None


def _decision(record: Mapping[str, Any]) -> list[str]:
    reason = record.get("reason")
    said = f"({_short(reason)})" if reason else ""
    return [tool_of(record) or "the whole plan", str(record.get("answer")), _short(record.get("why")), said]


def _call(record: Mapping[str, Any]) -> list[str]:
    call = _mapping(record.get("call"))
    error = _mapping(call.get("error"))
    duration = call.get("duration_s")
    took = f"{duration:.3f} s" if isinstance(duration, (int, float)) else ""
    line = f"line {call['line']}" if call.get("line") else ""
    return [str(tool_of(record)), str(call.get("status")), str(error.get("code") or ""), took, line]


def _failure(record: Mapping[str, Any]) -> list[str]:
    lines = str(record.get("traceback", "")).strip().splitlines()
    return [str(record.get("reference")), _short(lines[-1] if lines else "")]


def _run_started(record: Mapping[str, Any]) -> list[str]:
    source, session = record.get("source"), record.get("session")
    lines = len(source.splitlines()) if isinstance(source, str) else 0
    return [f"script of {lines} line{'' if lines == 1 else 's'}", f"session {_short(session)}" if session else ""]


def _not_run(record: Mapping[str, Any]) -> list[str]:
    error = _mapping(record.get("error"))
    return [str(record.get("mode")), *_run_started(record), str(error.get("code") or "")]


def _run_finished(record: Mapping[str, Any]) -> list[str]:
    error, usage = _mapping(record.get("error")), _mapping(record.get("usage"))
    took = usage.get("wall_time_s")
    spent = f"{took:.3f} s, {usage.get('tool_calls')} calls" if isinstance(took, (int, float)) else ""
    return ["ok" if record.get("ok") else "failed", str(error.get("code") or ""), spent]


def _recovered(record: Mapping[str, Any]) -> list[str]:
    return [f"{record.get('torn_bytes')} bytes before it were cut off by a crash"]


def _other(record: Mapping[str, Any]) -> list[str]:
    own = ("seq", "time", "kind", "prev", "hash", "script_id")
    return [_short({name: value for name, value in record.items() if name not in own})]


_TOLD: Final[Mapping[str, Callable[[Mapping[str, Any]], list[str]]]] = {
    "run_started": _run_started,
    "decision": _decision,
    "call": _call,
    "failure": _failure,
    "run_finished": _run_finished,
    "not_run": _not_run,
    "recovered": _recovered,
}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _short(value: object) -> str:
    text = value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _MAX_TEXT else text[: _MAX_TEXT - 3] + "..."


def _seconds(record: Mapping[str, Any]) -> float:
    stamp = record.get("time")
    return float(stamp) if isinstance(stamp, (int, float)) else 0.0


def _moment(record: Mapping[str, Any]) -> str:
    try:
        return datetime.fromtimestamp(_seconds(record), UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    except (ValueError, OverflowError, OSError):
        return "?"
