"""From a call to the policy's word on it: validate, gather the facts, ask policy. Nothing happens here yet."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from pydantic_core import from_json, to_json

from harness.errors import CallError, DeniedError, HarnessError
from harness.tools.binding import Tool
from harness.tools.call import Call, Caller
from harness.tools.results import said
from harness.tools.snapshot import Snapshot, in_force
from harness.types import ApprovalAnswer, ApprovalRequest
from policy import approval
from policy.approval import Forbidden, NeedsApproval, Requirement, Skip, requirement
from policy.commands.verdict import CommandVerdict
from policy.effects import OWN, Effect, Executes, Reads

_T = TypeVar("_T")
_UNASKED = Skip()


@dataclass(frozen=True, slots=True)
class Considered:
    """A call with its facts and the policy's word on it.

    Attributes:
        tool: The tool.
        arguments: Validated: a private copy, as the handler takes them.
        effect: What the call would do.
        verdict: What rules and lists say of its command, or None.
        requirement: Whether it may run, must be asked about, or is forbidden.
        snapshot: What that was decided from.
    """

    tool: Tool
    arguments: object
    effect: Effect
    verdict: CommandVerdict | None
    requirement: Requirement
    snapshot: Snapshot

    def plain_arguments(self) -> dict[str, object]:
        """The arguments as plain data: a copy that nobody else holds."""
        return self.tool.plain(self.arguments)

    def keys(self, arguments: Mapping[str, object]) -> tuple[str, ...]:
        """Name what an approval of the call covers."""
        own = self.tool.approval_key
        argv: tuple[str, ...] = ()
        if isinstance(self.effect, Executes) and self.effect.command is not None:
            from policy.commands import canonical_argv  # here, as in `consider`: the readers of shells are for commands

            argv = canonical_argv(self.effect.command.argv)
        given = None if own is None else _own_word(self.tool, lambda: _as_key(own(arguments)))
        return approval.keys(self.tool.name, arguments, self.effect, own=given, argv=argv)


@dataclass(frozen=True, slots=True)
class Cleared:
    """A call that may be attempted.

    Attributes:
        considered: The call as it was decided about; exactly this is executed.
        leaves_sandbox: It runs without the sandbox.
    """

    considered: Considered
    leaves_sandbox: bool = False


async def consider(tool: Tool, given: Mapping[str, object], snapshot: Snapshot) -> Considered:
    """Validate a call's arguments, state what it would do, and decide.

    Raises:
        CallError: `tool.invalid_arguments`, or what the tool itself says of arguments it would refuse.
        DeniedError: what the tool itself refuses whatever the policy is.
    """
    arguments = tool.validated(given)
    effect = await _effect(tool, arguments, snapshot)
    if isinstance(effect, Reads) and tool.approval != "always" and tool.origin is OWN:
        return Considered(tool, arguments, effect, None, _UNASKED, snapshot)
    verdict = None
    if isinstance(effect, Executes) and effect.command is not None:
        from policy.commands import judge

        verdict = judge(effect.command, snapshot.rules)
    need = requirement(
        effect,
        policy=snapshot.settings.approval_policy,
        grants=snapshot.grants,
        network=snapshot.settings.network,
        need=tool.approval,
        origin=tool.origin,
        verdict=verdict,
    )
    return Considered(tool, arguments, effect, verdict, need, snapshot)


def private_copy(arguments: Mapping[str, object]) -> Mapping[str, object]:
    """Copy arguments that an approver gave, and may still hold. Validation says what is wrong with what is no JSON."""
    try:
        copied: dict[str, object] = from_json(to_json(dict(arguments)))
    except (ValueError, RecursionError):
        return dict(arguments)
    return copied


def outside_the_sandbox(considered: Considered) -> Considered | None:
    """The same command without its sandbox, to be asked about; None for a call that is no command."""
    effect = considered.effect
    if not isinstance(effect, Executes) or effect.command is None:
        return None
    return replace(considered, effect=Executes(replace(effect.command, is_escalated=True)))


def question(
    call: Call, caller: Caller, considered: Considered, need: NeedsApproval, *, is_retry: bool = False
) -> ApprovalRequest:
    """Write the question about a call."""
    arguments = considered.plain_arguments()
    return ApprovalRequest(
        id="q" + os.urandom(8).hex(),
        tool=considered.tool.name,
        arguments=arguments,
        keys=considered.keys(arguments),
        reason=need.reason,
        risk=considered.tool.risk,
        effect=considered.effect,
        is_retry=is_retry,
        leaves_sandbox=need.leaves_sandbox,
        line=call.line,
        excerpt="" if call.line is None else caller.excerpt_of(call.line),
        proposed_amendment=need.proposed_amendment,
        script_id=call.script_id,
    )


def question_within(
    call: Call, caller: Caller, considered: Considered, need: NeedsApproval, form: Mapping[str, object]
) -> ApprovalRequest:
    """Write a question that the tool puts itself. Nothing is remembered of its answer: it has no keys."""
    return replace(question(call, caller, considered, need), keys=(), form=form)


def forbidden(tool: Tool, need: Forbidden) -> DeniedError:
    """The error of a call that policy forbids."""
    return DeniedError(
        "policy.forbidden",
        f"tools.{tool.name} is forbidden: {need.reason}",
        hint="do without this call; nobody is asked about it",
        details={"reason": need.reason},
    )


_DENIALS: Mapping[ApprovalAnswer, tuple[str, str, str]] = {
    "denied": ("approval.denied", "was denied", "do without this call, or do what the reason asks for"),
    "timed_out": ("approval.timeout", "was not approved in time", "do without this call"),
    "aborted": ("approval.aborted", "was refused, and the whole run with it", "ask the user what is wanted"),
}


def denial(tool: str, answer: ApprovalAnswer, reason: str) -> DeniedError:
    """The error of a call, or of a plan, that was not approved."""
    code, happened, hint = _DENIALS[answer]
    subject = f"tools.{tool}" if tool else "the plan of the script"
    text = f"{subject} {happened}" + (f": {reason}" if reason else "")
    return DeniedError(code, text, hint=hint, details={"reason": reason})


async def _effect(tool: Tool, arguments: object, snapshot: Snapshot) -> Effect:
    with in_force(snapshot):
        stated = _own_word(tool, lambda: tool.effect_of(arguments, snapshot.grants))
        if inspect.isawaitable(stated):
            try:
                stated = await stated
            except HarnessError:
                raise
            except Exception as error:
                raise _failure(tool, error) from error
    if not isinstance(stated, Effect):
        raise _failure(tool, TypeError(f"its effect is {type(stated).__name__}, and none of policy.effects"))
    return stated


def _as_key(given: object) -> str:
    """A key as text. What a missing argument gives is none: it would be equal for calls that have nothing in common."""
    if isinstance(given, bool) or not isinstance(given, (str, int)):
        raise TypeError(f"its approval_key gave {given!r:.80}, which is no text")
    return str(given)


def _own_word(tool: Tool, ask: Callable[[], _T]) -> _T:
    """What a tool's own function says; whatever it raises is that tool's failure."""
    try:
        return ask()
    except HarnessError:
        raise
    except Exception as error:
        raise _failure(tool, error) from error


def _failure(tool: Tool, error: Exception) -> CallError:
    return CallError("tool.failed", said(tool.name, error), details={"exception": type(error).__name__})
