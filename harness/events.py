"""The one stream of events that every view of a run reads: callers, JSON lines, records, live views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from harness.errors import HarnessError
from harness.types import ApprovalAnswer, ApprovalRequest, CallRecord, Diagnostic, Outcome, Plan, plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened in a run.

    Attributes:
        seq: 0, 1, 2, ... without a gap.
        time: Unix time in seconds.
        script_id: The run it belongs to; "" for a structured call, which numbers its own events.
    """

    kind: ClassVar[str] = "event"

    seq: int
    time: float
    script_id: str

    def to_wire(self) -> dict[str, object]:
        """Return the event as plain JSON data, `kind` first."""
        fields = plain(self)
        assert isinstance(fields, dict)
        return {"kind": self.kind, **fields}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted(Event):
    """A worker took the script. `barriers` confine it."""

    kind: ClassVar[str] = "run_started"
    barriers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked(Event):
    """The check is done; the script runs on unless there are diagnostics."""

    kind: ClassVar[str] = "checked"
    diagnostics: tuple[Diagnostic, ...]
    plan: Plan | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRequested(Event):
    """The script started a call."""

    kind: ClassVar[str] = "call_requested"
    call_id: str
    tool: str
    arguments: Mapping[str, object]
    line: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRequested(Event):
    """A call waits for a person. `call_id` is None for a question about the whole plan."""

    kind: ClassVar[str] = "approval_requested"
    call_id: str | None
    request: ApprovalRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalResolved(Event):
    """The question has its answer: a person's, or none in time, or the call was cancelled meanwhile."""

    kind: ClassVar[str] = "approval_resolved"
    call_id: str | None
    request_id: str
    answer: ApprovalAnswer
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStarted(Event):
    """A call passed every decision and its handler began."""

    kind: ClassVar[str] = "call_started"
    call_id: str
    tool: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputDelta(Event):
    """A running call produced output. `dropped` events of the call's output before it were left out."""

    kind: ClassVar[str] = "output_delta"
    call_id: str
    stream: str
    text: str
    dropped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFinished(Event):
    """A call has its result or its error."""

    kind: ClassVar[str] = "call_finished"
    call: CallRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress(Event):
    """The script, or a running call, says how far it is."""

    kind: ClassVar[str] = "progress"
    message: str
    call_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged(Event):
    """The script printed."""

    kind: ClassVar[str] = "logged"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFinished(Event):
    """The last event of a run. `dropped_deltas` events of output were left out of the stream."""

    kind: ClassVar[str] = "run_finished"
    outcome: Outcome
    dropped_deltas: int = 0

    @property
    def error(self) -> HarnessError | None:
        """The outcome's error."""
        return self.outcome.error


KINDS: tuple[type[Event], ...] = (
    RunStarted,
    Checked,
    CallRequested,
    ApprovalRequested,
    ApprovalResolved,
    CallStarted,
    OutputDelta,
    CallFinished,
    Progress,
    Logged,
    RunFinished,
)
