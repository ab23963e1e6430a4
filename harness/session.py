"""The state machine of one script run: exchanges with the worker, calls through the pipeline, limits, the outcome.

The worker and the host take turns. While the worker computes, the host waits for its next batch; while the script
waits, the host waits for calls to settle. Nothing else can happen, so a run has exactly one place where it stands.
"""

from __future__ import annotations

import logging
import os
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace

import anyio
import anyio.abc
import anyio.lowlevel

from harness.approvals.questions import Answer
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
from harness.event_source import EventSource
from harness.events import (
    ApprovalRequested,
    ApprovalResolved,
    CallFinished,
    CallRequested,
    CallStarted,
    Checked,
    Logged,
    OutputDelta,
    RunFinished,
    RunStarted,
)
from harness.limit_errors import cpu_time_error, tool_calls_error, wall_time_error
from harness.runtimes.runtime import Batch, Finished, Run, Runtime, Script, Settlement, Spent, StartedCall
from harness.source import error_of_report, location_in
from harness.tools.call import Call, Caller, CallListener, Result, cancelled
from harness.tools.decision import denial
from harness.tools.orchestrator import Orchestrator
from harness.tools.snapshot import Snapshot
from harness.types import (
    ApprovalRequest,
    CallRecord,
    CheckReport,
    Diagnostic,
    Mode,
    Outcome,
    PlannedDecision,
    TraceLine,
    Usage,
)
from harness.wall_clock import WallClock

