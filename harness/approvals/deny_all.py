"""Nobody is asked: every question is a denial."""

from __future__ import annotations

from collections.abc import Sequence

from harness.types import ApprovalRequest
from policy.approval import Deny, ReviewDecision


class DenyAll:
    """Denies every question at once.

    Args:
        reason: Reaches the script with the question's own reason.
    """

    def __init__(self, reason: str = "nobody can be asked here") -> None:
        self._reason = reason

    async def decide(self, requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        """Deny each."""
        return [Deny(self._reason) for _ in requests]
