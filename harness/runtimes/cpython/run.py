"""One script in one confined process: the lock-step exchange, and what a worker's end means.

Nothing that arrives here is trusted. `frames` has typed every field; here the order is checked, counts are capped, and
a worker that breaks the protocol is killed with `worker.protocol` (`tests/integration/test_hostile_worker.py`).
"""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import PydanticSerializationError, to_json

from harness.errors import (
    CLASS_BY_CODE,
    HarnessError,
    RunError,
    ScriptError,
    WorkerError,
    error_for,
)
from harness.limit_errors import cpu_time_error, memory_error, return_value_error
from harness.runtimes.cpython.child import Child, Exit
from harness.runtimes.cpython.frames import (
    BatchFrame,
    Beside,
    Checked,
    ErrorItem,
    FinishedFrame,
    Frame,
    PlanItem,
    TraceItem,
)
from harness.runtimes.cpython.wire import MAX_TRACE_LINES, encode_frame
from harness.runtimes.runtime import (
    Batch,
    Finished,
    Listener,
    Script,
    Settlement,
    Spent,
    StartedCall,
)
from harness.source import error_of_report, location_in
from harness.types import CheckReport, Diagnostic, Plan, PlannedCall, TraceLine

_EXIT_WAIT_S = 2.0
_MAX_SIDE_FRAMES = 200_000  # log, progress and trace frames of one run
_MAX_ERROR_BYTES = 262_144  # of an error's frame; the largest honest one, a group of ten long messages, has half of it
_MAX_TRACE_BYTES = 32 * 1024**2  # of all the trace frames of one run that are kept
_CODES_OF_WORKER = frozenset(
    code
    for code in CLASS_BY_CODE
    if code.startswith(("script.", "tool.", "limit.", "approval.", "policy.", "sandbox.denied"))
)


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a worker that had run nothing made of a source: its check, and its code as base64 marshal."""

    report: CheckReport
    code: str | None


class CPythonRun:
    """A script in a child of the pool. `compiled` is set once the script was checked."""

    def __init__(
        self,
        child: Child,
        script: Script,
        listener: Listener,
        *,
        compiled: Compiled | None,
        on_end: Callable[[CPythonRun], None],
        later: Callable[[Callable[[], None]], None] = lambda work: work(),
    ) -> None:
        self.compiled = compiled
        self._child = child
        self._on_end = on_end
        self._later = later
        self._script = script
        self._listener = listener
        self._started = False
        self._began = 0.0, 0.0
        self._ended = False
        self._check_announced = False
        self._calls = 0
        self._steps = 0
        self._side_frames = 0
        self._trace_bytes = self._trace_lines = 0

    @property
    def script(self) -> Script:
        """The script."""
        return self._script

    @property
    def barriers(self) -> tuple[str, ...]:
        """The barriers that confine this worker."""
        return self._child.barriers

    def cpu_time_s(self) -> float:
        """Processor seconds of the child so far, by the kernel's clock."""
        return self._child.cpu_time_s()

    def kill(self) -> None:
        """End the child at once. Its place is free and the pool may replace it."""
        if not self._ended:
            self._ended = True
            self._bury()

    async def advance(self, settled: Sequence[Settlement]) -> Batch | Finished:
        """Send what settled (or, the first time, the script) and wait for the worker's next frame of substance."""
        if self._started:
            await self._child.channel.send(_settle_frame(self._now(), settled))
        else:
            self._started = True
            self._began = time.time(), time.monotonic()
            if self.compiled is not None and self._announce_check(self.compiled.report):
                return _refused(self.compiled.report)
            await self._child.channel.send(self._run_frame())
        return await self._next()

    def _now(self) -> float:
        """Time for the script: steps of the host's clock while it runs are not passed on to its own clocks."""
        wall, monotonic = self._began
        return wall + time.monotonic() - monotonic

    async def stop(self) -> Spent:
        """Read what was spent. The child, which waits for its end, is ended once the outcome is on its way.

        Ending it and asking for another takes as long as a short script runs.
        """
        if self._ended:  # killed at a limit: only the zygote, which reaped it, knows what it spent
            await self._child.wait_exit(timeout_s=_EXIT_WAIT_S)
        spent = Spent(self._child.cpu_time_s(), self._steps, self._child.peak_memory_bytes())
        if not self._ended:
            self._ended = True
            self._later(self._bury)
        return spent

    def _bury(self) -> None:
        self._child.kill()
        self._on_end(self)

    async def _next(self) -> Batch | Finished:
        while True:
            frame = await self._child.channel.receive()
            if frame is None:
                return Finished(error=await self._reason_of_end())
            result = self._understood(frame)
            if result is not None:
                return result

    def _understood(self, frame: Frame) -> Batch | Finished | None:
        if frame["t"] == "batch":
            return self._batch(frame)
        if frame["t"] == "finished":
            return self._finished(frame)
        if frame["t"] == "checked":
            return self._checked(frame)
        if frame["t"] == "hello":
            raise _protocol_error("a second hello")
        self._beside(frame)
        return None

    def _checked(self, frame: Checked) -> Finished | None:
        if self._check_announced:
            raise _protocol_error("a second check")
        report = _report_of(frame)
        self.compiled = Compiled(report, frame["code"])
        return _refused(report) if self._announce_check(report) else None

    def _announce_check(self, report: CheckReport) -> bool:
        """Pass the check on. True if nothing is to be executed."""
        self._check_announced = True
        self._listener.checked(report)
        return not report.ok or not self._script.execute

    def _beside(self, frame: Beside) -> None:
        self._side_frames += 1
        if self._side_frames > _MAX_SIDE_FRAMES:
            raise _protocol_error("too many frames beside the exchange")
        if frame["t"] == "log":
            self._listener.logged(frame["text"])
        elif frame["t"] == "progress":
            self._listener.progressed(frame["message"])
        else:
            self._traced(frame["events"])

    def _traced(self, lines: list[TraceItem]) -> None:
        if not self._script.trace:
            raise _protocol_error("a trace that nobody asked for")
        self._trace_lines += len(lines)
        if self._trace_lines > MAX_TRACE_LINES:
            raise _protocol_error("more traced lines than there can be")
        self._trace_bytes += self._child.channel.received_bytes
        if self._trace_bytes <= _MAX_TRACE_BYTES:
            self._listener.traced([_trace_line(item) for item in lines])

    def _batch(self, frame: BatchFrame) -> Batch:
        self._require_check()
        self._steps = max(self._steps, frame["steps"])
        calls = [self._started_call(*item) for item in frame["calls"]]
        cancelled = sorted(number for number in set(frame["cancelled"]) if number <= self._calls)
        return Batch(calls, cancelled, frame["wake_after_s"])

    def _started_call(self, number: int, tool: str, arguments: dict[str, Any], line: int | None) -> StartedCall:
        self._calls += 1
        if number != self._calls:
            raise _protocol_error("calls out of order")
        allowed = self._script.limits.argument_bytes
        if self._child.channel.received_bytes > allowed and len(to_json(arguments)) > allowed:
            raise _protocol_error("arguments over their limit")
        return StartedCall(number, tool, arguments, line)

    def _finished(self, frame: FinishedFrame) -> Finished:
        self._require_check()
        self._steps = max(self._steps, frame["steps"])
        pending, unawaited = frame["pending"], frame["unawaited"]
        if not frame["ok"]:
            if self._child.channel.received_bytes > _MAX_ERROR_BYTES:
                raise _protocol_error("an error over its limit")
            error = _error_of(frame.get("error"), self._script.source)
            return Finished(error=error, pending=pending, not_awaited=unawaited)
        value = frame.get("value")
        too_large = _too_large(value, self._script)
        return Finished(value if too_large is None else None, error=too_large, pending=pending, not_awaited=unawaited)

    def _require_check(self) -> None:
        if not self._check_announced:
            raise _protocol_error("results before the check")

    def _run_frame(self) -> bytes:
        script, compiled = self._script, self.compiled
        return encode_frame(
            {
                "t": "run",
                "source": script.source,
                "code": None if compiled is None else compiled.code,
                "context": dict(script.context),
                "limits": script.limits.model_dump(),
                "now": script.now,
                "seed": script.seed,
                "trace": script.trace,
                "execute": script.execute,
                "exposed": script.exposed,
            }
        )

    async def _reason_of_end(self) -> HarnessError:
        """The child closed its end: find out from the kernel why, unless the host itself ended it."""
        if self._child.is_withdrawn:
            return RunError("run.cancelled", "the harness was closed while the script ran")
        ended = await self._child.wait_exit(timeout_s=_EXIT_WAIT_S)
        if ended is None and not self._child.is_alive():  # the zygote, which would know, is stopped or dying
            what = "the worker process ended, and nobody can tell how"
            return WorkerError("worker.crashed", what, retryable=self._calls == 0)
        if ended is None:
            return _protocol_error("it closed its channel and went on")
        return _meaning_of(ended, self._child, self._script, had_calls=self._calls > 0)


