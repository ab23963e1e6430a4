"""The calls that are executed are a subset of what was decided, whatever the script does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import anyio
import anyio.lowlevel
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness import Harness, tool
from harness.types import ApprovalRequest
from policy.approval import Abort, Approve, CallPattern, Deny, ReviewDecision

EXECUTED: Counter[int] = Counter()


@tool(approval="always")
async def act(n: int) -> int:
    """Do something that is asked about."""
    EXECUTED[n] += 1
    return n


@tool(approval="always", parallel=False)
async def act_alone(n: int) -> int:
    """The same, one at a time."""
    EXECUTED[n] += 1
    return n


STATEMENTS = st.sampled_from(
    [
        "await tools.{tool}(n={n})",
        "kept.append(asyncio.create_task(tools.{tool}(n={n})))",
        "await asyncio.gather(*[tools.{tool}(n={n} + i % 2) for i in range(3)], return_exceptions=True)",
        "made = tools.{tool}(n={n})",
        "try:\n    await asyncio.wait_for(tools.{tool}(n={n}), 0.001)\nexcept Exception:\n    pass",
        "try:\n    await tools.{tool}(n={n})\nexcept ToolError:\n    await tools.{tool}(n={n} + 1)",
        "if kept:\n    kept.pop().cancel()",
        "await asyncio.sleep(0)",
        "async for x in stream({n}):\n    pass",
    ]
)
SCRIPTS = st.lists(
    st.tuples(STATEMENTS, st.sampled_from(["act", "act_alone"]), st.integers(0, 3)), min_size=1, max_size=8
).map(
    lambda lines: (
        "import asyncio\nkept = []\nasync def stream(n):\n    yield await tools.act(n=n)\n"
        + "\n".join(statement.format(tool=name, n=n) for statement, name, n in lines)
    )
)
DECISIONS = st.one_of(
    st.builds(Approve, scope=st.sampled_from(["once", "session"])),
    st.builds(Approve, arguments=st.fixed_dictionaries({"n": st.integers(10, 12)})),
    st.builds(Deny),
    st.builds(Abort),
)


class _Recording:
    """Answers from a list, round and round, and keeps what it approved: how often, or for good."""

    def __init__(self, decisions: Sequence[ReviewDecision], *, one_at_a_time: bool) -> None:
        self.one_at_a_time = one_at_a_time
        self._decisions = decisions
        self._asked = 0
        self.allowed: Counter[int] = Counter()
        self.for_good: set[tuple[str, int]] = set()

    async def decide(self, requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        await anyio.lowlevel.checkpoint()
        return [self._decided(request) for request in requests]

    def _decided(self, request: ApprovalRequest) -> ReviewDecision:
        decision = self._decisions[self._asked % len(self._decisions)]
        self._asked += 1
        if isinstance(decision, Approve):
            self._allow(request, decision)
        return decision

    def _allow(self, request: ApprovalRequest, decision: Approve) -> None:
        n = int(str((decision.arguments or request.arguments).get("n", -1)))
        self.allowed[n] += request.calls
        if decision.scope == "session":
            self.for_good.add((request.tool, n))


@pytest.mark.parametrize("one_at_a_time", [False, True])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(source=SCRIPTS, decisions=st.lists(DECISIONS, min_size=1, max_size=5))
def test_what_runs_was_approved(one_at_a_time: bool, source: str, decisions: list[ReviewDecision]) -> None:
    """Promise: the calls executed are a subset of what was decided, whatever the script does."""
    EXECUTED.clear()
    approver = _Recording(decisions, one_at_a_time=one_at_a_time)

    async def run() -> None:
        async with Harness([act, act_alone], approver=approver, pool_size=0) as harness:
            await harness.run(source)

    anyio.run(run)
    good = {n for _, n in approver.for_good}
    assert all(count <= approver.allowed[n] for n, count in EXECUTED.items() if n not in good)


@settings(max_examples=20, deadline=None)
@given(source=SCRIPTS, count=st.integers(0, 4), numbers=st.sampled_from(["*", "[01]", "2"]))
def test_what_runs_stood_in_the_plan_or_under_its_pattern(source: str, count: int, numbers: str) -> None:
    """Promise: only calls that stood literally in the plan, or fall under a pattern and a count, go unasked."""
    EXECUTED.clear()
    literal: set[int] = set()

    async def run() -> None:
        approver = _Plan(literal, CallPattern("act", count, {"n": numbers}))
        async with Harness([act, act_alone], approver=approver, pool_size=0) as harness:
            await harness.run(source, plan_approval=True)

    anyio.run(run)
    beyond = sum(number for n, number in EXECUTED.items() if n not in literal)
    assert beyond <= count


class _Plan:
    """Approves the plan with a pattern, and nothing else."""

    def __init__(self, literal: set[int], pattern: CallPattern) -> None:
        self._literal = literal
        self._pattern = pattern

    async def decide(self, requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        return [self._decided(request) for request in requests]

    def _decided(self, request: ApprovalRequest) -> ReviewDecision:
        if request.plan is None:
            return Deny("it was not in the plan")
        self._literal.update(int(str(call.arguments["n"])) for call in request.plan.calls if call.arguments)
        return Approve(patterns=(self._pattern,))
