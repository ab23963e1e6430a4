"""A run stands at its question while requests come and go, and nothing of it is executed twice."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator

import anyio
import pytest

from harness import Harness, Outcome, ParkedRuns, Suspended, tool
from harness.errors import ConfigError, RunError
from harness.testing import ScriptedApprover
from policy.approval import Abort, Approve, CallPattern, Deny, ReviewDecision
from tests.integration.integration_tools import SENT, forget, send

pytestmark = pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])

LOOKED: list[float] = []


@tool
async def look(after_s: float = 0.0) -> float:
    """Look, without being asked about."""
    await anyio.sleep(after_s)
    LOOKED.append(after_s)
    return after_s


@pytest.fixture
async def parked() -> AsyncIterator[ParkedRuns]:
    forget()
    LOOKED.clear()
    async with ParkedRuns() as runs:
        yield runs


@pytest.fixture
async def harness(parked: ParkedRuns) -> AsyncIterator[Harness]:
    async with Harness(tools=[send, look], approver=parked) as opened:
        yield opened


ONE = 'return await tools.send(to="a")'
TWELVE = "import asyncio\nreturn await asyncio.gather(*(tools.send(to=str(i)) for i in range(12)))"
LOOP = "return [await tools.send(to=str(i)) for i in range(12)]"


def suspended(step: Outcome | Suspended) -> Suspended:
    assert isinstance(step, Suspended), step
    return step


def over(step: Outcome | Suspended) -> Outcome:
    assert isinstance(step, Outcome), step
    return step


def all_of(step: Suspended, decision: ReviewDecision) -> dict[str, ReviewDecision]:
    return {request.id: decision for request in step.requests}


async def test_a_run_is_resumed_where_it_stood(harness: Harness, parked: ParkedRuns) -> None:
    script = 'print("once"); first = await tools.look()\nreturn [first, await tools.send(to="a")]'
    step = suspended(await parked.start(harness, script, caller="me"))
    assert [(request.tool, request.line) for request in step.requests] == [("send", 2)]
    assert SENT == []
    outcome = over(await parked.resume(step.run_id, source=script, caller="me", decisions=all_of(step, Approve())))
    assert (outcome.value, outcome.logs, SENT, LOOKED) == ([0.0, "sent to a"], "once\n", ["a"], [0.0])


async def test_a_run_without_questions_is_over_at_once(harness: Harness, parked: ParkedRuns) -> None:
    assert over(await parked.start(harness, "return 1", caller="me")).value == 1


async def test_a_gather_of_twelve_is_one_suspension(harness: Harness, parked: ParkedRuns) -> None:
    step = suspended(await parked.start(harness, TWELVE, caller="me"))
    assert sorted(str(request.arguments["to"]) for request in step.requests) == sorted(map(str, range(12)))
    outcome = over(await parked.resume(step.run_id, source=TWELVE, caller="me", decisions=all_of(step, Approve())))
    assert outcome.value == [f"sent to {i}" for i in range(12)]


async def test_a_loop_of_twelve_is_one_answer(harness: Harness, parked: ParkedRuns) -> None:
    step = suspended(await parked.start(harness, LOOP, caller="me"))
    answer = Approve(patterns=(CallPattern("send", 11, {"to": "*"}),))
    outcome = over(await parked.resume(step.run_id, source=LOOP, caller="me", decisions=all_of(step, answer)))
    assert len(SENT) == 12
    assert [call.approval for call in outcome.calls] == ["approved", *["planned"] * 11]


async def test_a_granted_count_is_used_up_once(harness: Harness, parked: ParkedRuns) -> None:
    # The same call twice is one question; its answer grants one further call, not one for each of the two.
    script = 'import asyncio\nawait asyncio.gather(*(tools.send(to="a") for _ in range(2)))\nreturn await tools.send(to="b"), await tools.send(to="c")'
    step = suspended(await parked.start(harness, script, caller="me"))
    assert [request.calls for request in step.requests] == [2]
    answer = Approve(patterns=(CallPattern("send", 1),))
    step = suspended(await parked.resume(step.run_id, source=script, caller="me", decisions=all_of(step, answer)))
    assert [request.arguments for request in step.requests] == [{"to": "c"}]
    assert SENT == ["a", "a", "b"]


async def test_answers_may_come_one_by_one(harness: Harness, parked: ParkedRuns) -> None:
    script = (
        'import asyncio\nreturn await asyncio.gather(tools.send(to="a"), tools.send(to="b"), return_exceptions=True)'
    )
    step = suspended(await parked.start(harness, script, caller="me"))
    first, second = step.requests
    step = suspended(await parked.resume(step.run_id, source=script, caller="me", decisions={first.id: Approve()}))
    assert ([request.id for request in step.requests], SENT) == ([second.id], [first.arguments["to"]])
    outcome = over(await parked.resume(step.run_id, source=script, caller="me", decisions={second.id: Deny("no")}))
    assert sorted(call.status for call in outcome.calls) == ["denied", "ok"]


async def test_a_call_beside_the_question_goes_on_and_may_end_first(harness: Harness, parked: ParkedRuns) -> None:
    script = 'import asyncio\nreturn await asyncio.gather(tools.send(to="a"), tools.look(after_s=0.05))'
    suspended(await parked.start(harness, script, caller="me"))
    assert LOOKED == [0.05]


async def test_a_call_beside_the_question_that_takes_long_does_not_hold_it_back(
    harness: Harness, parked: ParkedRuns
) -> None:
    script = 'import asyncio\nreturn await asyncio.gather(tools.send(to="a"), tools.look(after_s=20))'
    with anyio.fail_after(10):
        suspended(await parked.start(harness, script, caller="me"))
    assert LOOKED == []


@pytest.mark.parametrize(
    ("run_id", "source", "caller"),
    [("r-guessed", ONE, "me"), (None, ONE + " ", "me"), (None, ONE, "somebody else")],
    ids=["id", "script", "caller"],
)
async def test_what_does_not_belong_together_is_lost_and_the_run_waits_on(
    harness: Harness, parked: ParkedRuns, run_id: str | None, source: str, caller: str
) -> None:
    step = suspended(await parked.start(harness, ONE, caller="me"))
    with pytest.raises(RunError) as raised:
        await parked.resume(run_id or step.run_id, source=source, caller=caller, decisions=all_of(step, Approve()))
    assert (raised.value.code, SENT) == ("run.lost", [])
    over(await parked.resume(step.run_id, source=ONE, caller="me", decisions=all_of(step, Approve())))
    assert SENT == ["a"]


async def test_a_request_that_is_sent_again_executes_nothing_again(harness: Harness, parked: ParkedRuns) -> None:
    step = suspended(await parked.start(harness, ONE, caller="me"))
    answers = all_of(step, Approve())
    first = over(await parked.resume(step.run_id, source=ONE, caller="me", decisions=answers))
    again = over(await parked.resume(step.run_id, source=ONE, caller="me", decisions=answers))
    assert (first, SENT) == (again, ["a"])


async def test_two_requests_at_once_resume_one_run(harness: Harness, parked: ParkedRuns) -> None:
    step = suspended(await parked.start(harness, ONE, caller="me"))
    outcomes: list[Outcome] = []

    async def resume() -> None:
        outcomes.append(
            over(await parked.resume(step.run_id, source=ONE, caller="me", decisions=all_of(step, Approve())))
        )

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(resume)
        tasks.start_soon(resume)
    assert (outcomes[0], SENT) == (outcomes[1], ["a"])


async def test_the_same_key_begins_nothing_again(harness: Harness, parked: ParkedRuns) -> None:
    step = suspended(await parked.start(harness, ONE, caller="me", key="call_1"))
    again = suspended(await parked.start(harness, ONE, caller="me", key="call_1"))
    other = suspended(await parked.start(harness, ONE, caller="somebody else", key="call_1"))
    assert step.run_id == again.run_id != other.run_id
    with pytest.raises(RunError):
        await parked.start(harness, TWELVE, caller="me", key="call_1")


async def test_runs_do_not_wait_for_each_others_answers(harness: Harness, parked: ParkedRuns) -> None:
    steps: list[Suspended] = []

    async def start() -> None:
        steps.append(suspended(await parked.start(harness, ONE, caller="me")))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(start)
        tasks.start_soon(start)
    with anyio.fail_after(10):
        over(await parked.resume(steps[0].run_id, source=ONE, caller="me", decisions=all_of(steps[0], Approve())))
    assert SENT == ["a"]


async def test_a_plan_is_a_question_like_others(harness: Harness, parked: ParkedRuns) -> None:
    step = suspended(await parked.start(harness, ONE, caller="me", plan_approval=True))
    assert step.requests[0].plan is not None
    outcome = over(await parked.resume(step.run_id, source=ONE, caller="me", decisions=all_of(step, Approve())))
    assert outcome.calls[0].approval == "planned"


async def test_an_abort_ends_the_run(harness: Harness, parked: ParkedRuns) -> None:
    step = suspended(await parked.start(harness, TWELVE, caller="me"))
    answers = {step.requests[0].id: Abort("enough")}
    outcome = over(await parked.resume(step.run_id, source=TWELVE, caller="me", decisions=answers))
    assert (outcome.error is not None and outcome.error.code, SENT) == ("approval.aborted", [])


async def test_an_answer_to_a_question_never_asked_is_an_error_and_loses_nothing(
    harness: Harness, parked: ParkedRuns
) -> None:
    step = suspended(await parked.start(harness, ONE, caller="me"))
    with pytest.raises(ConfigError, match="no question 'q-other'") as raised:
        await parked.resume(step.run_id, source=ONE, caller="me", decisions={"q-other": Approve()})
    assert step.requests[0].id in str(raised.value.hint)
    over(await parked.resume(step.run_id, source=ONE, caller="me", decisions=all_of(step, Approve())))


async def test_a_run_that_waits_too_long_is_lost_and_its_call_never_runs() -> None:
    SENT.clear()
    async with ParkedRuns(ttl_s=0.2) as parked, Harness(tools=[send], approver=parked) as harness:
        step = suspended(await parked.start(harness, ONE, caller="me"))
        with anyio.fail_after(10):
            while parked._runs:  # noqa: ASYNC110  # its end is what nobody is told of
                await anyio.sleep(0.02)
        with pytest.raises(RunError) as raised:
            await parked.resume(step.run_id, source=ONE, caller="me", decisions=all_of(step, Approve()))
    assert (raised.value.code, SENT) == ("run.lost", [])


async def test_questions_of_parked_runs_do_not_time_out_before_the_run(harness: Harness, parked: ParkedRuns) -> None:
    step = suspended(await parked.start(harness, ONE, caller="me", limits={"approval_wait_s": 0.05}))
    await anyio.sleep(0.2)
    over(await parked.resume(step.run_id, source=ONE, caller="me", decisions=all_of(step, Approve())))
    assert SENT == ["a"]


async def test_so_many_runs_are_kept_and_no_more_begun() -> None:
    async with ParkedRuns(most=2) as parked, Harness(tools=[send], approver=parked) as harness:
        over(await parked.start(harness, "return 0", caller="me"))  # an outcome makes room for a run that waits
        for _ in range(2):
            suspended(await parked.start(harness, ONE, caller="me"))
        with pytest.raises(RunError) as raised:
            await parked.start(harness, ONE, caller="me")
    assert (raised.value.code, raised.value.retryable) == ("run.crowded", True)


async def test_a_run_whose_first_request_is_cancelled_ends(harness: Harness, parked: ParkedRuns) -> None:
    with anyio.move_on_after(0.3):
        await parked.start(harness, "return await tools.look(after_s=30)", caller="me")
    assert parked._runs == {}


async def test_a_stopped_run_is_lost(harness: Harness, parked: ParkedRuns) -> None:
    step = suspended(await parked.start(harness, ONE, caller="me"))
    with pytest.raises(RunError):
        parked.stop(step.run_id, caller="somebody else")
    parked.stop(step.run_id, caller="me")
    with pytest.raises(RunError):
        await parked.resume(step.run_id, source=ONE, caller="me", decisions=all_of(step, Approve()))


async def test_questions_of_no_parked_run_are_denied_or_go_to_another_approver(
    harness: Harness, parked: ParkedRuns
) -> None:
    assert (await harness.call("send", {"to": "a"})).status == "denied"
    async with (
        ParkedRuns(otherwise=ScriptedApprover([Approve()])) as others,
        Harness(tools=[send], approver=others) as second,
    ):
        assert (await second.call("send", {"to": "b"})).status == "ok"
    assert SENT == ["b"]


async def test_parked_runs_that_were_not_entered_say_so() -> None:
    parked = ParkedRuns(ttl_s=math.inf)
    async with Harness(tools=[send], approver=parked) as harness:
        with pytest.raises(ConfigError, match="not open"):
            await parked.start(harness, ONE, caller="me")


async def test_each_set_of_questions_is_told_in_order(harness: Harness, parked: ParkedRuns) -> None:
    script = 'await tools.send(to="a")\nreturn await tools.send(to="b")'
    assert parked.rounds(caller="me", key="k") is None
    first = suspended(await parked.start(harness, script, caller="me", key="k"))
    again = suspended(await parked.start(harness, script, caller="me", key="k"))
    second = suspended(await parked.resume(first.run_id, caller="me", decisions=all_of(first, Approve())))
    assert first == again
    assert parked.rounds(caller="me", key="k") == (first, second)
    assert parked.rounds(caller="somebody else", key="k") is None


async def test_a_person_answers_beside_the_caller(harness: Harness, parked: ParkedRuns) -> None:
    step = suspended(await parked.start(harness, ONE, caller="me"))
    [found] = parked.waiting()
    assert (found.run_id, found.requests) == (step.run_id, step.requests)
    outcomes: list[Outcome | Suspended] = []

    async def wait() -> None:
        outcomes.append(await parked.resume(step.run_id, caller="me", wait_s=20))

    with anyio.fail_after(10):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(wait)
            await anyio.sleep(0.05)
            parked.answer(step.run_id, all_of(step, Approve()))
    assert (over(outcomes[0]).value, parked.waiting()) == ("sent to a", ())
    with pytest.raises(RunError):
        parked.answer("r-guessed", {})


async def test_a_request_that_waits_for_answers_gives_up_in_time(harness: Harness, parked: ParkedRuns) -> None:
    step = suspended(await parked.start(harness, ONE, caller="me"))
    with anyio.fail_after(10):
        suspended(await parked.resume(step.run_id, caller="me", wait_s=0.1))


async def test_whoever_waits_hears_the_events(harness: Harness, parked: ParkedRuns) -> None:
    heard: list[str] = []
    later: list[str] = []
    step = suspended(await parked.start(harness, ONE, caller="me", on_event=lambda event: heard.append(event.kind)))
    await parked.resume(
        step.run_id, caller="me", decisions=all_of(step, Approve()), on_event=lambda event: later.append(event.kind)
    )
    assert heard[-1] == "approval_requested"
    assert later[-1] == "run_finished"
