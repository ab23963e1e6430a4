"""The one way of a call: known? valid? then requirement, question, attempt, and the record.

A script's calls and structured calls both come through here. What is decided about is a private copy of the arguments,
and exactly that is executed: nothing that the script, the worker or an approver does later changes it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import Literal

import anyio

from harness.approvals.plan_grant import LiteralCall, PlanGrant
from harness.approvals.questions import Answer, Questions, with_fields
from harness.errors import CallError, ConfigError, DeniedError, HarnessError
from harness.tools.binding import Tool, ToolContext
from harness.tools.call import Call, Caller, Result, cancelled, record_of
from harness.tools.decision import (
    Cleared,
    Considered,
    consider,
    denial,
    forbidden,
    outside_the_sandbox,
    private_copy,
    question,
    question_within,
)
from harness.tools.recorder import UNRECORDED, Recorder
from harness.tools.registry import Registry, not_exposed
from harness.tools.results import parsed, said, serialized
from harness.tools.snapshot import Snapshot, in_force
from harness.types import ApprovalAnswer, ApprovalRequest, CallRecord, PlannedCall, PlannedDecision
from policy.approval import Abort, Approve, Deny, Forbidden, NeedsApproval, question_of_call, wants_retry
from policy.commands.verdict import Amendment

_MOST_EDITS = 5


class Orchestrator:
    """Takes calls through the pipeline. One for a harness, shared by its runs.

    Args:
        registry: The tools.
        questions: Who is asked.
        recorder: Keeps the audit record.
        snapshot: Tells what decides now about callers that bring no snapshot of their own; each call keeps to what it
            was told at its start.
        amend: Saves a command rule that a person approved.
    """

    def __init__(
        self,
        registry: Registry,
        questions: Questions,
        recorder: Recorder,
        *,
        snapshot: Callable[[], Snapshot],
        amend: Callable[[Amendment], None],
    ) -> None:
        self.recorder = recorder
        self._registry = registry
        self._questions = questions
        self._snapshot = snapshot
        self._amend = amend
        self._alone = anyio.Lock()

    async def perform(self, call: Call, caller: Caller) -> Result:
        """Take one call through the pipeline. Never raises but for the caller's own cancellation.

        Args:
            call: What was asked for.
            caller: Who asks.
        """
        try:
            result = await self._performed(call, caller)
            self.recorder.call(call, result.record)
        except anyio.get_cancelled_exc_class():
            self.recorder.lost_call(call, cancelled(call, started=caller.started))
            raise
        except ConfigError as error:  # what cannot be recorded must not go on
            caller.listener.aborted(error)
            return Result(record_of(call, started=caller.started, error=error))
        return result

    def refuse(self, call: Call, error: HarnessError) -> CallRecord:
        """Record a structured call that cannot be made, and return its record."""
        record = record_of(call, started=None, error=error)
        try:
            self.recorder.call(call, record)
        except ConfigError as unrecorded:
            return record_of(call, started=None, error=unrecorded)
        return record

    async def review_plan(
        self, planned: Sequence[tuple[str, Mapping[str, object]]], request: ApprovalRequest, caller: Caller
    ) -> tuple[Answer, PlanGrant]:
        """Ask once about a whole plan.

        Args:
            planned: Tool and arguments of every call whose arguments are literal in the plan.
            request: The question; its keys are filled in here.
            caller: Whose run it is.

        Returns:
            The answer, and what it covers.
        """
        snapshot = (caller.snapshot or self._snapshot)()
        stated = [await self._literal_call(tool, arguments, snapshot) for tool, arguments in planned]
        literal = [call for call in stated if call is not None]
        asked = replace(request, keys=tuple(dict.fromkeys(key for call in literal for key in call.keys)))
        caller.listener.asked(None, asked)
        answer = await self._questions.ask(asked, session=caller.session, wait_s=caller.limits.approval_wait_s)
        await caller.listener.answered(None, asked, answer)
        self.recorder.plan(asked, answer.kind, answer.reason, answer.granted)
        return answer, PlanGrant(literal, answer.granted)

    async def foreseen(self, planned: Sequence[PlannedCall], caller: Caller) -> tuple[PlannedDecision, ...]:
        """Say what would be done about calls of a plan, decided as real calls are. Nothing is asked or executed."""
        snapshot = (caller.snapshot or self._snapshot)()
        return tuple([await self._foreseen(call, caller, snapshot) for call in planned])

    async def tried(self, call: Call, caller: Caller) -> HarnessError:
        """Decide about a structured call in a dry run, and return why it is not made."""
        snapshot = (caller.snapshot or self._snapshot)()
        try:
            decision, reason = await self._decision(call.tool, call.arguments, caller, snapshot)
        except HarnessError as error:
            return error
        would = {"run": "it would run", "ask": "a person would be asked", "forbid": "it would be forbidden"}[decision]
        return ConfigError(
            "harness.disabled",
            f"tools.{call.tool} was not called, because this is a dry run; {would}" + (f": {reason}" if reason else ""),
            hint="nothing is executed here; whoever runs this harness can enable it",
            details={"decision": decision, "reason": reason},
        )

    async def _foreseen(self, call: PlannedCall, caller: Caller, snapshot: Snapshot) -> PlannedDecision:
        if call.arguments is None:
            return PlannedDecision(call.tool, call.line, "depends", "its arguments are known only when it runs")
        try:
            decision, reason = await self._decision(call.tool, call.arguments, caller, snapshot)
        except DeniedError as error:
            return PlannedDecision(call.tool, call.line, "forbid", error.message)
        except HarnessError as error:
            return PlannedDecision(
                call.tool, call.line, "depends", f"as things are now, it would fail: {error.message}"
            )
        return PlannedDecision(call.tool, call.line, decision, reason)

    async def _decision(
        self, name: str, arguments: Mapping[str, object], caller: Caller, snapshot: Snapshot
    ) -> tuple[Literal["run", "ask", "forbid"], str]:
        """Say what would be done about a call, and why.

        Raises:
            CallError, DeniedError: what the call would end with before anybody was asked.
        """
        considered = await consider(self._tool(name, snapshot), arguments, snapshot)
        need = considered.requirement
        if isinstance(need, Forbidden):
            return "forbid", need.reason
        if not isinstance(need, NeedsApproval):
            return "run", ""
        if self._questions.is_remembered(caller.session, considered.keys(considered.plain_arguments())):
            return "run", "an answer of this session covers it"
        return "ask", need.reason

    def _tool(self, name: str, snapshot: Snapshot) -> Tool:
        """Find a tool that calls may use.

        Raises:
            CallError: `tool.not_found`, `tool.not_exposed`.
        """
        tool = self._registry.find(name)
        if name in snapshot.hidden_tools:
            raise not_exposed(name)
        return tool

    async def _literal_call(self, name: str, arguments: Mapping[str, object], snapshot: Snapshot) -> LiteralCall | None:
        """What the approval of a plan says of a call in it; nothing of one that fails, is forbidden, or asks nobody."""
        try:
            considered = await consider(self._tool(name, snapshot), arguments, snapshot)
            if not isinstance(considered.requirement, NeedsApproval):
                return None
            plain = considered.plain_arguments()
            return LiteralCall.of(considered.keys(plain), plain)
        except HarnessError:
            return None  # the call itself will say so, if it is ever made

    async def _performed(self, call: Call, caller: Caller) -> Result:
        try:
            value_json = await self._decided_and_attempted(call, caller)
            result = parsed(call.tool, value_json)
        except HarnessError as error:
            if error.code == UNRECORDED:
                raise
            return Result(record_of(call, started=caller.started, error=error))
        return Result(record_of(call, started=caller.started, result=result), value_json)

    async def _decided_and_attempted(self, call: Call, caller: Caller) -> bytes:
        cleared = await self._decide(call, caller)
        denials: list[str] = []
        value = await self._attempt(call, caller, cleared, denials)
        if denials and not cleared.leaves_sandbox:
            again = await self._decide_retry(call, caller, cleared.considered, denials)
            if again is not None:
                value = await self._attempt(call, caller, again, [])
        return serialized(call.tool, value, caller.limits.result_bytes)

    async def _decide(self, call: Call, caller: Caller) -> Cleared:
        """Decide about a call, from the start again when a person edits its arguments.

        Raises:
            CallError: `tool.not_found`, `tool.not_exposed`, `tool.invalid_arguments`.
            DeniedError: `policy.forbidden`, `approval.denied`, `approval.timeout`, `approval.aborted`.
        """
        answered: tuple[str, bool] | None = None
        for _ in range(_MOST_EDITS):
            snapshot = (caller.snapshot or self._snapshot)()
            tool = self._tool(call.tool, snapshot)
            considered = await consider(tool, call.arguments, snapshot)
            need = considered.requirement
            if isinstance(need, Forbidden):
                self.recorder.decision(call, considered, "forbidden")
                raise forbidden(tool, need)
            if not isinstance(need, NeedsApproval):
                self.recorder.decision(call, considered, call.approval or "unasked")
                return Cleared(considered, need.bypass_sandbox)
            if (
                need.reason,
                need.leaves_sandbox,
            ) == answered:  # who edited the arguments has answered just this question about them
                self.recorder.decision(call, considered, call.approval or "approved")
                return Cleared(considered, need.leaves_sandbox)
            approved = await self._ask(call, caller, considered, question(call, caller, considered, need))
            if approved is None or approved.arguments is None:
                return Cleared(considered, need.leaves_sandbox)
            call.arguments, answered = private_copy(approved.arguments), (need.reason, need.leaves_sandbox)
        raise DeniedError("approval.denied", f"the arguments of tools.{call.tool} were edited {_MOST_EDITS} times")

    async def _decide_retry(
        self, call: Call, caller: Caller, considered: Considered, denials: Sequence[str]
    ) -> Cleared | None:
        """Ask whether what its sandbox denied something may run once without; None when it may not."""
        outside = outside_the_sandbox(considered)
        if outside is None or not wants_retry(considered.snapshot.settings.approval_policy):
            return None
        need = NeedsApproval("the sandbox denied it something: " + "; ".join(denials), leaves_sandbox=True)
        try:
            approved = await self._ask(call, caller, outside, question(call, caller, outside, need, is_retry=True))
        except DeniedError as error:
            if error.code == "approval.aborted":
                raise
            return None  # the result of the first attempt stands, and says what was denied
        if approved is None or approved.arguments is None:
            return Cleared(outside, leaves_sandbox=True)
        call.arguments = private_copy(approved.arguments)
        return await self._decide(call, caller)  # another call: decided from the start, in the sandbox unless it asks

    async def _ask(
        self, call: Call, caller: Caller, considered: Considered, request: ApprovalRequest
    ) -> Approve | None:
        """Return a person's approval, or None when an earlier one covers the call.

        Raises:
            DeniedError: `approval.denied`, `approval.timeout`, `approval.aborted`.
        """
        call.approval = self._earlier_answer(caller, request)
        if call.approval is not None:
            self.recorder.decision(call, considered, call.approval, request=request)
            return None
        answer = await self._put(call, caller, request)
        call.approval = answer.kind
        self.recorder.decision(
            call, considered, answer.kind, request=request, reason=answer.reason, granted=answer.granted
        )
        decision = answer.decision
        if isinstance(decision, Approve):
            if decision.amendment is not None:
                self._amend(decision.amendment)
            if answer.granted:
                caller.plan_grant = caller.plan_grant or PlanGrant()
                caller.plan_grant.grant(answer.granted)
            return decision
        error = denial(call.tool, answer.kind, answer.reason)
        if isinstance(decision, Abort):
            caller.listener.aborted(error)
        raise error

    def _earlier_answer(self, caller: Caller, request: ApprovalRequest) -> ApprovalAnswer | None:
        if self._questions.is_remembered(caller.session, request.keys):
            return "remembered"
        grant = caller.plan_grant
        return "planned" if grant is not None and grant.covers(request) else None

    async def _put(self, call: Call, caller: Caller, request: ApprovalRequest) -> Answer:
        """Put a question, and let the run know that its call waits for a person meanwhile."""
        caller.listener.asked(call, request)
        answer = Answer(Deny("the call was cancelled"), "cancelled")
        try:
            answer = await self._questions.ask(request, session=caller.session, wait_s=caller.limits.approval_wait_s)
            answer = with_fields(answer, request)
        finally:
            await caller.listener.answered(call, request, answer)
        return answer

    async def _ask_within(
        self, call: Call, caller: Caller, considered: Considered, reason: str, form: Mapping[str, object] | None
    ) -> Approve | Deny:
        """Put a question that the tool itself asks while it runs.

        Raises:
            DeniedError: `approval.aborted`.
        """
        tool, policy = considered.tool, considered.snapshot.settings.approval_policy
        need = question_of_call(reason, policy, tool.origin)
        if isinstance(need, Forbidden):
            self.recorder.decision(call, considered, "forbidden", reason=need.reason)
            return Deny(need.reason)
        request = question_within(call, caller, considered, need, form or {})
        answer = await self._put(call, caller, request)
        decision = answer.decision
        filled = decision.arguments if isinstance(decision, Approve) else None
        self.recorder.decision(
            call,
            considered,
            answer.kind,
            request=request,
            reason=answer.reason,
            granted=answer.granted,
            filled=filled,
        )
        if isinstance(decision, Abort):
            error = denial(call.tool, answer.kind, answer.reason)
            caller.listener.aborted(error)
            raise error
        return decision

    async def _attempt(self, call: Call, caller: Caller, cleared: Cleared, denials: list[str]) -> object:
        if cleared.considered.tool.parallel:
            return await self._handled(call, caller, cleared, denials)
        async with self._alone:
            return await self._handled(call, caller, cleared, denials)

    async def _handled(self, call: Call, caller: Caller, cleared: Cleared, denials: list[str]) -> object:
        considered = cleared.considered
        caller.listener.started(call)
        try:
            with in_force(considered.snapshot), nullcontext() if caller.around is None else caller.around(call.id):
                return await considered.tool.invoke(
                    considered.arguments, lambda: self._context(call, caller, cleared, denials)
                )
        except HarnessError:
            raise
        except TimeoutError as error:
            raise CallError("tool.timeout", said(call.tool, error), retryable=True) from error
        except (Exception, SystemExit) as error:  # whatever a tool raises is the tool's failure, not the run's
            details = {"exception": type(error).__name__, **self.recorder.failure(call, error)}
            raise CallError("tool.failed", said(call.tool, error), details=details) from error

    def _context(self, call: Call, caller: Caller, cleared: Cleared, denials: list[str]) -> ToolContext:
        considered, listener = cleared.considered, caller.listener
        turn = anyio.Lock()

        async def ask(reason: str, form: Mapping[str, object] | None = None) -> Approve | Deny:
            async with turn:  # a call waits for one question at a time
                return await self._ask_within(call, caller, considered, reason, form)

        return ToolContext(
            call_id=call.id,
            script_id=call.script_id,
            line=call.line,
            deadline=None if caller.time_left_s is None else max(0.0, caller.time_left_s()),
            idempotency_key=f"{call.script_id}:{call.id}",
            progress=lambda message: listener.call_progressed(call, message),
            emit_delta=lambda stream, text: listener.delta(call, stream, text),
            grants=considered.snapshot.grants_for(considered.effect, leaves_sandbox=cleared.leaves_sandbox),
            report_denied=denials.extend,
            is_exposed=lambda name: name not in considered.snapshot.hidden_tools,
            ask=ask,
        )