def _meaning_of(ended: Exit, child: Child, script: Script, *, had_calls: bool) -> HarnessError:
    limits = script.limits
    if ended.signal in (signal.SIGPROF, signal.SIGXCPU):
        return cpu_time_error(ended.cpu_time_s, limits.cpu_time_s)
    if ended.signal == signal.SIGSYS:
        return WorkerError("worker.violation", "the worker made a forbidden system call and was killed")
    # At the cap CPython may crash instead of raising MemoryError (seen on 3.11 and 3.13), and the worker's own code may
    # be what finds no memory: either way the peak stands at the cap.
    peak = child.peak_memory_bytes()
    if peak >= 0.9 * limits.memory_bytes:
        return memory_error(peak, limits.memory_bytes)
    how = f"signal {ended.signal}" if ended.signal is not None else f"status {ended.status}"
    return WorkerError("worker.crashed", f"the worker process ended with {how}", retryable=not had_calls)


def _too_large(value: object, script: Script) -> HarnessError | None:
    """Charge the value again: the worker's own count is a courtesy."""
    try:
        size = len(to_json(value))
    except (PydanticSerializationError, ValueError, RecursionError):
        return ScriptError("script.unserializable", "the value is no JSON data", phase="finishing")
    allowed = script.limits.return_bytes
    if size <= allowed:
        return None
    return return_value_error(size, allowed)


