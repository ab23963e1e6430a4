"""Questions that a list written beforehand answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from harness.approvals.approver import Approver
from harness.types import ApprovalRequest
from policy.approval import Approve, CallPattern, Deny, ReviewDecision


@dataclass(frozen=True, slots=True)
class Allowed:
    """Calls that are approved whenever they ask.

    Attributes:
        tool: A glob of tool names, matched case-sensitively.
        arguments: A glob for each argument that matters; text matches it case-sensitively, other values by their JSON.
            They are matched as the call gives them: `src/*` covers `src/../../x` too. Where files may lie is for the
            sandbox policy to say, and which commands may run for command rules. A command that sets variables is
            covered only if `env` is named.
        leaves_sandbox: Also where an approval runs the call without the sandbox.
    """

    tool: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    leaves_sandbox: bool = False

    def covers(self, request: ApprovalRequest) -> bool:
        """Say whether the question is about such a call."""
        if request.plan is not None or ((request.leaves_sandbox or request.is_retry) and not self.leaves_sandbox):
            return False
        pattern = CallPattern(request.tool, count=1, arguments=self.arguments)
        fits = pattern.matches(request.tool, request.arguments, effect=request.effect)
        return fits and fnmatchcase(request.tool, self.tool)

    def __str__(self) -> str:
        globs = ", ".join(f"{name}={glob}" for name, glob in self.arguments.items())
        return f"{self.tool}({globs})" if globs else self.tool


class AllowList:
    """Approves what it lists, once each, and denies everything else or passes it on.

    A question about a whole plan is never on the list.

    Args:
        allowed: Calls; a text is a glob of tool names.
        keys: Keys of earlier questions (`ApprovalRequest.keys`); a question is covered when all of its own are there.
            No keys cover a retry without the sandbox.
        otherwise: Who answers the other questions; without one they are denied, with the list as the reason.
    """

    def __init__(self, *allowed: str | Allowed, keys: Iterable[str] = (), otherwise: Approver | None = None) -> None:
        self._allowed = tuple(Allowed(item) if isinstance(item, str) else item for item in allowed)
        self._keys = frozenset(keys)
        self._otherwise = otherwise
        self.one_at_a_time = bool(getattr(otherwise, "one_at_a_time", False))

    async def decide(self, requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        """Approve what is listed; the rest goes on together."""
        others = [request for request in requests if not self._covers(request)]
        answers = dict(zip((request.id for request in others), await self._answers_of_others(others), strict=True))
        return [answers.get(request.id, Approve()) for request in requests]

    async def _answers_of_others(self, others: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        if others and self._otherwise is not None:
            return await self._otherwise.decide(others)
        return [Deny(self._reason(request)) for request in others]

    def _covers(self, request: ApprovalRequest) -> bool:
        is_known = bool(request.keys) and self._keys.issuperset(request.keys) and not request.is_retry
        return (is_known and request.plan is None) or any(item.covers(request) for item in self._allowed)

    def _reason(self, request: ApprovalRequest) -> str:
        what = "a plan" if request.plan is not None else f"this call of {request.tool}"
        listed = ", ".join(map(str, self._allowed)) or ("calls by key" if self._keys else "nothing")
        unconfined = " without the sandbox" if request.leaves_sandbox or request.is_retry else ""
        return f"the allow list does not cover {what}{unconfined}; it covers {listed}"
