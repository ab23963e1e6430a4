"""Questions that wait for a person: put together, asked once for equal keys, settled by answer, timeout or cancel.

Only this module calls an approver, and only what it returns lets a question's call run.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import NoneType
from typing import TYPE_CHECKING

import anyio
import anyio.lowlevel

from harness.approvals.store import StoreError
from harness.types import ApprovalAnswer, ApprovalRequest
from policy.approval import Abort, Approve, CallPattern, Deny, ReviewDecision
from policy.commands.verdict import Amendment

if TYPE_CHECKING:
    from harness.approvals.approver import Approver
    from harness.approvals.store import ApprovalStore

NOBODY = "there is nobody to ask: this harness has no approver"
_log = logging.getLogger("toolscript")

Start = Callable[[Callable[[], Coroutine[object, object, None]]], object]


@dataclass(frozen=True, slots=True)
class Answer:
    """How a question ended.

    Attributes:
        decision: What was decided; no answer in time is a denial.
        kind: The same in one word, for records and events.
    """

    decision: ReviewDecision
    kind: ApprovalAnswer

    @property
    def reason(self) -> str:
        """The reason that was given, "" for an approval."""
        return "" if isinstance(self.decision, Approve) else self.decision.reason

    @property
    def granted(self) -> tuple[CallPattern, ...]:
        """Further calls of the run that the answer grants."""
        return self.decision.patterns if isinstance(self.decision, Approve) else ()


@dataclass(eq=False, slots=True)
class _Question:
    """One question, for every call with the same keys that waits for it."""

    request: ApprovalRequest
    session: str
    waiting: int = 1  # calls that wait for the answer
    put: anyio.Event = field(default_factory=anyio.Event)
    settled: anyio.Event = field(default_factory=anyio.Event)
    answer: Answer | None = None
    covered: set[str] = field(default_factory=set)  # ids of the requests that stood behind the question when it was put

    def settle(self, answer: Answer) -> None:
        if self.answer is None:
            self.answer = answer
            self.settled.set()

    @property
    def is_open(self) -> bool:
        return self.answer is None and self.waiting > 0


class Questions:
    """The questions of one harness.

    Args:
        approver: Who answers, or None: then every question is a denial that says so.
        store: What was approved for a session.
        start: Starts a task that lives as long as the harness.
    """

    def __init__(self, approver: Approver | None, store: ApprovalStore, *, start: Start) -> None:
        self._approver = approver
        self._store = store
        self._start = start
        self._waiting: list[_Question] = []  # not put yet
        self._asked: list[_Question] = []  # put, not answered
        self._is_putting = False

    def is_remembered(self, session: str, keys: Sequence[str]) -> bool:
        """Say whether an earlier answer covers all of the keys."""
        try:
            return self._store.has_all(session, keys)
        except StoreError:
            _log.exception("the store of approvals cannot be read")
            return False  # asking again is the safe side

    async def ask(self, request: ApprovalRequest, *, session: str, wait_s: float) -> Answer:
        """Put a question and wait for its answer.

        Args:
            request: The question.
            session: Whose remembered answers count, and grow.
            wait_s: Seconds from when the approver has the question until it counts as denied, unless the approver
                says otherwise.
        """
        if self._approver is None:
            return Answer(Deny(NOBODY), "denied")
        own_wait_s = getattr(self._approver, "wait_s", None)
        wait_s = wait_s if own_wait_s is None else own_wait_s
        while True:
            question = self._joined(request, session)
            try:
                answer = await self._answered(question, wait_s)
            finally:
                self._leave(question)
            if request.id in question.covered or _covers_late_calls(answer.decision):
                return answer if request is question.request else _without_patterns(answer)
            # It came when the question was on its way already: an approval of one call is not one of two.

    def _joined(self, request: ApprovalRequest, session: str) -> _Question:
        """The open question about the same keys, or a new one."""
        for question in (*self._waiting, *self._asked):
            if request.keys and question.is_open and _are_alike(question, request, session):
                question.waiting += 1
                if not question.put.is_set():
                    question.covered.add(request.id)
                return question
        question = _Question(request, session, covered={request.id})
        self._waiting.append(question)
        self._put_soon()
        return question

    async def _answered(self, question: _Question, wait_s: float) -> Answer:
        await question.put.wait()
        with anyio.move_on_after(wait_s):
            await question.settled.wait()
        return question.answer or Answer(Deny(f"nobody answered within {wait_s:g} s"), "timed_out")

    def _leave(self, question: _Question) -> None:
        """A call waits no longer. A question that nobody waits for is not to be put, or is withdrawn."""
        question.waiting -= 1
        if question.waiting == 0:
            question.settled.set()
            if question in self._waiting:
                self._waiting.remove(question)

    def _put_soon(self) -> None:
        if not self._is_putting:
            self._is_putting = True
            self._start(self._put)

    async def _put(self) -> None:
        """Hand the questions that wait to the approver, those that arise in one turn of the loop together."""
        try:
            await anyio.lowlevel.checkpoint()
            while self._waiting:
                batch, self._waiting = self._waiting, []
                self._asked += batch
                for question in batch:
                    question.put.set()
                if getattr(self._approver, "one_at_a_time", False):
                    await self._decide(batch)
                    continue
                is_apart = getattr(self._approver, "apart", False)
                for part in [[question] for question in batch] if is_apart else [batch]:
                    self._start(lambda part=part: self._decide(part))  # type: ignore[misc]  # bound early on purpose
        finally:
            self._is_putting = False

    async def _decide(self, batch: list[_Question]) -> None:
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(_cancel_when_settled, batch, tasks.cancel_scope)
                requests = [replace(item.request, calls=len(item.covered)) for item in batch]
                for question, decision in zip(batch, await self._decisions(requests), strict=True):
                    self._settle(question, decision)
        finally:
            self._asked = [item for item in self._asked if item not in batch]

    async def _decisions(self, requests: list[ApprovalRequest]) -> Sequence[ReviewDecision]:
        """Ask the approver. Whatever goes wrong with it is a denial: a call must not run by accident."""
        assert self._approver is not None
        try:
            decisions = list(await self._approver.decide(requests))
        except (Exception, SystemExit) as error:  # noqa: BLE001  # an embedder's code: it approves nothing, and ends no host
            _log.exception("the approver failed")
            return [Deny(f"the approver failed: {type(error).__name__}")] * len(requests)
        except anyio.get_cancelled_exc_class():
            if anyio.current_effective_deadline() == -math.inf:
                raise
            # Nobody cancelled these questions: the approver waited for a future of its own that somebody cancelled.
            return [Deny("the approver was cancelled")] * len(requests)
        if len(decisions) != len(requests):
            return [Deny(f"the approver gave {len(decisions)} answers to {len(requests)} questions")] * len(requests)
        return [_usable(*pair) for pair in zip(decisions, requests, strict=True)]

    def _settle(self, question: _Question, decision: ReviewDecision) -> None:
        if not question.is_open:
            return  # it was withdrawn, or released by the answer to another
        question.settle(Answer(decision, _kind(decision)))
        if isinstance(decision, Approve) and _is_remembered(decision):
            self._remember(question)

    def _remember(self, question: _Question) -> None:
        """Keep a session's answer, and release every open question that it covers too."""
        try:
            self._store.remember(question.session, question.request.keys)
        except StoreError:
            _log.exception("the store of approvals cannot be written")
            return
        for other in (*self._waiting, *self._asked):
            if other.is_open and other.session == question.session and self._covers(other):
                other.settle(Answer(Approve("session"), "remembered"))
                other.put.set()
        self._waiting = [item for item in self._waiting if item.is_open]

    def _covers(self, other: _Question) -> bool:
        return self.is_remembered(other.session, other.request.keys)


