"""One turn of a model: what it wrote, what came of it, and what is appended to the conversation."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from harness.detect import RejectedSegment, ScriptSegment, TextSegment
from harness.errors import HarnessError, Location, ScriptError, error_for
from harness.providers import adapter_of, provider_of, read_segments, run_script, told
from harness.providers.adapter import Adapter, Answer
from harness.providers.sdk_objects import as_documented, response_data
from harness.providers.segments import CallSegment, ProviderSegment
from harness.types import CallRecord, Outcome
from policy.language.report import Diagnostic


@dataclass(frozen=True, slots=True)
class Turn:
    """A provider's response, and what came of it.

    Attributes:
        segments: What the model wrote, in order: text, scripts, rejected blocks, reasoning, refusals, calls, others.
        outcomes: Of every script, in order. One that was not run has an error that says why: `script.truncated`,
            `script.malformed_block`, `script.not_run`, `harness.disabled`.
        calls: Of every structured call, in order.
        items: What to append to the provider's conversation: the response itself, and the answers. Plain data.
        error: `script.truncated` if the response was not whole, or a refusal, so that nothing of it was run.
        is_finished: Nothing is to be answered; the next word is the user's. False means: send the next request.
    """

    segments: tuple[ProviderSegment, ...]
    outcomes: tuple[Outcome, ...]
    calls: tuple[CallRecord, ...]
    items: list[dict[str, object]]
    error: HarnessError | None = None
    is_finished: bool = True

    @property
    def text(self) -> str:
        """What the model said beside scripts, reasoning and calls."""
        return "".join(segment.text for segment in self.segments if isinstance(segment, TextSegment))


@dataclass(frozen=True, slots=True)
class Reading:
    """A response that was read, before anything of it is run.

    Attributes:
        provider: The name of its wire format.
        model: As the response names it, or None.
        segments: What the model wrote.
        error: Why nothing of it may be run, or None.
    """

    provider: str
    model: str | None
    segments: tuple[ProviderSegment, ...]
    error: HarnessError | None
    data: Mapping[str, Any] = field(repr=False)


def read_response(response: object, *, provider: str | None, max_bytes: int) -> Reading:
    """Read a response of any provider.

    Args:
        response: An object of an SDK, or a dict.
        provider: The name of its wire format; None to tell it by the shape.
        max_bytes: Largest accepted script, in bytes of UTF-8.

    Raises:
        ConfigError: `config.invalid`, it is no response, has not its shape, or `provider` is unknown.
    """
    data = response_data(response)
    name = provider or provider_of(data)
    adapter = adapter_of(name)
    with as_documented("the response"):
        _give_ids(adapter.calls(data), adapter.ID_OF_CALL)
        segments = tuple(read_segments(data, provider=name, max_bytes=max_bytes))
        error = _why_not(adapter, data, segments)
        adapter.items(data, (), None)  # what cannot be sent back must not be run
    model = data.get("model")
    return Reading(name, model if isinstance(model, str) else None, segments, error, data)


def _give_ids(calls: Sequence[dict[str, Any]], key: str) -> None:
    """Give calls without an id, or with that of another one, a new one: answers name ids, and providers refuse two."""
    taken: set[object] = set()
    for item in calls:
        if not isinstance(item.get(key), str) or not item[key] or item[key] in taken:
            item[key] = f"call_{os.urandom(8).hex()}"
        taken.add(item[key])


def _why_not(adapter: Adapter, data: Mapping[str, object], segments: Sequence[ProviderSegment]) -> HarnessError | None:
    reason = adapter.cut_off(data) or next(filter(None, map(_missing_end, segments)), None)
    if reason is None:
        return None
    return ScriptError(
        "script.truncated",
        f"nothing of this response was run, because {reason}",
        hint="send again what is still needed, whole; split long scripts into shorter ones",
        phase="detecting",
    )


def _missing_end(segment: ProviderSegment) -> str | None:
    if isinstance(segment, CallSegment) and run_script.is_incomplete(segment):
        return f"the arguments of {segment.name} break off"
    found = segment.diagnostic if isinstance(segment, RejectedSegment) else None
    return "its last script has no end" if found and found.code == "script.truncated" else None


async def perform(
    reading: Reading,
    *,
    run: Callable[[str], Awaitable[Outcome]],
    call: Callable[[str, object], Awaitable[CallRecord]],
    refuse: Callable[[str, HarnessError], CallRecord],
    names: Mapping[str, str],
) -> Turn:
    """Run what a response wants run, in order, and say what is to be answered.

    After a script that failed, and after an answer that aborts, nothing more is run. A structured call that fails is
    no reason to stop: those of one response do not build on each other.

    Args:
        reading: The response.
        run: Runs a script.
        call: Makes a structured call.
        refuse: Records a call of `run_script` that has no script.
        names: The names by which tools were declared, with their own.
    """
    progress = _Progress(reading.error)
    for segment in reading.segments:
        match segment:
            case ScriptSegment():
                progress.said.append(await progress.outcome(segment.source, run))
            case RejectedSegment(diagnostic=found) if found is not None:
                progress.said.append(progress.refused(found))
            case CallSegment(name=run_script.NAME):
                source = run_script.source_of(segment)
                if isinstance(source, HarnessError) and progress.stop is None:
                    refuse(segment.name, source)
                outcome = await progress.outcome(source, run)
                progress.answers.append(Answer(segment, told.outcome_text(outcome), is_error=not outcome.ok))
            case CallSegment():
                record = await progress.record(segment, names.get(segment.name, segment.name), call)
                progress.answers.append(Answer(segment, told.call_text(record), is_error=record.error is not None))
            case _:
                pass
    return _turn(reading, progress)


class _Progress:
    """How far a turn has come.

    Attributes:
        stop: Why nothing more is run, or None.
        outcomes: Of all scripts.
        said: Those of them that stood between tags, and rejected blocks.
        records: Of structured calls.
        answers: To everything that came in the provider's own form.
    """

    def __init__(self, stop: HarnessError | None) -> None:
        self.stop = stop
        self.outcomes: list[Outcome] = []
        self.said: list[Outcome] = []
        self.records: list[CallRecord] = []
        self.answers: list[Answer] = []

    async def outcome(self, source: str | HarnessError, run: Callable[[str], Awaitable[Outcome]]) -> Outcome:
        if self.stop is not None:
            outcome = Outcome(ok=False, error=self.stop)
        elif isinstance(source, HarnessError):
            outcome = Outcome(ok=False, error=source)
        else:
            outcome = await run(source)
        return self._noted(outcome)

    def refused(self, found: Diagnostic) -> Outcome:
        place = Location(found.line, found.column, found.end_line, found.end_column, found.excerpt)
        error = error_for(found.code, found.message, hint=found.hint, location=place, phase="detecting")
        return self._noted(Outcome(ok=False, error=error, diagnostics=(found,)))

    def _noted(self, outcome: Outcome) -> Outcome:
        self.outcomes.append(outcome)
        if not outcome.ok and self.stop is None and not _is_disabled(outcome):
            self.stop = _not_run("an earlier script of the same message failed")
        return outcome

    async def record(
        self, segment: CallSegment, tool: str, call: Callable[[str, object], Awaitable[CallRecord]]
    ) -> CallRecord:
        if self.stop is not None:
            record = CallRecord(id=segment.call_id, tool=tool, arguments={}, status="cancelled", error=self.stop)
        else:
            record = await call(tool, segment.arguments)
        self.records.append(record)
        if record.error is not None and record.error.code == "approval.aborted" and self.stop is None:
            self.stop = _not_run("whoever was asked about an earlier call of the same message ended it all")
        return record


def _is_disabled(outcome: Outcome) -> bool:
    """Scripts are switched off, which is no failure of one of them."""
    return outcome.error is not None and outcome.error.code == "harness.disabled"


def _not_run(reason: str) -> HarnessError:
    return ScriptError(
        "script.not_run",
        f"this was not run, because {reason}",
        hint="see what came of that first; then send again what is still needed",
    )


def _turn(reading: Reading, progress: _Progress) -> Turn:
    adapter = adapter_of(reading.provider)
    results = told.tool_results(progress.said) if progress.said else None
    items: Any = told.sendable(adapter.items(reading.data, progress.answers, results))
    has_answers = bool(progress.answers or progress.said)
    is_paused = adapter.is_paused(reading.data) and not has_answers
    return Turn(
        segments=reading.segments,
        outcomes=tuple(progress.outcomes),
        calls=tuple(progress.records),
        items=items,
        error=None if is_paused else reading.error,
        is_finished=not has_answers and not is_paused,
    )
