"""Questions that a tool puts while it runs: shown, recorded, timed and denied like every other one."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from harness import (
    Abort,
    ApprovalRequest,
    Approve,
    CallbackApprover,
    Deny,
    Harness,
    Outcome,
    ReviewDecision,
    ToolContext,
    tool,
)
from harness.events import ApprovalRequested, ApprovalResolved, RunFinished

FORM = {
    "type": "object",
    "properties": {"age": {"type": "integer", "minimum": 0}, "unit": {"type": "string", "default": "years"}},
    "required": ["age"],
}


@tool
async def ask_age(name: str, context: ToolContext) -> object:
    """Ask how old somebody is."""
    decision = await context.ask(f"how old is {name}?", FORM)
    return decision.arguments if isinstance(decision, Approve) else decision.reason


@tool
async def confirm(context: ToolContext) -> object:
    """Ask for a yes."""
    decision = await context.ask("really?")
    return "yes" if isinstance(decision, Approve) else decision.reason


async def run(source: str, answer: ReviewDecision, **options: object) -> tuple[Outcome, list[ApprovalRequest]]:
    asked: list[ApprovalRequest] = []

    def decide(request: ApprovalRequest) -> ReviewDecision:
        asked.append(request)
        return answer

    harness = Harness([ask_age, confirm], approver=CallbackApprover(decide), **options)  # type: ignore[arg-type]
    async with harness:
        return await harness.run(source), asked


async def test_the_fields_of_an_answer_reach_the_tool_with_the_defaults_of_the_others() -> None:
    outcome, [request] = await run("return await tools.ask_age(name='ann')", Approve(arguments={"age": 30}))
    assert outcome.value == {"age": 30, "unit": "years"}
    assert (request.tool, request.reason, request.form) == ("ask_age", "how old is ann?", FORM)
    assert request.arguments == {"name": "ann"}
    assert request.line == 1


async def test_a_question_without_a_form_is_answered_by_yes() -> None:
    outcome, [request] = await run("return await tools.confirm()", Approve())
    assert outcome.value == "yes"
    assert request.form == {}


@pytest.mark.parametrize("answer", [Approve(), Approve(arguments={"age": "old"}), Approve(arguments={"age": -1})])
async def test_an_answer_that_does_not_fit_the_form_is_a_denial_that_says_so(answer: Approve) -> None:
    outcome, _ = await run("return await tools.ask_age(name='ann')", answer)
    assert str(outcome.value).startswith("the answer does not fit what was asked for: ")
    assert "age" in str(outcome.value)


async def test_a_denial_reaches_the_tool() -> None:
    outcome, _ = await run("return await tools.confirm()", Deny("not today"))
    assert outcome.value == "not today"


async def test_an_abort_ends_the_run() -> None:
    outcome, _ = await run("try:\n    await tools.confirm()\nexcept ToolError:\n    return 'went on'", Abort("enough"))
    assert outcome.error is not None
    assert outcome.error.code == "approval.aborted"


@pytest.mark.parametrize("policy", ["never", {"request_permissions": False}, {"reject": {"request_permissions": True}}])
async def test_a_policy_that_puts_no_such_questions_denies_them_unasked(policy: object) -> None:
    outcome, asked = await run("return await tools.confirm()", Approve(), settings={"approval_policy": policy})
    assert outcome.value.startswith("really?, and the approval policy")  # type: ignore[union-attr]
    assert not asked


async def test_nobody_to_ask_is_a_denial() -> None:
    async with Harness([confirm]) as harness:
        outcome = await harness.run("return await tools.confirm()")
    assert outcome.value == "there is nobody to ask: this harness has no approver"


async def test_questions_of_one_call_come_one_after_the_other_and_the_clock_stands_still() -> None:
    import anyio

    open_now = 0

    class Slow:
        async def decide(self, requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
            nonlocal open_now
            open_now += len(requests)
            assert open_now == 1
            await anyio.sleep(0.4)
            open_now -= len(requests)
            return [Approve()] * len(requests)

    @tool
    async def two(context: ToolContext) -> str:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(context.ask, "first?")
            tasks.start_soon(context.ask, "second?")
        return "done"

    async with Harness([two], approver=Slow(), limits={"wall_time_s": 0.6}) as harness:
        outcome = await harness.run("return await tools.two()")
    assert outcome.value == "done"
    assert outcome.usage.waiting_s > 0.6


async def test_they_are_events_and_stand_in_the_record(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    approver = CallbackApprover(lambda request: Approve(arguments={"age": 3}))
    async with Harness([ask_age], approver=approver, audit=path) as harness:
        events = [event async for event in harness.stream("return await tools.ask_age(name='ann')")]
    asked = [event for event in events if isinstance(event, ApprovalRequested)]
    answered = [event for event in events if isinstance(event, ApprovalResolved)]
    assert [event.request.id for event in asked] == [event.request_id for event in answered]
    assert isinstance(events[-1], RunFinished)
    assert events[-1].outcome.ok
    decisions = [record for record in map(json.loads, path.read_text().splitlines()) if record["kind"] == "decision"]
    assert [(item["why"], item["answer"], item.get("filled")) for item in decisions] == [
        ("", "unasked", None),
        ("how old is ann?", "approved", {"age": 3, "unit": "years"}),
    ]
