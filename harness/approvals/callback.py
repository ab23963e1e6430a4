"""Questions go to a function of the embedder's own."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Sequence

import anyio
from anyio import CapacityLimiter, to_thread

from harness.types import ApprovalRequest
from policy.approval import Abort, Approve, Deny, ReviewDecision

Answer = ReviewDecision | bool
Asked = Callable[[ApprovalRequest], Answer | Awaitable[Answer]]


class CallbackApprover:
    """Asks a function of one question.

    An async function is asked all questions that arise together at once, and may be asked more while it still thinks.
    A plain function runs in a thread, so that it may block, and is asked one question after the other. When a question
    is settled without it (timeout, the run ended), an async function is cancelled; a plain one cannot be, and what it
    returns later is dropped.

    What the function raises denies all questions that were asked together.

    Args:
        function: Takes a question; returns True (approve once), False (deny) or a decision.
    """

    def __init__(self, function: Asked) -> None:
        self._function = function
        self._is_async = _is_async(function)
        self.one_at_a_time = not self._is_async

    async def decide(self, requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        """Ask the function about each.

        Raises:
            TypeError: the function returned something else than a decision or a bool.
        """
        if not self._is_async:
            return [await self._ask(request) for request in requests]
        answers: dict[str, ReviewDecision] = {}

        async def keep(request: ApprovalRequest) -> None:
            answers[request.id] = await self._ask(request)

        try:
            async with anyio.create_task_group() as tasks:
                for request in requests:
                    tasks.start_soon(keep, request)
        except ExceptionGroup as group:
            raise group.exceptions[0] from None  # what the function raised, not the group around it
        return [answers[request.id] for request in requests]

    async def _ask(self, request: ApprovalRequest) -> ReviewDecision:
        answer = self._function(request) if self._is_async else await self._ask_in_thread(request)
        return decision_of(await answer if inspect.isawaitable(answer) else answer)

    async def _ask_in_thread(self, request: ApprovalRequest) -> object:
        # A limiter of its own: people who take their time must not use up the threads that tools run in. The answer
        # travels in a list, as a plain function may give a coroutine, which trio refuses to take from a thread.
        [answer] = await to_thread.run_sync(
            lambda: [self._function(request)], abandon_on_cancel=True, limiter=CapacityLimiter(1)
        )
        return answer


def decision_of(answer: object) -> ReviewDecision:
    """Read an answer: a decision, or True for approve once and False for deny.

    Raises:
        TypeError: it is something else. A question is never approved by a value that merely counts as true.
    """
    if isinstance(answer, (Approve, Deny, Abort)):
        return answer
    if isinstance(answer, bool):
        return Approve() if answer else Deny()
    raise TypeError(f"an approver answered {answer!r}, which is neither a decision nor True or False")


def _is_async(function: object) -> bool:
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(getattr(function, "__call__", None))  # noqa: B004  # the method itself is asked, not whether there is one