def with_fields(answer: Answer, request: ApprovalRequest) -> Answer:
    """The answer to a question with a form: an approval carries all of its fields, or is none."""
    decision = answer.decision
    if request.form is None or not isinstance(decision, Approve):
        return answer
    from harness.tools.json_schema import filled_in

    try:
        fields = filled_in(request.form, decision.arguments)
    except ValueError as error:
        return Answer(Deny(f"the answer does not fit what was asked for: {error}"), "denied")
    return replace(answer, decision=replace(decision, arguments=fields))


async def _cancel_when_settled(batch: list[_Question], scope: anyio.CancelScope) -> None:
    """Withdraw a batch from the approver once nothing in it is open any more."""
    for question in batch:
        await question.settled.wait()
    scope.cancel()


def _are_alike(question: _Question, request: ApprovalRequest, session: str) -> bool:
    asked = question.request
    return (
        question.session == session
        and asked.keys == request.keys
        and (asked.tool, asked.arguments, asked.script_id) == (request.tool, request.arguments, request.script_id)
        and asked.leaves_sandbox == request.leaves_sandbox
    )


def _covers_late_calls(decision: ReviewDecision) -> bool:
    """Say whether an answer holds for calls that came after the question was put: refusals, and what is remembered."""
    return not isinstance(decision, Approve) or _is_remembered(decision)