def _settle_frame(now: float, settled: Sequence[Settlement]) -> bytes:
    """Build the frame around results that are JSON text already, so that nothing is encoded twice."""
    parts = [_settlement(item) for item in settled]
    body = b'{"t":"settle","now":%.6f,"settled":[%s]}' % (now, b",".join(parts))
    return len(body).to_bytes(4, "big") + body


def _settlement(item: Settlement) -> bytes:
    if item.error is None:
        return b'[%d,"ok",%s]' % (item.call_id, item.value_json)
    return b'[%d,"error",%s]' % (item.call_id, json.dumps(item.error.to_wire()).encode())


def _refused(report: CheckReport) -> Finished:
    if report.ok:
        return Finished()
    return Finished(error=error_of_report(report))


def _error_of(item: ErrorItem | None, source: str) -> HarnessError:
    if item is None or item["code"] not in _CODES_OF_WORKER:
        raise _protocol_error("an error of an unknown code")
    details = item["details"]
    if item["traceback"] is not None:
        details["traceback"] = list(item["traceback"])
    return error_for(
        item["code"],
        item["message"],
        hint=item["hint"],
        location=None if item["line"] is None else location_in(source, item["line"], item["column"] or 1),
        retryable=item["retryable"],
        details=details,
    )


def _report_of(frame: Checked) -> CheckReport:
    diagnostics = tuple(Diagnostic(**item) for item in frame["diagnostics"])
    if any(item.code not in CLASS_BY_CODE for item in diagnostics):
        raise _protocol_error("a diagnostic of an unknown code")
    return CheckReport(diagnostics, None if frame["plan"] is None else _plan(frame["plan"]))


def _plan(item: PlanItem) -> Plan:
    return Plan(tuple(item["tools"]), tuple(PlannedCall(**call) for call in item["calls"]))


def _trace_line(item: TraceItem) -> TraceLine:
    if not all(isinstance(text, str) for text in item["changed"].values()):
        raise _protocol_error("a change that is no text")
    return TraceLine(item["line"], item["steps"], item["changed"], tuple(item["calls"]))


def _protocol_error(what: str) -> WorkerError:
    return WorkerError("worker.protocol", f"the worker broke the protocol: {what}")
