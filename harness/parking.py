"""Runs that outlive the request that began them: they wait, alive, for a person's answer in a later request.

Whoever answers requests one by one (an MCP server, a framework that executes again when it resumes) cannot hold one
open while a person thinks. So the run is **parked**: the live worker stands at its question, under an id that nobody
can guess, and the request ends with the questions. The next request brings the answers, and the run goes on from there:
nothing is executed twice.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import anyio
import anyio.abc

from harness.approvals.questions import NOBODY
from harness.errors import ConfigError, RunError
from harness.events import (
    ApprovalRequested,
    ApprovalResolved,
    CallFinished,
    CallRequested,
    Event,
    RunFinished,
)
from harness.types import ApprovalRequest, Outcome
from policy.approval import Abort, Deny, ReviewDecision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.approvals.approver import Approver
    from harness.event_stream import EventStream
    from harness.harness import Harness

_LINGER_S = 1.0  # how long questions are held back while calls beside them still run and may bring more


@dataclass(frozen=True, slots=True)
class Suspended:
    """A run that waits for answers.

    Attributes:
        run_id: To resume it with. Whoever knows it can answer, so it goes to nobody but the caller.
        requests: The open questions, in the order they arose. At least one.
        expires_s: Seconds from now until the run is given up.
    """

    run_id: str
    requests: tuple[ApprovalRequest, ...]
    expires_s: float


@dataclass(eq=False, slots=True)
class _Question:
    request: ApprovalRequest
    answered: anyio.Event = field(default_factory=anyio.Event)
    decision: ReviewDecision | None = None


@dataclass(eq=False, slots=True)
class _Run:
    """A run under way, and what its events say about where it stands."""

    id: str
    digest: str
    caller: str
    key: str | None
    stream: EventStream
    on_event: Callable[[Event], None] | None
    expires: float = math.inf  # time.monotonic() at which it is given up; never while a request waits for it
    requests: int = 0  # requests that wait for it now
    questions: dict[str, _Question] = field(default_factory=dict)  # open ones by id
    known: set[str] = field(default_factory=set)  # ids of every question there was
    rounds: list[Suspended] = field(default_factory=list)  # what requests were told, an entry for each set of questions
    unfinished: set[str] = field(default_factory=set)
    waiting: set[str] = field(default_factory=set)
    outcome: Outcome | None = None
    error: Exception | None = None
    changed: anyio.Event = field(default_factory=anyio.Event)

    @property
    def is_over(self) -> bool:
        return self.outcome is not None or self.error is not None

    @property
    def stands_still(self) -> bool:
        """Only answers can bring it on, and all of its questions are here."""
        asking = sum(question.request.calls for question in self.questions.values())
        return self.unfinished == self.waiting and asking >= len(self.waiting) > 0

    def heard(self, event: Event) -> None:
        if isinstance(event, CallRequested):
            self.unfinished.add(event.call_id)
        elif isinstance(event, ApprovalRequested):
            self.unfinished.add(event.call_id or event.request.id)  # a question about the plan has no call
            self.waiting.add(event.call_id or event.request.id)
        elif isinstance(event, ApprovalResolved):
            self.waiting.discard(event.call_id or event.request_id)
            if event.call_id is None:
                self.unfinished.discard(event.request_id)
        elif isinstance(event, CallFinished):
            self.unfinished.discard(event.call.id)
        elif isinstance(event, RunFinished):
            self.outcome = event.outcome
        if self.on_event is not None:
            self.on_event(event)
        self.wake()

    def wake(self) -> None:
        self.changed.set()
        self.changed = anyio.Event()


class ParkedRuns:
    """The approver of a harness whose runs wait between requests, and the way to start and to resume such runs.

    An async context manager, entered before the harness:

        async with ParkedRuns() as parked, Harness(tools, approver=parked) as harness:
            step = await parked.start(harness, source, caller="someone")
            if isinstance(step, Suspended):
                answers = {request.id: Approve() for request in step.requests}
                step = await parked.resume(step.run_id, source=source, caller="someone", decisions=answers)

    Args:
        ttl_s: Seconds that a run waits for the next request; then it is ended. As long is its outcome kept, for a
            request that is sent again.
        most: Runs kept at once.
        otherwise: Answers questions of the harness that belong to no such run; without one, they are denied.
    """

    apart = True  # the answer to one question must not wait for the answer to another

    def __init__(self, *, ttl_s: float = 600.0, most: int = 32, otherwise: Approver | None = None) -> None:
        self.wait_s = math.inf  # this waits for requests, and `ttl_s` ends that
        self._ttl_s = ttl_s
        self._most = most
        self._otherwise = otherwise
        self._runs: dict[str, _Run] = {}
        self._tasks: anyio.abc.TaskGroup | None = None

    async def __aenter__(self) -> Self:
        self._tasks = await anyio.create_task_group().__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        tasks, self._tasks = self._tasks, None
        assert tasks is not None
        tasks.cancel_scope.cancel()
        await tasks.__aexit__(kind, error, traceback)

    async def start(
        self,
        harness: Harness,
        source: str | bytes,
        *,
        caller: str,
        key: str | None = None,
        on_event: Callable[[Event], None] | None = None,
        **options: Any,
    ) -> Outcome | Suspended:
        """Begin a run, and return when it is over or only answers can bring it on.

        Args:
            harness: Whose approver this is.
            source: The script.
            caller: Who asks. Nobody else can resume the run.
            key: Names this use of the script among those of the caller. Starting again with the same key and script
                begins nothing: it returns how the run stands.
            on_event: Hears every event until another request waits for the run. Must not block.
            options: What `Harness.stream` takes: `limits`, `context`, `plan_approval`, ...

        Raises:
            RunError: `run.crowded`, too many runs wait already; `run.lost`, the key was used for another script.
            ConfigError, SandboxError: as `Harness.run`.
        """
        found = self._keyed(caller, key)
        if found is not None:
            if found.digest != _digest(source):
                raise _lost()
            return await self._stepped(found)
        run = self._begun(harness, source, caller, key, on_event, options)
        try:
            return await self._stepped(run)
        except BaseException:
            self._give_up(run)  # nobody knows its id
            raise

    async def resume(
        self,
        run_id: str,
        *,
        caller: str,
        source: str | bytes | None = None,
        decisions: Mapping[str, ReviewDecision] | None = None,
        wait_s: float = 0.0,
        on_event: Callable[[Event], None] | None = None,
    ) -> Outcome | Suspended:
        """Answer questions of a parked run, and return when it is over or waits again.

        An answer to a question that is settled already is passed over, so a request may be sent again.

        Args:
            run_id: From `Suspended`.
            caller: Who started it.
            source: The script that was started; None where the request does not repeat it.
            decisions: By the ids of the questions. Those left out stay open.
            wait_s: Seconds to wait for answers that come another way (`answer`).
            on_event: Hears every event until another request waits for the run. Must not block.

        Raises:
            RunError: `run.lost`, no such run of this script and caller waits here.
            ConfigError: `config.invalid`, a decision names a question that the run never asked.
        """
        run = self._runs.get(run_id)
        if run is None or not (_same(run.caller, caller) and (source is None or _same(run.digest, _digest(source)))):
            raise _lost()
        run.on_event = on_event
        self._answer(run, decisions or {})
        return await self._stepped(run, wait_s)

    def rounds(self, *, caller: str, key: str) -> tuple[Suspended, ...] | None:
        """Return what requests were told of a run so far: each set of questions once, in order.

        Whoever executes a step again from its top, with the answers to all rounds at hand, gives each answer to the
        questions that it was about. None when no run of this caller has that key.
        """
        run = self._keyed(caller, key)
        return None if run is None else tuple(run.rounds)

    def waiting(self) -> tuple[Suspended, ...]:
        """Return the runs that have open questions, for a person who answers beside their callers."""
        now = time.monotonic()
        return tuple(
            Suspended(
                run.id, tuple(item.request for item in run.questions.values()), min(run.expires - now, self._ttl_s)
            )
            for run in self._runs.values()
            if run.questions
        )

    def answer(self, run_id: str, decisions: Mapping[str, ReviewDecision]) -> None:
        """Answer questions of a parked run beside its caller, who sees how it went on at the next request.

        Raises:
            RunError: `run.lost`, no such run waits here.
            ConfigError: `config.invalid`, a decision names a question that the run never asked.
        """
        run = self._runs.get(run_id)
        if run is None:
            raise _lost()
        self._answer(run, decisions)

    def _answer(self, run: _Run, decisions: Mapping[str, ReviewDecision]) -> None:
        unknown = sorted(set(decisions) - run.known)
        if unknown:
            raise ConfigError(
                "config.invalid",
                f"the run has asked no question {unknown[0]!r}",
                hint="open are " + (", ".join(run.questions) or "none"),
            )
        for request_id, decision in decisions.items():
            question = run.questions.pop(request_id, None)
            if question is not None:
                question.decision = decision
                question.answered.set()
        if any(isinstance(decision, Abort) for decision in decisions.values()):
            run.questions.clear()  # the run ends, and takes them back
        run.wake()

    def stop(self, run_id: str, *, caller: str) -> None:
        """End a parked run. Its calls are cancelled, and it cannot be resumed.

        Raises:
            RunError: `run.lost`, no such run of this caller waits here.
        """
        run = self._runs.get(run_id)
        if run is None or not _same(run.caller, caller):
            raise _lost()
        self._give_up(run)

    async def decide(self, requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        """Hold questions until a request answers them."""
        by_script = {run.stream.script_id: run for run in self._runs.values()}
        return [await self._decision(request, by_script.get(request.script_id)) for request in requests]

    async def _decision(self, request: ApprovalRequest, run: _Run | None) -> ReviewDecision:
        if run is None:
            if self._otherwise is None:
                return Deny(NOBODY)
            [decision] = await self._otherwise.decide([request])
            return decision
        question = run.questions[request.id] = _Question(request)
        run.known.add(request.id)
        run.wake()
        try:
            await question.answered.wait()
        finally:
            run.questions.pop(request.id, None)  # the question was withdrawn
        assert question.decision is not None
        return question.decision

    def _begun(
        self,
        harness: Harness,
        source: str | bytes,
        caller: str,
        key: str | None,
        on_event: Callable[[Event], None] | None,
        options: Mapping[str, Any],
    ) -> _Run:
        if self._tasks is None:
            raise ConfigError("config.invalid", "these parked runs are not open", hint="use `async with ParkedRuns()`")
        self._make_room()
        stream = harness.stream(source, **options)
        run = _Run("r" + secrets.token_urlsafe(32), _digest(source), caller, key, stream, on_event)
        self._runs[run.id] = run
        self._tasks.start_soon(self._follow, run)
        return run

    def _make_room(self) -> None:
        """Forget the oldest outcomes; runs that wait are never pushed out.

        Raises:
            RunError: `run.crowded`.
        """
        for run in [run for run in self._runs.values() if run.is_over and not run.requests]:
            if len(self._runs) < self._most:
                return
            self._give_up(run)
        if len(self._runs) >= self._most:
            raise RunError(
                "run.crowded",
                f"{self._most} runs wait for answers, and no more are kept",
                hint="answer or stop some of them, or try again later",
                retryable=True,
            )

    def _keyed(self, caller: str, key: str | None) -> _Run | None:
        if key is None:
            return None
        return next((run for run in self._runs.values() if (run.caller, run.key) == (caller, key)), None)

    async def _follow(self, run: _Run) -> None:
        """Read the run's events to its end, and keep the outcome for as long as the run would have waited."""
        assert self._tasks is not None
        self._tasks.start_soon(self._expire, run)
        try:
            async for event in run.stream:
                run.heard(event)
        except Exception as error:  # noqa: BLE001  # belongs to the request that started the run
            run.error = error
            run.wake()

    async def _expire(self, run: _Run) -> None:
        while run.id in self._runs:
            left = run.expires - time.monotonic()
            if left <= 0:
                self._give_up(run)
                return
            with anyio.move_on_after(left):
                await run.changed.wait()

    def _give_up(self, run: _Run) -> None:
        self._runs.pop(run.id, None)
        run.stream.stop()
        run.wake()

    async def _stepped(self, run: _Run, wait_s: float = 0.0) -> Outcome | Suspended:
        until = time.monotonic() + wait_s
        with self._held(run):
            while not run.is_over:
                if run.id not in self._runs:
                    raise _lost()
                left = until - time.monotonic()
                if run.questions and left <= 0 and await self._stands(run):
                    return self._told(run)
                with anyio.move_on_after(left if run.questions else None):
                    await run.changed.wait()
        if run.error is not None:
            self._runs.pop(run.id, None)
            raise run.error
        assert run.outcome is not None
        return run.outcome

    def _told(self, run: _Run) -> Suspended:
        told = Suspended(run.id, tuple(item.request for item in run.questions.values()), self._ttl_s)
        if not run.rounds or run.rounds[-1].requests != told.requests:
            run.rounds.append(told)
        return told

    @contextmanager
    def _held(self, run: _Run) -> Iterator[None]:
        """The run does not expire while a request waits for it."""
        run.requests += 1
        run.expires = math.inf
        try:
            yield
        finally:
            run.requests -= 1
            if not run.requests:
                run.expires = time.monotonic() + self._ttl_s
                run.wake()

    async def _stands(self, run: _Run) -> bool:
        """Give calls beside the questions a moment to end or to ask too; say whether there are questions then."""
        with anyio.move_on_after(_LINGER_S):
            while not (run.is_over or run.stands_still):
                await run.changed.wait()
        return not run.is_over and bool(run.questions)


def _digest(source: str | bytes) -> str:
    data = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    return hashlib.sha256(data).hexdigest()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _lost() -> RunError:
    """One answer to a wrong id, script and caller: whoever guesses learns nothing."""
    return RunError(
        "run.lost",
        "no run of this script and caller waits under this id",
        hint="it may have waited too long; run the script again if what it had done may be done twice",
    )
