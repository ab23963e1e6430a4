"""What is heard of a structured call while it is made: the same events as of a script's call, without a run."""

from __future__ import annotations

from harness.approvals.questions import Answer
from harness.errors import HarnessError
from harness.event_source import EventSource
from harness.events import (
    ApprovalRequested,
    ApprovalResolved,
    CallFinished,
    CallRequested,
    CallStarted,
    OutputDelta,
)
from harness.tools.call import Call, Caller, CallListener, cancelled
from harness.tools.orchestrator import Orchestrator
from harness.types import ApprovalRequest, CallRecord


async def perform(call: Call, orchestrator: Orchestrator, caller: Caller, events: EventSource) -> CallRecord:
    """Take a call through the pipeline, and tell of it.

    Args:
        call: The call.
        orchestrator: The pipeline.
        caller: Whose `listener` and `around` are set here.
        events: Where events go.
    """
    caller.listener, caller.around = _Telling(events), events.around
    with events:
        events.emit(CallRequested, call_id=call.id, tool=call.tool, arguments=call.arguments, line=None)
        try:
            record = (await orchestrator.perform(call, caller)).record
        except BaseException:  # the caller's own cancellation
            events.emit(CallFinished, call=cancelled(call, started=None))
            raise
        events.emit(CallFinished, call=record)
    return record


def refuse(call: Call, error: HarnessError, orchestrator: Orchestrator, events: EventSource | None) -> CallRecord:
    """Record a call that is not made, and tell of it to whoever listens."""
    if events is None:
        return orchestrator.refuse(call, error)
    with events:
        events.emit(CallRequested, call_id=call.id, tool=call.tool, arguments=call.arguments, line=None)
        record = orchestrator.refuse(call, error)
        events.emit(CallFinished, call=record)
    return record


class _Telling(CallListener):
    """Makes events of what the pipeline says."""

    def __init__(self, events: EventSource) -> None:
        self._events = events

    def asked(self, call: Call | None, request: ApprovalRequest) -> None:
        self._events.emit(ApprovalRequested, call_id=call.id if call else None, request=request)

    async def answered(self, call: Call | None, request: ApprovalRequest, answer: Answer) -> None:
        self._events.emit(
            ApprovalResolved,
            call_id=call.id if call else None,
            request_id=request.id,
            answer=answer.kind,
            reason=answer.reason,
        )

    def started(self, call: Call) -> None:
        self._events.emit(CallStarted, call_id=call.id, tool=call.tool)

    def call_progressed(self, call: Call, message: str) -> None:
        self._events.progress(message, call.id)

    def delta(self, call: Call, stream: str, text: str) -> None:
        self._events.emit(OutputDelta, call_id=call.id, stream=stream, text=text)
