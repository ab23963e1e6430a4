"""Who answers questions about calls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from harness.types import ApprovalRequest
from policy.approval import ReviewDecision


class Approver(Protocol):
    """Answers questions. `decide` may take as long as a person does; the run's clock stands still meanwhile.

    An approver with `one_at_a_time = True` is given the next questions only after it has answered the ones before;
    without it, `decide` may be called again while an earlier call of it still waits. One with `apart = True` is given
    each question in a call of its own, so that no answer waits for another. One with `wait_s` says itself how many
    seconds a question may wait, instead of the run's `approval_wait_s`. A question that is settled in
    another way (timeout, the run ended, a session answer) cancels the call of `decide` that waits for it, once
    nothing in that call is open any more.
    """

    async def decide(self, requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        """Answer questions that arose together.

        Args:
            requests: At least one.

        Returns:
            One decision for each, in the same order.
        """
