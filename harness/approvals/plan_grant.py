"""What was granted to one run ahead: calls that stood literally in its plan, and patterns with a count."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from harness.types import ApprovalRequest
from policy.approval import CallPattern


@dataclass(frozen=True, slots=True)
class LiteralCall:
    """A call whose arguments stood in the plan: its keys, and all of the arguments, as one text.

    Both must be equal. The keys tell what its words meant when the plan was asked about, and the arguments what the
    person read: the keys of a write are its files, not what is written.
    """

    keys: tuple[str, ...]
    arguments: str

    @classmethod
    def of(cls, keys: tuple[str, ...], arguments: Mapping[str, object]) -> LiteralCall:
        """Make one of validated arguments as plain data."""
        return cls(keys, json.dumps(arguments, sort_keys=True))


class PlanGrant:
    """Covers calls of one run. What it does not cover asks when it is reached.

    Args:
        literal: Calls whose arguments were literal in the plan; each covers its like, however often it comes.
        patterns: That the person granted beside them, each with a count.
    """

    def __init__(self, literal: Iterable[LiteralCall] = (), patterns: Iterable[CallPattern] = ()) -> None:
        self._literal = frozenset(literal)
        self._patterns: list[CallPattern] = []
        self._left: list[int] = []
        self.grant(patterns)

    def grant(self, patterns: Iterable[CallPattern]) -> None:
        """Take patterns that a person granted."""
        for pattern in patterns:
            self._patterns.append(pattern)
            self._left.append(pattern.count)

    def covers(self, request: ApprovalRequest) -> bool:
        """Say whether a call goes unasked. One that falls under a pattern uses up one of its count.

        What its sandbox denied a call, no plan has foreseen: a retry without it is never covered.
        """
        if request.is_retry:
            return False
        if request.keys and LiteralCall.of(request.keys, request.arguments) in self._literal:
            return True
        for index, pattern in enumerate(self._patterns):
            fits = pattern.matches(
                request.tool, request.arguments, effect=request.effect, leaves_sandbox=request.leaves_sandbox
            )
            if fits and self._left[index] > 0:
                self._left[index] -= 1
                return True
        return False
