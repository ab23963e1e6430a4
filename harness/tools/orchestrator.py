"""The one way of a call: known? valid? then the attempt, the result's caps, and the record.

Decisions about approval and sandbox join between "valid" and "attempt"; a script's calls and structured calls
both come through here.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import anyio
from pydantic_core import PydanticSerializationError, from_json, to_json

from harness.errors import CallError, DeniedError, HarnessError
from harness.tools.binding import Tool, ToolContext
from harness.tools.registry import Registry
from harness.types import CallRecord, CallStatus

_HOST_PATH = re.compile(r"(?<![\w/:.])/(?:[^\s/'\":]+/)+([^\s/'\":]*)")  # absolute, two parts or more; not in a URL


@dataclass(slots=True, kw_only=True)
class Call:
    """A call as it was asked for.

    Attributes:
        id: Unique in its run.
        tool: The tool's name, not yet known to exist.
        arguments: As they were sent.
        script_id: The run, or "" for a structured call.
        line: Line of the script, or None.
        requested: `time.monotonic()` when the host heard of it.
    """

    id: str
    tool: str
    arguments: Mapping[str, object]
    script_id: str = ""
    line: int | None = None
    requested: float = field(default_factory=time.monotonic)


@dataclass(slots=True)
class Result:
    """A call's record, and its value as JSON text for the script."""

    record: CallRecord
    value_json: bytes = b"null"


class CallListener:
    """Hears how a call goes on. The default hears nothing."""

    def started(self, call: Call) -> None:
        """Every decision is made and the handler begins."""

    def call_progressed(self, call: Call, message: str) -> None:
        """The handler says how far it is."""

    def delta(self, call: Call, stream: str, text: str) -> None:
        """The handler passes output on."""


class Orchestrator:
    """Takes calls through the pipeline. One for a harness, shared by its runs."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._alone = anyio.Lock()

    async def perform(
        self,
        call: Call,
        *,
        result_bytes: int,
        run_started: float | None = None,
        deadline: float | None = None,
        listener: CallListener | None = None,
    ) -> Result:
        """Take one call through the pipeline. Never raises but for the caller's own cancellation.

        Args:
            call: What was asked for.
            result_bytes: Largest result in JSON bytes; longer text is cut in the middle.
            run_started: `time.monotonic()` at the start of the run, for the record.
            deadline: `time.monotonic()` at which the run will be stopped, for the handler.
            listener: Hears of the start, progress and output.
        """
        began = call.requested
        origin = began if run_started is None else run_started
        try:
            value_json = await self._attempt(call, result_bytes, deadline, listener or CallListener())
            result = _parsed(call, value_json)
        except anyio.get_cancelled_exc_class():
            raise
        except HarnessError as error:
            return Result(_record(call, origin, began, error=error))
        return Result(_record(call, origin, began, result=result), value_json)

    async def _attempt(self, call: Call, result_bytes: int, deadline: float | None, listener: CallListener) -> bytes:
        tool = self._registry.find(call.tool)
        arguments = tool.validated(call.arguments)
        if tool.parallel:
            value = await self._handled(tool, arguments, call, deadline, listener)
        else:
            async with self._alone:
                value = await self._handled(tool, arguments, call, deadline, listener)
        return _serialized(tool, value, result_bytes)

    async def _handled(
        self, tool: Tool, arguments: object, call: Call, deadline: float | None, listener: CallListener
    ) -> object:
        listener.started(call)
        try:
            return await tool.invoke(arguments, lambda: _context(call, deadline, listener))
        except HarnessError:
            raise
        except TimeoutError as error:
            raise CallError("tool.timeout", _said(tool, error), retryable=True) from error
        except (Exception, SystemExit) as error:  # whatever a tool raises is the tool's failure, not the run's
            raise CallError("tool.failed", _said(tool, error), details={"exception": type(error).__name__}) from error


def cancelled(call: Call, *, run_started: float) -> CallRecord:
    """Return the record of a call that was cancelled before it ended."""
    error = CallError("tool.cancelled", f"tools.{call.tool} was cancelled")
    return _record(call, run_started, call.requested, error=error)


def _context(call: Call, deadline: float | None, listener: CallListener) -> ToolContext:
    return ToolContext(
        call_id=call.id,
        script_id=call.script_id,
        line=call.line,
        deadline=None if deadline is None else max(0.0, deadline - time.monotonic()),
        idempotency_key=f"{call.script_id}:{call.id}",
        progress=lambda message: listener.call_progressed(call, message),
        emit_delta=lambda stream, text: listener.delta(call, stream, text),
    )


def _said(tool: Tool, error: BaseException) -> str:
    """What a tool's own exception may tell a model: its text on one line, shortened."""
    text = _HOST_PATH.sub(r".../\1", " ".join(str(error).split()))
    shown = text if len(text) <= 500 else text[:500] + "..."
    return f"tools.{tool.name} failed: {type(error).__name__}" + (f": {shown}" if shown else "")


def _serialized(tool: Tool, value: object, max_bytes: int) -> bytes:
    try:
        encoded = to_json(value, inf_nan_mode="null")
    except (PydanticSerializationError, ValueError, RecursionError, UnicodeError) as error:
        raise CallError("tool.failed", f"tools.{tool.name} returned something that is no JSON data: {error}") from None
    if len(encoded) <= max_bytes:
        return encoded
    if isinstance(value, str):
        return to_json(_cut_in_the_middle(value, max_bytes))
    raise CallError(
        "tool.result_too_large",
        f"tools.{tool.name} returned {len(encoded)} bytes of JSON, {max_bytes} are allowed",
        hint="ask for less: a filter, a range, a page",
        details={"limit": "result_bytes", "used": len(encoded), "allowed": max_bytes},
    )


def _parsed(call: Call, value_json: bytes) -> object:
    """The result as the record keeps it: as the script will see it."""
    try:
        parsed: object = from_json(value_json)
    except ValueError as error:  # an integer of too many digits, too many levels: the encoder knows no such limits
        raise CallError("tool.failed", f"tools.{call.tool} returned something that is no JSON data: {error}") from None
    return parsed


def _cut_in_the_middle(text: str, max_bytes: int) -> str:
    """Keep the head and the tail. JSON may need six bytes for a character, so the budget counts encoded bytes."""
    marker = "\n... [{} characters cut] ...\n"
    keep = max_bytes
    while True:
        half = max(0, keep // 2)
        dropped = len(text) - 2 * half
        cut = text[:half] + marker.format(dropped) + (text[-half:] if half else "")
        if dropped > 0 and (half == 0 or len(to_json(cut)) <= max_bytes):
            return cut
        keep = keep * 3 // 4


def _record(
    call: Call, origin: float, began: float, *, result: object = None, error: HarnessError | None = None
) -> CallRecord:
    return CallRecord(
        id=call.id,
        tool=call.tool,
        arguments=call.arguments,
        status=_status(error),
        result=result,
        error=error,
        line=call.line,
        started_s=began - origin,
        duration_s=time.monotonic() - began,
    )


def _status(error: HarnessError | None) -> CallStatus:
    if error is None:
        return "ok"
    if isinstance(error, DeniedError):
        return "denied"
    return "cancelled" if error.code == "tool.cancelled" else "failed"