# A name or arguments that no call could be made of never reach the host.
_TOLD_BY_WORKER = frozenset({"tool.not_found", "tool.invalid_arguments", "tool.not_awaited"})
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
        approval_session: Whose remembered approvals count.
        plan_approval: Ask about the whole plan before anything runs.
        refused: Why no worker need see the source, if so.
        events: Tells what happens; None if nobody listens.
        snapshot: Tells what decides about its calls now; None for what holds for the whole harness.
        mode: "dry-run" for a script that is not to be executed; "disabled" for one that no worker need see.
    """

    def __init__(
        self,
        runtime: Runtime,
        orchestrator: Orchestrator,
        script: Script,
        *,
        script_id: str,
        confinement: str = "required",
        approval_session: str = "",
        plan_approval: bool = False,
        refused: Diagnostic | None = None,
        events: EventSource | None = None,
        snapshot: Callable[[], Snapshot] | None = None,
        mode: Mode = "enabled",
    ) -> None:
        self._mode = mode
        self._foreseen: tuple[PlannedDecision, ...] = ()
        self._runtime = runtime
        self._orchestrator = orchestrator
        self._recorder = orchestrator.recorder
        self._script = script
        self._limits = script.limits
        self._script_id = script_id
        self._confinement = confinement
        self._refused = refused
        self._events = events or EventSource(script_id, progress_events=script.limits.progress_events)
        self._emit = self._events.emit
        self._began = time.monotonic()
        self._report: CheckReport | None = None
        self._logs: list[str] = []
        self._log_bytes = 0
        self._trace: list[TraceLine] = []
        self._calls: dict[int, Call] = {}
        self._records: dict[int, CallRecord] = {}
        self._over: set[str] = set()  # ids of the calls that have their record
        self._running: dict[int, anyio.CancelScope] = {}
        self._settled: list[Settlement] = []
        self._something_settled = anyio.Event()
        self._scope = anyio.CancelScope()
        self._plan_approval = plan_approval
        self._plan_waiting_s = 0.0
        self._clock = WallClock(self._scope, script.limits.wall_time_s)
        self._stop_error: HarnessError | None = None
        self._queued: deque[tuple[int, Call]] = deque()  # calls whose turn has not come
        self._performers = 0  # tasks that take calls from the queue; those that wait for a person do not count
        self._performing: set[str] = set()  # ids of the calls that such tasks have taken
        self._performer_left = anyio.Event()
        self._tasks: anyio.abc.TaskGroup | None = None
        self._asking: set[str] = set()  # ids of the calls that wait for a person
        self._waits = False  # the script cannot go on before a call settles
        self._caller = Caller(
            limits=script.limits,
            session=approval_session,
            started=self._began,
            time_left_s=self._clock.left_s,
            listener=self,
            excerpt_of=lambda line: location_in(script.source, line).excerpt,
            snapshot=snapshot,
            around=self._events.around,
        )

    @property
    def script_id(self) -> str:
        """Names the run."""
        return self._script_id

    async def run(self) -> Outcome:
        """Run the script to its outcome.

        Raises:
            SandboxError: no worker could be confined as demanded.
        """
        with self._events:
            return await self._run()

    async def _run(self) -> Outcome:
        if self._script.execute:
            self._recorder.run_started(self._script_id, source=self._script.source, session=self._caller.session)
        if self._mode == "disabled":
            return self._ended(Finished(error=_disabled_error()), Spent(), ())
        if self._refused is not None:
            report = CheckReport((self._refused,), None)
            self.checked(report)
            return self._ended(Finished(error=error_of_report(report)), Spent(), ())
        run: Run | None = None
        finished = Finished(error=self._stop_error)
        try:
            with self._scope:
                if self._plan_approval and self._script.execute:
                    await self._review_plan()
                run = await self._runtime.start(self._script, self)
                self._emit(RunStarted, barriers=run.barriers)
                self._clock.start()
                finished = await self._driven(run)
                if self._mode == "dry-run" and self._report and self._report.ok and self._report.plan:
                    self._foreseen = await self._orchestrator.foreseen(self._report.plan.calls, self._caller)
            if self._scope.cancelled_caught:
                finished = Finished(error=self._stop_error or self._overtime())
            finished.error = self._believed(finished.error)
            spent = Spent() if run is None else await run.stop()
        except (SandboxError, ConfigError) as error:
            self._recorded(self._outcome(Finished(error=error), Spent(), ()))
            raise
        except anyio.get_cancelled_exc_class():
            # Whoever cancelled the task gets no outcome, but the record has the end (tests/soak/test_storms.py).
            self._recorded(self._outcome(Finished(error=_cancelled_error()), Spent(), run.barriers if run else ()))
            raise
        except Exception as error:  # noqa: BLE001  # becomes the outcome's error, and is logged
            finished, spent = Finished(error=_as_harness_error(error, self._script_id)), Spent()
        finally:
            if run is not None:
                run.kill()
        return self._ended(finished, spent, run.barriers if run else ())

    async def _review_plan(self) -> None:
        """Check the script, and ask about all that it can do.

        Raises:
            DeniedError: `approval.denied`, `approval.timeout`, `approval.aborted`.
        """
        report = await self._checked_only()
        if not report.ok or report.plan is None or not report.plan.tools:
            return  # it is refused, or calls nothing
        request = ApprovalRequest(
            id="q" + os.urandom(8).hex(),
            tool="",
            reason="the plan of the script is to be approved before it runs",
            plan=report.plan,
            script_id=self._script_id,
        )
        asked = time.monotonic()
        literal = [(call.tool, call.arguments) for call in report.plan.calls if call.arguments is not None]
        answer, self._caller.plan_grant = await self._orchestrator.review_plan(literal, request, self._caller)
        self._plan_waiting_s = time.monotonic() - asked
        if answer.kind in ("denied", "timed_out", "aborted"):
            raise denial("", answer.kind, answer.reason)

    async def _checked_only(self) -> CheckReport:
        """Check the script in a worker that runs nothing."""
        run = await self._runtime.start(replace(self._script, execute=False, trace=False), self)
        try:
            finished = await run.advance([])
            await run.stop()
        finally:
            run.kill()
        if self._report is None:
            raise finished.error if isinstance(finished, Finished) and finished.error else _cancelled_error()
        return self._report

    def stop(self, error: HarnessError | None = None) -> None:
        """End the run from outside: its worker is killed, its calls are cancelled, and `run` returns an outcome."""
        self._stop_error = self._stop_error or error or _cancelled_error()
        self._scope.cancel()

    # What the worker says beside the exchange (Listener).

    def checked(self, report: CheckReport) -> None:
        """Take the check's report. With an approval of the plan, the script is checked twice and reported once."""
        if self._report is not None:
            return
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
        self._events.progress(message, call_id)

    def traced(self, lines: Sequence[TraceLine]) -> None:
        """Keep executed lines."""
        self._trace.extend(lines)

    # What the pipeline says of a call (CallListener).

    def asked(self, call: Call | None, request: ApprovalRequest) -> None:
        """A call waits for a person. Its turn goes to another meanwhile, and the clock may stand still."""
        self._emit(ApprovalRequested, call_id=call.id if call else None, request=request)
        if call is None:
            return
        self._asking.add(call.id)
        if call.id in self._performing:
            self._leave_performers()
            self._add_performers(1)
        self._set_clock()

    async def answered(self, call: Call | None, request: ApprovalRequest, answer: Answer) -> None:
        """The question is settled; the call goes on when it has its turn again."""
        self._emit(
            ApprovalResolved,
            call_id=call.id if call else None,
            request_id=request.id,
            answer=answer.kind,
            reason=answer.reason,
        )
        if call is None:
            return
        self._asking.discard(call.id)
        self._set_clock()
        if call.id in self._performing:
            while self._performers >= self._limits.concurrent_calls and answer.kind != "cancelled":
                await self._performer_left.wait()
            self._performers += 1

    def aborted(self, error: HarnessError) -> None:
        """A person ended the run, or nothing more can be recorded."""
        self.stop(error)

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

    def _overtime(self) -> HarnessError:
        return wall_time_error(self._clock.used_s(), self._limits.wall_time_s)

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
            settled = [await self._perform_alone(*call) for call in self._requested(step)]

    async def _with_tasks(self, run: Run, step: Batch | None) -> Finished:
        """Go on while calls run beside the exchange. Whatever ends it kills the worker first, then its calls."""
        async with anyio.create_task_group() as tasks:
            self._tasks = tasks
            if self._limits.cpu_time_s < self._limits.wall_time_s:
                tasks.start_soon(self._watch_cpu, run)
            try:
                finished = await self._exchange(run, step)
            except HarnessError as error:
                finished = Finished(error=error)
            except BaseException:
                run.kill()
                raise
            tasks.cancel_scope.cancel()
        return self._cpu_error(finished)

    async def _exchange(self, run: Run, step: Batch | Finished | None) -> Finished:
        settled: list[Settlement] = []
        while True:
            step = step or await run.advance(settled)
            if isinstance(step, Finished):
                return step
            calls = self._requested(step)
            if len(calls) == 1 and step.wake_after_s is None and not self._running and not self._settled:
                # The script waits for this one call and nothing else can happen: no task of its own is needed.
                settled = [await self._perform_alone(*calls[0])]
            else:
                self._begin(calls)
                settled = await self._wait_settled(step.wake_after_s)
            step = None

    def _begin(self, calls: list[tuple[int, Call]]) -> None:
        """Queue calls, with as many tasks to take them as may run at once."""
        for number, call in calls:
            self._running[number] = anyio.CancelScope()
            self._queued.append((number, call))
        self._add_performers(len(calls))

    def _add_performers(self, wanted: int) -> None:
        assert self._tasks is not None
        for _ in range(min(wanted, len(self._queued), self._limits.concurrent_calls - self._performers)):
            self._performers += 1
            self._tasks.start_soon(self._perform_queued)

    def _leave_performers(self) -> None:
        self._performers -= 1
        self._performer_left.set()
        self._performer_left = anyio.Event()

    def _set_clock(self) -> None:
        """Let the clock stand still exactly while every unfinished call waits for a person, and the script for them."""
        unfinished = len(self._calls) - len(self._records)
        self._clock.stand(still=self._waits and len(self._asking) == unfinished > 0)

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
        if self._events.is_heard:
            self._emit(CallRequested, call_id=call.id, tool=call.tool, arguments=call.arguments, line=call.line)
        return item.id, call

    def _cancel(self, number: int) -> None:
        scope = self._running.pop(number, None)
        if scope is not None:
            scope.cancel()
            self._finish(number, cancelled(self._calls[number], started=self._began))
        self._settled = [item for item in self._settled if item.call_id != number]

    async def _perform_queued(self) -> None:
        """Take calls from the queue until it is empty. As many of these run as calls may run at once."""
        while self._queued and self._performers <= self._limits.concurrent_calls:
            number, call = self._queued.popleft()
            scope = self._running.get(number)
            if scope is None:
                continue  # cancelled before its turn came
            self._performing.add(call.id)
            with scope:
                settlement = await self._perform(number, call)
            self._performing.discard(call.id)
            if not scope.cancel_called:
                self._running.pop(number, None)
                self._settled.append(settlement)
                self._something_settled.set()
            if len(self._settled) % _CALLS_IN_ONE_TURN == 0:
                await anyio.lowlevel.checkpoint()  # handlers that never wait must not keep others waiting
        self._leave_performers()

    async def _perform_alone(self, number: int, call: Call) -> Settlement:
        """Perform the only call that the script waits for."""
        self._waits = True
        settlement = await self._perform(number, call)
        self._waits = False
        return settlement

    async def _perform(self, number: int, call: Call) -> Settlement:
        result: Result = await self._orchestrator.perform(call, self._caller)
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
            self._waits = wake_after_s is None
            self._set_clock()
            with anyio.move_on_after(wake_after_s):
                await self._something_settled.wait()
            self._waits = False
            self._set_clock()
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
        self._set_clock()
        self._emit(CallFinished, call=record)

    def _ended(self, finished: Finished, spent: Spent, barriers: tuple[str, ...]) -> Outcome:
        outcome = self._recorded(self._outcome(finished, spent, barriers))
        self._emit(RunFinished, outcome=outcome)
        return outcome

    def _recorded(self, outcome: Outcome) -> Outcome:
        """Record the outcome, unless it is that of a check; one that could not be recorded says so."""
        try:
            if self._script.execute:
                self._recorder.run_finished(outcome)
            elif self._mode != "enabled":
                self._recorder.script_not_run(outcome, source=self._script.source, session=self._caller.session)
        except ConfigError as error:
            return replace(outcome, ok=False, error=outcome.error or error)
        return outcome

    def _outcome(self, finished: Finished, spent: Spent, barriers: tuple[str, ...]) -> Outcome:
        for number, call in self._calls.items():
            if number not in self._records:
                self._finish(number, cancelled(call, started=self._began))
        report = self._report or CheckReport((), None)
        return Outcome(
            ok=finished.error is None,
            value=finished.value,
            error=finished.error,
            logs="".join(self._logs),
            calls=tuple(self._records[number] for number in sorted(self._records)),
            usage=Usage(
                wall_time_s=time.monotonic() - self._began,
                waiting_s=self._plan_waiting_s + self._clock.waited_s,
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
            mode=self._mode,
            would_ask=self._foreseen,
        )


def _named(item: tuple[str, int | None]) -> str:
    tool, line = item
    return f"tools.{tool} (line {line})" if line is not None else f"tools.{tool}"


def _disabled_error() -> ConfigError:
    return ConfigError(
        "harness.disabled",
        "scripts are switched off here, and this one was not run",
        hint="make the tool calls one at a time, as structured calls",
    )


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
