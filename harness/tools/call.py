"""A call on its way: what was asked for, by whom, who hears of it, and the record it ends as."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from harness.approvals.plan_grant import PlanGrant
from harness.approvals.questions import Answer
from harness.errors import CallError, DeniedError, HarnessError
from harness.tools.snapshot import Snapshot
from harness.types import ApprovalAnswer, ApprovalRequest, CallRecord, CallStatus
from policy.limits import Limits


@dataclass(slots=True, kw_only=True)
class Call:
    """A call as it was asked for.

    Attributes:
        id: Unique in its run.
        tool: The tool's name, not yet known to exist.
        arguments: As they were sent; as they were executed, once a person has edited them.
        script_id: The run, or "" for a structured call.
        line: Line of the script, or None.
        requested: `time.monotonic()` when the host heard of it.
        approval: How the question about it was answered, None while or if there was none.
    """

    id: str
    tool: str
    arguments: Mapping[str, object]
    script_id: str = ""
    line: int | None = None
    requested: float = field(default_factory=time.monotonic)
    approval: ApprovalAnswer | None = None


@dataclass(slots=True)
class Result:
    """A call's record, and its value as JSON text for the script."""

    record: CallRecord
    value_json: bytes = b"null"


class CallListener:
    """Hears how a call goes on. The default hears nothing."""

    def asked(self, call: Call | None, request: ApprovalRequest) -> None:
        """The call, or the whole plan when it is None, waits for a person."""

    async def answered(self, call: Call | None, request: ApprovalRequest, answer: Answer) -> None:
        """The question is settled. May wait until the call has its turn again, but not after "cancelled"."""

    def started(self, call: Call) -> None:
        """Every decision is made and the handler begins."""

    def call_progressed(self, call: Call, message: str) -> None:
        """The handler says how far it is."""

    def delta(self, call: Call, stream: str, text: str) -> None:
        """The handler passes output on."""

    def aborted(self, error: HarnessError) -> None:
        """Nothing more of the run is to happen."""


@dataclass(slots=True, kw_only=True)
class Caller:
    """Who makes calls, and what holds for all of them.

    Attributes:
        limits: Of the run.
        session: Whose remembered approvals count.
        started: `time.monotonic()` at the start of the run, or None: each call starts its own time.
        time_left_s: Tells the seconds that the run has left, or None.
        listener: Hears of questions, start, progress and output.
        plan_grant: What was granted to the run ahead, or None.
        excerpt_of: Gives the text of a line of the script.
        snapshot: Tells what decides about its calls now; None for what holds for the whole harness.
        around: Makes a context for the handler of a call, by the call's id; None for none.
    """

    limits: Limits
    session: str = ""
    started: float | None = None
    time_left_s: Callable[[], float] | None = None
    listener: CallListener = field(default_factory=CallListener)
    plan_grant: PlanGrant | None = None
    excerpt_of: Callable[[int], str] = lambda line: ""
    snapshot: Callable[[], Snapshot] | None = None
    around: Callable[[str], AbstractContextManager[object]] | None = None


def record_of(
    call: Call, *, started: float | None, result: object = None, error: HarnessError | None = None
) -> CallRecord:
    """Return what a call came to.

    Args:
        call: The call.
        started: `time.monotonic()` at the start of its run, or None.
        result: Plain data.
        error: Why there is no result.
    """
    began = call.requested
    return CallRecord(
        id=call.id,
        tool=call.tool,
        arguments=call.arguments,
        status=_status(error),
        result=result,
        error=error,
        line=call.line,
        started_s=began - (began if started is None else started),
        duration_s=time.monotonic() - began,
        approval=call.approval,
    )


def cancelled(call: Call, *, started: float | None) -> CallRecord:
    """Return the record of a call that was cancelled before it ended."""
    return record_of(call, started=started, error=CallError("tool.cancelled", f"tools.{call.tool} was cancelled"))


def _status(error: HarnessError | None) -> CallStatus:
    if error is None:
        return "ok"
    if isinstance(error, DeniedError):
        return "denied"
    return "cancelled" if error.code == "tool.cancelled" else "failed"
