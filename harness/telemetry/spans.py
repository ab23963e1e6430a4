"""Spans of one run, or of one structured call, made of its events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext

from opentelemetry.context import Context
from opentelemetry.trace import Span, Status, StatusCode, Tracer, set_span_in_context, use_span

from harness.audit.record import canonical
from harness.audit.values import recordable
from harness.errors import HarnessError
from harness.events import (
    ApprovalRequested,
    ApprovalResolved,
    CallFinished,
    CallRequested,
    Event,
    RunFinished,
    RunStarted,
)
from harness.telemetry import attributes as names

_MAX_CONTENT = 16_384
_MAX_NAME = 256


class Spans:
    """Begins and ends spans as events come.

    Args:
        tracer: Makes them.
        script_id: The run; "" for a structured call, which has no span of a run around it.
        describe: Gives the description of a tool, None of one that does not exist.
        attributes: What every span says.
        content: Say arguments and results too.
    """

    def __init__(
        self,
        tracer: Tracer,
        script_id: str,
        *,
        describe: Callable[[str], str | None],
        attributes: Mapping[str, str],
        content: bool,
    ) -> None:
        self._tracer = tracer
        self._script_id = script_id
        self._describe = describe
        self._attributes = attributes
        self._content = content
        self._run: Span | None = None
        self._within: Context | None = None  # None: within the span of whoever asked for the structured call
        self._calls: dict[str, Span] = {}
        self._approvals: dict[str, Span] = {}

    def begin(self) -> None:
        """Begin the run's span, within that of whoever asked for the run."""
        if self._script_id:
            attributes = {names.SCRIPT_ID: self._script_id, **self._attributes}
            self._run = self._tracer.start_span(names.RUN_SPAN, attributes=attributes)
            self._within = set_span_in_context(self._run)

    def end(self, error: BaseException | None) -> None:
        """End whatever is open. There is something beside the run's span only if an error broke the run off."""
        for span in (*self._approvals.values(), *self._calls.values()):
            span.end()
        if self._run is not None:
            if error is not None:
                _fail(self._run, _type_of(error))
            self._run.end()

    def around(self, call_id: str) -> AbstractContextManager[object]:
        """Make the call's span the current one, so that spans of the handler stand within it."""
        span = self._calls.get(call_id)
        if span is None:
            return nullcontext()
        return use_span(span, record_exception=False, set_status_on_exception=False)

    def heard(self, event: Event) -> None:
        """Take one event."""
        if isinstance(event, CallRequested):
            self._call_requested(event)
        elif isinstance(event, CallFinished):
            self._call_finished(event)
        elif isinstance(event, ApprovalRequested):
            self._asked(event)
        elif isinstance(event, ApprovalResolved):
            self._answered(event)
        elif isinstance(event, RunStarted) and self._run is not None:
            self._run.set_attribute(names.BARRIERS, event.barriers)
        elif isinstance(event, RunFinished):
            self._finished(event)

    def _call_requested(self, event: CallRequested) -> None:
        description = self._describe(event.tool)
        attributes: dict[str, str | int] = {
            names.OPERATION: names.EXECUTE_TOOL,
            names.TOOL_NAME: event.tool[:_MAX_NAME],
            names.TOOL_TYPE: "function",
            names.CALL_ID: event.call_id,
            **self._attributes,
        }
        if description:
            attributes[names.TOOL_DESCRIPTION] = description
        if event.line is not None:
            attributes[names.LINE] = event.line
        shown = names.OTHER if description is None else event.tool
        self._calls[event.call_id] = self._tracer.start_span(
            f"{names.TOOL_SPAN} {shown}", context=self._within, attributes=attributes
        )

    def _call_finished(self, event: CallFinished) -> None:
        call = event.call
        span = self._calls.pop(call.id, None)
        if span is None:
            return
        span.set_attribute(names.STATUS, call.status)
        if call.approval is not None:
            span.set_attribute(names.ANSWER, call.approval)
        if self._content and span.is_recording():
            span.set_attribute(names.CALL_ARGUMENTS, _content(call.arguments))
            if call.status == "ok":
                span.set_attribute(names.CALL_RESULT, _content(call.result))
        if call.error is not None:
            _fail(span, call.error.code)
        span.end()

    def _asked(self, event: ApprovalRequested) -> None:
        call = self._calls.get(event.call_id or "")
        within = self._within if call is None else set_span_in_context(call)
        request = event.request
        attributes: dict[str, str | bool] = {names.RISK: request.risk, names.RETRY: request.is_retry}
        if request.tool:
            attributes[names.TOOL_NAME] = request.tool
        self._approvals[request.id] = self._tracer.start_span(
            names.APPROVAL_SPAN, context=within, attributes=attributes
        )

    def _answered(self, event: ApprovalResolved) -> None:
        span = self._approvals.pop(event.request_id, None)
        if span is not None:
            span.set_attribute(names.ANSWER, event.answer)
            span.end()

    def _finished(self, event: RunFinished) -> None:
        if self._run is None:
            return
        outcome, usage = event.outcome, event.outcome.usage
        self._run.set_attributes(
            {
                names.STATUS: "ok" if outcome.ok else "failed",
                names.CONFINEMENT: outcome.confinement,
                names.WAITING: usage.waiting_s,
                names.CPU_TIME: usage.cpu_time_s,
                names.STEPS: usage.steps,
                names.PEAK_MEMORY: usage.peak_memory_bytes,
                names.TOOL_CALLS: usage.tool_calls,
            }
        )
        if self._content and outcome.ok and self._run.is_recording():
            self._run.set_attribute(names.RESULT, _content(outcome.value))
        if outcome.error is not None:
            _fail(self._run, outcome.error.code)


def _fail(span: Span, error_type: str) -> None:
    """Say that it failed, by code: a message may quote arguments."""
    span.set_attribute(names.ERROR_TYPE, error_type)
    span.set_status(Status(StatusCode.ERROR, error_type))


def _type_of(error: BaseException) -> str:
    return error.code if isinstance(error, HarnessError) else type(error).__name__


def _content(value: object) -> str:
    """Return data as JSON, as the audit record would have it: without secrets, and cut."""
    text = canonical(recordable(value)).decode("ascii")
    return text if len(text) <= _MAX_CONTENT else f"{text[:_MAX_CONTENT]}... [{len(text)} characters]"