def _is_remembered(decision: Approve) -> bool:
    """Say whether an answer holds for the session: an edited one is about arguments that nobody asked for."""
    return decision.scope == "session" and decision.arguments is None


def _without_patterns(answer: Answer) -> Answer:
    """The answer for a further call behind the same question: what it grants beside the call is granted once."""
    if isinstance(answer.decision, Approve) and answer.decision.patterns:
        return replace(answer, decision=replace(answer.decision, patterns=()))
    return answer


def _usable(decision: object, request: ApprovalRequest) -> ReviewDecision:
    """The decision, or a denial that says what is wrong with it."""
    if not isinstance(decision, (Approve, Deny, Abort)):
        return Deny(f"the approver gave no decision but {type(decision).__name__}")
    if not isinstance(decision, Approve):
        fault = _fault_of_reason(decision.reason)
    else:
        fault = _fault_of_approval(decision) or (_fault_of_plan(decision) if request.plan is not None else None)
    return decision if fault is None else Deny(f"the approver's {type(decision).__name__} cannot be used: {fault}")


def _fault_of_plan(approval: Approve) -> str | None:
    """An answer about a plan is about one run, as it stands; what it leaves undone must not look as if it were done."""
    if approval.arguments is not None:
        return "a plan has no arguments to edit"
    if approval.amendment is not None:
        return "a plan has no rule to save"
    return None if approval.scope == "once" else "a plan is approved once, and its calls are asked about in other runs"


def _fault_of_reason(reason: object) -> str | None:
    return None if isinstance(reason, str) else "reason is no text"


def _fault_of_approval(approval: Approve) -> str | None:
    fields: tuple[tuple[str, object, bool, str], ...] = (
        ("scope", approval.scope, approval.scope in ("once", "session"), "'once' or 'session'"),
        ("arguments", approval.arguments, isinstance(approval.arguments, (Mapping, NoneType)), "a mapping or None"),
        (
            "amendment",
            approval.amendment,
            approval.amendment is None or _is_rule(approval.amendment),
            "an Amendment that a question may propose, or None",
        ),
        (
            "patterns",
            approval.patterns,
            _are_patterns(approval.patterns),
            "a tuple of CallPattern, each with a count and texts",
        ),
    )
    return next(
        (f"{name} is {value!r:.80}, not {wanted}" for name, value, is_right, wanted in fields if not is_right), None
    )


def _is_rule(value: object) -> bool:
    """Say whether an amendment says what it allows: one without words, or of a shell, would allow every command."""
    if not isinstance(value, Amendment) or not _are_words(value.prefix):
        return False
    from policy.commands.amendments import proposed  # here: most answers have none

    return proposed(value.prefix) is not None


def _are_words(value: object) -> bool:
    return isinstance(value, tuple) and bool(value) and all(isinstance(word, str) and word for word in value)


def _are_patterns(value: object) -> bool:
    return isinstance(value, tuple) and all(_is_pattern(item) for item in value)


def _is_pattern(value: object) -> bool:
    if not isinstance(value, CallPattern):
        return False
    tool, count, arguments = (getattr(value, name) for name in ("tool", "count", "arguments"))  # of any type, if wrong
    if not (isinstance(tool, str) and isinstance(count, int) and isinstance(arguments, Mapping)):
        return False
    return all(isinstance(text, str) for pair in arguments.items() for text in pair)


def _kind(decision: ReviewDecision) -> ApprovalAnswer:
    if isinstance(decision, Deny):
        return "denied"
    if isinstance(decision, Abort):
        return "aborted"
    if decision.amendment is not None:
        return "approved_with_amendment"
    return "approved_for_session" if _is_remembered(decision) else "approved"
