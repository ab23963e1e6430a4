"""The state machine of one script run: exchanges with the worker, calls through the pipeline, limits, the outcome.

The worker and the host take turns. While the worker computes, the host waits for its next batch; while the script
waits, the host waits for calls to settle. Nothing else can happen, so a run has exactly one place where it stands.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Sequence

import anyio
import anyio.abc
import anyio.lowlevel

from harness.errors import (
    CallError,
    ConfigError,
    DeniedError,
    HarnessError,
    InternalError,
    RunError,
    SandboxError,
    ScriptError,
)
from harness.events import (
    CallFinished,
    CallRequested,
    CallStarted,
    Checked,
    Event,
    Logged,
    OutputDelta,
    Progress,
    RunFinished,
    RunStarted,
)
from harness.limit_errors import cpu_time_error, tool_calls_error, wall_time_error
from harness.runtimes.runtime import Batch, Finished, Run, Runtime, Script, Settlement, Spent, StartedCall
from harness.source import error_of_report, location_in
from harness.tools.orchestrator import Call, CallListener, Orchestrator, Result, cancelled
from harness.types import CallRecord, CheckReport, Diagnostic, Outcome, TraceLine, Usage

# A name or arguments that no call could be made of never reach the host.
_TOLD_BY_WORKER = frozenset({"tool.not_found", "tool.invalid_arguments", "tool.not_awaited"})
_PROGRESS_INTERVAL_S = 0.5
_CALLS_IN_ONE_TURN = 16
_CUT = "\n... [output cut at {} bytes] ...\n"
_log = logging.getLogger("toolscript")


class Session(CallListener):
    """One run of one script. `run` is called once; `stop` may end it early from outside.

    Args:
        runtime: Where the script is executed.
        orchestrator: What its calls go through.
        script: The script and its limits.
        script_id: Names the run.
        confinement: What is demanded of the worker's barriers, for the outcome.
        refused: Why no worker need see the source, if so.
        emit: Receives every event, in order. Must not block.
    """

    def __init__(
        self,
        runtime: Runtime,
        orchestrator: Orchestrator,
        script: Script,
        *,
        script_id: str,
        confinement: str = "required",
        refused: Diagnostic | None = None,
        emit: Callable[[Event], None] | None = None,
    ) -> None:
        self._runtime = runtime
        self._orchestrator = orchestrator
        self._script = script
        self._limits = script.limits
        self._script_id = script_id
        self._confinement = confinement
        self._refused = refused
        self._emit_event = emit
        self._seq = 0
        self._began = time.monotonic()
        self._report: CheckReport | None = None
        self._logs: list[str] = []
        self._log_bytes = 0
        self._trace: list[TraceLine] = []
        self._progress_events = 0
        self._last_progress: dict[str | None, float] = {}
        self._calls: dict[int, Call] = {}
        self._records: dict[int, CallRecord] = {}
        self._over: set[str] = set()  # ids of the calls that have their record
        self._running: dict[int, anyio.CancelScope] = {}
        self._settled: list[Settlement] = []
        self._something_settled = anyio.Event()
        self._scope = anyio.CancelScope()
        self._stop_error: HarnessError | None = None
        self._deadline = 0.0
        self._queued: deque[tuple[int, Call]] = deque()  # calls whose turn has not come
        self._performers = 0  # tasks that take calls from the queue

    async def run(self) -> Outcome:
        """Run the script to its outcome.

        Raises:
            SandboxError: no worker could be confined as demanded.
        """
        if self._refused is not None:
            report = CheckReport((self._refused,), None)
            self.checked(report)
            return self._ended(Finished(error=error_of_report(report)), Spent(), ())
        run: Run | None = None
        finished = Finished(error=self._stop_error)
        try:
            with self._scope:
                run = await self._runtime.start(self._script, self)
                self._emit(RunStarted, barriers=run.barriers)
                self._start_clock()
                finished = await self._driven(run)
            if self._scope.cancelled_caught:
                finished = Finished(error=self._stop_error or self._overtime())
            finished.error = self._believed(finished.error)
            spent = Spent() if run is None else await run.stop()
        except (SandboxError, ConfigError):
            raise
        except Exception as error:  # noqa: BLE001  # becomes the outcome's error, and is logged
            finished, spent = Finished(error=_as_harness_error(error, self._script_id)), Spent()
        finally:
            if run is not None:
                run.kill()
        return self._ended(finished, spent, run.barriers if run else ())

    def stop(self, error: HarnessError | None = None) -> None:
        """End the run from outside: its worker is killed, its calls are cancelled, and `run` returns an outcome."""
        self._stop_error = self._stop_error or error or _cancelled_error()
        self._scope.cancel()

    # What the worker says beside the exchange (Listener).

    def checked(self, report: CheckReport) -> None:
        """Take the check's report."""
        self._report = report
        self._emit(Checked, diagnostics=report.diagnostics, plan=report.plan)

    def logged(self, text: str) -> None:
        """Keep printed text up to its limit, whatever the worker claims to have cut."""
        room = self._limits.output_bytes + len(_CUT) + 20 - self._log_bytes
        encoded = text.encode("utf-8", "replace")[: max(0, room)]
        self._log_bytes += len(encoded)
        kept = encoded.decode("utf-8", "ignore")
        if kept:
            self._logs.append(kept)
            self._emit(Logged, text=kept)

    def progressed(self, message: str, call_id: str | None = None) -> None:
        """Pass progress on, at most one event in half a second from the script and from each call."""
        now = time.monotonic()
        last = self._last_progress.get(call_id, -_PROGRESS_INTERVAL_S)
        if self._progress_events < self._limits.progress_events and now - last >= _PROGRESS_INTERVAL_S * 0.9:
            self._last_progress[call_id] = now
            self._progress_events += 1
            self._emit(Progress, message=message[:2000], call_id=call_id)

    def traced(self, lines: Sequence[TraceLine]) -> None:
        """Keep executed lines."""
        self._trace.extend(lines)

    # What the pipeline says of a call (CallListener).

    def started(self, call: Call) -> None:
        """The call's handler begins."""
        if call.id in self._over:
            return  # cancelled in the turn in which it would have begun
        self._emit(CallStarted, call_id=call.id, tool=call.tool)

    def call_progressed(self, call: Call, message: str) -> None:
        """The call's handler says how far it is."""
        self.progressed(message, call.id)

    def delta(self, call: Call, stream: str, text: str) -> None:
        """The call's handler passes output on."""
        self._emit(OutputDelta, call_id=call.id, stream=stream, text=text)

    # The exchange.

    def _start_clock(self) -> None:
        wall_time_s = self._limits.wall_time_s
        self._deadline = time.monotonic() + wall_time_s
        self._scope.deadline = anyio.current_time() + wall_time_s

    def _overtime(self) -> HarnessError:
        allowed = self._limits.wall_time_s
        return wall_time_error(time.monotonic() - self._deadline + allowed, allowed)

    async def _driven(self, run: Run) -> Finished:
        """Drive the exchange to the script's end. Calls get tasks beside it only where several things can happen."""
        step: Finished | Batch | None = None
        if self._limits.cpu_time_s >= self._limits.wall_time_s:
            try:
                step = await self._alone(run)
            except HarnessError as error:
                step = Finished(error=error)
        return step if isinstance(step, Finished) else await self._with_tasks(run, step)

    async def _alone(self, run: Run) -> Finished | Batch:
        """Go on for as long as the script waits for nothing, or for one call: then no task is needed."""
        settled: list[Settlement] = []
        while True:
            step = await run.advance(settled)
            if isinstance(step, Finished) or len(step.calls) != 1 or step.wake_after_s is not None:
                return step
            settled = [await self._perform(*call) for call in self._requested(step)]

    async def _with_tasks(self, run: Run, step: Batch | None) -> Finished:
        """Go on while calls run beside the exchange. Whatever ends it kills the worker first, then its calls."""
        async with anyio.create_task_group() as tasks:
            if self._limits.cpu_time_s < self._limits.wall_time_s:
                tasks.start_soon(self._watch_cpu, run)
            try:
                finished = await self._exchange(run, step, tasks)
            except HarnessError as error:
                finished = Finished(error=error)
            except BaseException:
                run.kill()
                raise
            tasks.cancel_scope.cancel()
        return self._cpu_error(finished)

    async def _exchange(self, run: Run, step: Batch | Finished | None, tasks: anyio.abc.TaskGroup) -> Finished:
        settled: list[Settlement] = []
        while True:
            step = step or await run.advance(settled)
            if isinstance(step, Finished):
                return step
            calls = self._requested(step)
            if len(calls) == 1 and step.wake_after_s is None and not self._running and not self._settled:
                # The script waits for this one call and nothing else can happen: no task of its own is needed.
                settled = [await self._perform(*calls[0])]
            else:
                self._begin(calls, tasks)
                settled = await self._wait_settled(step.wake_after_s)
            step = None

    def _begin(self, calls: list[tuple[int, Call]], tasks: anyio.abc.TaskGroup) -> None:
        """Queue calls, with as many tasks to take them as may run at once."""
        for number, call in calls:
            self._running[number] = anyio.CancelScope()
            self._queued.append((number, call))
        for _ in range(min(len(calls), self._limits.concurrent_calls - self._performers)):
            self._performers += 1
            tasks.start_soon(self._perform_queued)

    def _requested(self, batch: Batch) -> list[tuple[int, Call]]:
        """Take note of a batch: its cancellations first, then its calls.

        Raises:
            LimitError: `limit.tool_calls`.
        """
        for number in batch.cancelled:
            self._cancel(number)
        calls = [self._noted(item) for item in batch.calls]
        allowed = self._limits.tool_calls
        if len(self._calls) > allowed:
            line = list(self._calls.values())[allowed].line
            place = None if line is None else location_in(self._script.source, line)
            raise tool_calls_error(len(self._calls), allowed, place)
        return calls

    def _noted(self, item: StartedCall) -> tuple[int, Call]:
        call = Call(
            id=f"{self._script_id}.{item.id}",
            tool=item.tool,
            arguments=item.arguments,
            script_id=self._script_id,
            line=item.line,
        )
        self._calls[item.id] = call
        if self._emit_event is not None:
            self._emit(CallRequested, call_id=call.id, tool=call.tool, arguments=call.arguments, line=call.line)
        return item.id, call

    def _cancel(self, number: int) -> None:
        scope = self._running.pop(number, None)
        if scope is not None:
            scope.cancel()
            self._finish(number, cancelled(self._calls[number], run_started=self._began))
        self._settled = [item for item in self._settled if item.call_id != number]

    async def _perform_queued(self) -> None:
        """Take calls from the queue until it is empty. As many of these run as calls may run at once."""
        while self._queued:
            number, call = self._queued.popleft()
            scope = self._running.get(number)
            if scope is None:
                continue  # cancelled before its turn came
            with scope:
                settlement = await self._perform(number, call)
            if not scope.cancel_called:
                self._running.pop(number, None)
                self._settled.append(settlement)
                self._something_settled.set()
            if len(self._settled) % _CALLS_IN_ONE_TURN == 0:
                await anyio.lowlevel.checkpoint()  # handlers that never wait must not keep others waiting
        self._performers -= 1

    async def _perform(self, number: int, call: Call) -> Settlement:
        result: Result = await self._orchestrator.perform(
            call,
            result_bytes=self._limits.result_bytes,
            run_started=self._began,
            deadline=self._deadline,
            listener=self,
        )
        self._finish(number, result.record)
        return Settlement(number, result.value_json, result.record.error)

    async def _wait_settled(self, wake_after_s: float | None) -> list[Settlement]:
        """Wait until a call settles or the script wants to be woken; take everything that has settled.

        Raises:
            ScriptError: `script.deadlock`, nothing that could settle is left.
        """
        if not self._settled:
            if wake_after_s is None and not self._running:
                raise _deadlock_error()
            with anyio.move_on_after(wake_after_s):
                await self._something_settled.wait()
            # Calls that finish in this same turn of the loop belong into the same frame.
            await anyio.lowlevel.checkpoint()
        settled, self._settled = self._settled, []
        self._something_settled = anyio.Event()
        return settled

    async def _watch_cpu(self, run: Run) -> None:
        """Kill a worker that used up its processor time, where the kernel's own timer is set to a looser ceiling."""
        left = self._limits.cpu_time_s
        while left > 0:
            await anyio.sleep(left)
            left = self._limits.cpu_time_s - run.cpu_time_s()
        self._stop_error = cpu_time_error(run.cpu_time_s(), self._limits.cpu_time_s)
        run.kill()

    def _believed(self, error: HarnessError | None) -> HarnessError | None:
        """A script may raise a ToolError of any code; that policy or a person said no, only a call's record tells."""
        if not isinstance(error, (CallError, DeniedError)) or error.code in _TOLD_BY_WORKER:
            return error
        if any(record.error is not None and record.error.code == error.code for record in self._records.values()):
            return error
        return ScriptError(
            "script.runtime",
            f"ToolError: {error.message}",
            location=error.location,
            details={**error.details, "exception": "ToolError"},
        )

    def _cpu_error(self, finished: Finished) -> Finished:
        if self._stop_error is not None and self._stop_error.code == "limit.cpu_time":
            return Finished(error=self._stop_error)
        return finished

    def _finish(self, number: int, record: CallRecord) -> None:
        if number in self._records:
            return  # cancelled while its handler was ending: the first word stands
        self._records[number] = record
        self._over.add(record.id)
        self._emit(CallFinished, call=record)

    def _emit(self, kind: type[Event], **fields: object) -> None:
        if self._emit_event is not None:
            event = kind(seq=self._seq, time=time.time(), script_id=self._script_id, **fields)
            self._seq += 1
            self._emit_event(event)

    def _ended(self, finished: Finished, spent: Spent, barriers: tuple[str, ...]) -> Outcome:
        outcome = self._outcome(finished, spent, barriers)
        self._emit(RunFinished, outcome=outcome)
        return outcome

    def _outcome(self, finished: Finished, spent: Spent, barriers: tuple[str, ...]) -> Outcome:
        for number, call in self._calls.items():
            if number not in self._records:
                self._finish(number, cancelled(call, run_started=self._began))
        report = self._report or CheckReport((), None)
        return Outcome(
            ok=finished.error is None,
            value=finished.value,
            error=finished.error,
            logs="".join(self._logs),
            calls=tuple(self._records[number] for number in sorted(self._records)),
            usage=Usage(
                wall_time_s=time.monotonic() - self._began,
                cpu_time_s=spent.cpu_time_s,
                steps=spent.steps,
                peak_memory_bytes=spent.peak_memory_bytes,
                tool_calls=len(self._calls),
            ),
            diagnostics=report.diagnostics,
            plan=report.plan,
            barriers=barriers,
            confinement=self._confinement,
            script_id=self._script_id,
            trace=tuple(self._trace) if self._script.trace else None,
            pending=tuple(_named(item) for item in finished.pending),
            not_awaited=tuple(_named(item) for item in finished.not_awaited),
        )


def _named(item: tuple[str, int | None]) -> str:
    tool, line = item
    return f"tools.{tool} (line {line})" if line is not None else f"tools.{tool}"


def _cancelled_error() -> RunError:
    return RunError("run.cancelled", "the run was cancelled")


def _deadlock_error() -> ScriptError:
    return ScriptError(
        "script.deadlock",
        "the script waits for something that nothing can settle",
        hint="look for a lock that is never released, a queue nobody fills, or an event nobody sets",
    )


def _as_harness_error(error: Exception, script_id: str) -> HarnessError:
    """A bug of ours must not take the caller's agent down: it becomes the outcome's error, and is logged."""
    if isinstance(error, HarnessError):
        return error
    _log.error("run %s failed inside the host", script_id, exc_info=error)
    return InternalError("internal.bug", f"{type(error).__name__} in the host")
