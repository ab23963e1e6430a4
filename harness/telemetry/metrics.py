"""Metrics of runs, calls and approvals, made of events."""

from __future__ import annotations

from collections.abc import Callable

from opentelemetry.metrics import Meter

from harness.events import ApprovalRequested, ApprovalResolved, CallFinished, Event, RunFinished
from harness.telemetry import attributes as names


class Instruments:
    """What one provider counts with. Made once for each."""

    def __init__(self, meter: Meter) -> None:
        self.tool_duration = meter.create_histogram(names.TOOL_DURATION, "s", "Time from a call's request to its end.")
        self.run_duration = meter.create_histogram(names.RUN_DURATION, "s", "Time from a run's start to its outcome.")
        self.run_cpu_time = meter.create_histogram(names.RUN_CPU_TIME, "s", "Processor time of a run's worker.")
        self.approval_duration = meter.create_histogram(names.APPROVAL_DURATION, "s", "Time a question was open.")
        self.runs_active = meter.create_up_down_counter(names.RUNS_ACTIVE, "{run}", "Runs that go on.")


class Metrics:
    """Counts one run, or one structured call. Its attributes have few values: no ids, no names a model made up.

    Args:
        instruments: What to count with.
        describe: Gives the description of a tool, None of one that does not exist.
    """

    def __init__(self, instruments: Instruments, *, describe: Callable[[str], str | None]) -> None:
        self._instruments = instruments
        self._describe = describe
        self._asked: dict[str, float] = {}

    def heard(self, event: Event) -> None:
        """Take one event."""
        if isinstance(event, CallFinished):
            call = event.call
            known = self._describe(call.tool) is not None
            attributes = {names.OPERATION: names.EXECUTE_TOOL, names.TOOL_NAME: call.tool if known else names.OTHER}
            attributes[names.STATUS] = call.status
            if call.error is not None:
                attributes[names.ERROR_TYPE] = call.error.code
            self._instruments.tool_duration.record(call.duration_s, attributes)
        elif isinstance(event, ApprovalRequested):
            self._asked[event.request.id] = event.time
        elif isinstance(event, ApprovalResolved):
            waited = event.time - self._asked.pop(event.request_id, event.time)
            self._instruments.approval_duration.record(max(0.0, waited), {names.ANSWER: event.answer})
        elif isinstance(event, RunFinished):
            outcome = event.outcome
            attributes = {names.STATUS: "ok" if outcome.ok else "failed"}
            if outcome.error is not None:
                attributes[names.ERROR_TYPE] = outcome.error.code
            self._instruments.run_duration.record(outcome.usage.wall_time_s, attributes)
            self._instruments.run_cpu_time.record(outcome.usage.cpu_time_s, attributes)

    def change_active(self, by: int) -> None:
        """Count the runs that go on."""
        self._instruments.runs_active.add(by)
