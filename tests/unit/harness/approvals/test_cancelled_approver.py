"""An approver whose own future is cancelled denies its questions; it must not cancel the host around it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from harness import Harness, tool
from harness.types import ApprovalRequest
from policy.approval import ReviewDecision


@pytest.mark.parametrize("anyio_backend", ["asyncio"])  # trio raises Cancelled for cancelled scopes alone
async def test_a_cancelled_future_of_the_approver_is_a_denial(anyio_backend: str) -> None:
    @tool(approval="always")
    async def send(to: str) -> None:
        """Send."""

    class Dialog:
        async def decide(self, requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
            answer: asyncio.Future[Sequence[ReviewDecision]] = asyncio.get_running_loop().create_future()
            answer.cancel()
            return await answer

    async with Harness([send], approver=Dialog()) as harness:
        first, second = [await harness.run("await tools.send(to='ann')") for _ in range(2)]
    for outcome in (first, second):
        assert outcome.error is not None
        assert outcome.error.details["reason"] == "the approver was cancelled"
