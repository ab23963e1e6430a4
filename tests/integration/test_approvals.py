"""A script pauses at a call, a person decides on the resolved arguments, and it goes on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

import anyio
import pytest

from harness import Harness, Outcome, tool
from harness.errors import ConfigError, DeniedError
from harness.events import ApprovalRequested, ApprovalResolved, CallStarted, Event
from harness.testing import ScriptedApprover
from harness.types import ApprovalRequest
from policy.approval import Abort, Approve, CallPattern, Deny, ReviewDecision
from policy.commands import Amendment, parse_rules
from policy.limits import Limits
from policy.settings import Settings

pytestmark = pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])

Decide = Callable[[Sequence[ApprovalRequest]], Awaitable[Sequence[ReviewDecision]]]
DONE: list[dict[str, object]] = []


@pytest.fixture(autouse=True)
def _nothing_done() -> None:
    DONE.clear()


@tool(approval="always")
async def send(to: str, text: str = "hello") -> str:
    """Send a message."""
    DONE.append({"to": to, "text": text})
    return f"sent to {to}"


@tool(approval="always", approval_key=lambda arguments: str(arguments["to"]))
async def notify(to: str, text: str) -> str:
    """Notify somebody; who may be notified is what is approved."""
    DONE.append({"to": to, "text": text})
    return "ok"


@tool(parallel=False, approval="always")
async def deploy(stage: str) -> str:
    """Deploy, one at a time."""
    DONE.append({"stage": stage})
    return stage


@tool
async def look(after_s: float = 0.0) -> str:
    """Look, without being asked about."""
    await anyio.sleep(after_s)
    DONE.append({"looked": after_s})
    return "seen"


TOOLS = [send, notify, deploy, look]


class By:
    """An approver that is a function of the whole batch."""

    def __init__(self, decide: Decide, *, one_at_a_time: bool = False) -> None:
        self.decide = decide
        self.one_at_a_time = one_at_a_time


async def run(
    source: str,
    approver: object,
    *,
    limits: Mapping[str, object] | None = None,
    settings: Mapping[str, object] | None = None,
    plan_approval: bool = False,
) -> Outcome:
    async with Harness(TOOLS, approver=approver, settings=settings, pool_size=1) as harness:  # type: ignore[arg-type]
        return await harness.run(source, limits=limits, plan_approval=plan_approval)


async def test_F11_a_call_waits_for_approval_and_goes_on() -> None:
    approver = ScriptedApprover([True])
    outcome = await run("name = 'a' + 'nn'\nx = await tools.send(to=name)\nreturn x.upper()", approver)
    assert outcome.value == "SENT TO ANN"
    (request,) = approver.requests
    assert (request.tool, request.line) == ("send", 2)
    assert request.arguments == {"to": "ann", "text": "hello"}  # resolved, with the defaults
    assert request.excerpt == "x = await tools.send(to=name)"
    assert request.reason == "the tool asks for approval of every call"
    assert outcome.calls[0].approval == "approved"


async def test_F12_a_denial_is_caught_with_its_reason_and_the_script_goes_on() -> None:
    source = (
        "try:\n    await tools.send(to='all')\nexcept ToolDenied as error:\n"
        "    return [error.code, error.details['reason'], await tools.look()]"
    )
    outcome = await run(source, ScriptedApprover([Deny("not to all")]))
    assert outcome.value == ["approval.denied", "not to all", "seen"]
    assert [call.status for call in outcome.calls] == ["denied", "ok"]
    assert outcome.calls[0].approval == "denied"


async def test_a_denial_that_nobody_catches_is_the_outcomes_error() -> None:
    outcome = await run("await tools.send(to='all')", ScriptedApprover([Deny("no")]))
    assert isinstance(outcome.error, DeniedError)
    assert outcome.error.code == "approval.denied"
    assert "no" in outcome.error.message
    assert DONE == []


async def test_I05_the_question_shows_the_scripts_line_and_the_run_is_resumed() -> None:
    async with Harness(TOOLS, approver=ScriptedApprover([True])) as harness:
        events = [event async for event in harness.stream("a = 1\nreturn await tools.send(to='ann')")]
    asked = next(event for event in events if isinstance(event, ApprovalRequested))
    assert (asked.request.line, asked.request.excerpt) == (2, "return await tools.send(to='ann')")
    kinds = [event.kind for event in events]
    order = ["call_requested", "approval_requested", "approval_resolved", "call_started", "call_finished"]
    assert [kind for kind in kinds if kind in order] == order
    resolved = next(event for event in events if isinstance(event, ApprovalResolved))
    assert (resolved.answer, resolved.request_id) == ("approved", asked.request.id)


class Late:
    """An approver with a time of its own."""

    def __init__(self, wait_s: object) -> None:
        self.wait_s = wait_s

    async def decide(self, requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        return [Approve()] * len(requests)


@pytest.mark.parametrize(
    "approver",
    [object(), lambda request: True, ScriptedApprover, Late("5"), Late(-1), Late(float("nan"))],
    ids=["object", "function", "class", "text for wait_s", "negative wait_s", "no number for wait_s"],
)
async def test_what_cannot_be_asked_is_no_approver(approver: object) -> None:
    """The model would hear of it as a person's denial, and the host never."""
    with pytest.raises(ConfigError) as caught:
        Harness(TOOLS, approver=approver)  # type: ignore[arg-type]  # wrong on purpose
    assert caught.value.code == "config.invalid"
    assert "approver" in caught.value.message
    assert caught.value.hint


async def test_an_approver_may_leave_its_time_open() -> None:
    assert (await run("return await tools.send(to='ann')", Late(None))).ok


@pytest.mark.parametrize("raised", [SystemExit(3), ValueError("odd")], ids=repr)
async def test_an_approver_that_fails_denies_and_ends_no_host(raised: BaseException) -> None:
    async def fail(requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        raise raised

    outcome = await run("await tools.send(to='ann')", By(fail))
    assert outcome.error is not None
    assert outcome.error.details["reason"] == f"the approver failed: {type(raised).__name__}"


async def test_without_an_approver_a_question_is_a_denial_that_says_so() -> None:
    outcome = await run("await tools.send(to='ann')", None)
    assert outcome.error is not None
    assert outcome.error.code == "approval.denied"
    assert "no approver" in outcome.error.message
    assert DONE == []


async def test_an_abort_ends_the_run_and_what_runs_beside() -> None:
    source = (
        "import asyncio\ntry:\n    await asyncio.gather(tools.look(after_s=20), tools.send(to='ann'))\n"
        "except BaseException:\n    await tools.send(to='bob')"
    )
    outcome = await run(source, ScriptedApprover([Abort("stop it")]))
    assert outcome.error is not None
    assert outcome.error.code == "approval.aborted"
    assert outcome.error.details["reason"] == "stop it"
    assert [(call.tool, call.status) for call in outcome.calls] == [("look", "cancelled"), ("send", "denied")]
    assert DONE == []


async def test_a_question_that_nobody_answers_times_out() -> None:
    cancelled = anyio.Event()

    async def never(requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        try:
            await anyio.sleep_forever()
        finally:
            cancelled.set()

    outcome = await run("await tools.send(to='ann')", By(never), limits={"approval_wait_s": 0.2})
    assert outcome.error is not None
    assert outcome.error.code == "approval.timeout"
    assert "0.2 s" in outcome.error.message
    assert cancelled.is_set()


async def test_other_branches_go_on_while_one_waits() -> None:
    async def when_seen(requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        while not DONE:  # noqa: ASYNC110  # what is waited for is an effect
            await anyio.sleep(0.01)
        return [Approve()] * len(requests)

    source = (
        "import asyncio\nasync def looked():\n    first = await tools.look()\n    return first + await tools.look()\n"
        "return await asyncio.gather(tools.send(to='ann'), looked())"
    )
    outcome = await run(source, By(when_seen))
    assert outcome.value == ["sent to ann", "seenseen"]


async def test_questions_that_arise_together_are_put_together_and_answered_one_by_one() -> None:
    approver = ScriptedApprover([True, Deny("not bob"), True])
    source = (
        "import asyncio\nreturn [str(item) for item in await asyncio.gather("
        "tools.send(to='ann'), tools.send(to='bob'), tools.deploy(stage='x'), return_exceptions=True)]"
    )
    outcome = await run(source, approver)
    assert [len(batch) for batch in approver.batches] == [3]
    assert isinstance(outcome.value, list)
    assert outcome.value[0] == "sent to ann"
    assert "not bob" in outcome.value[1]
    assert outcome.value[2] == "x"


async def test_an_answer_for_the_session_releases_queued_questions_with_the_same_key() -> None:
    asked: list[int] = []

    async def slowly(requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        asked.append(len(requests))
        await anyio.sleep(0.1)
        return [Approve("session")] * len(requests)

    source = (
        "import asyncio\nasync def later():\n    await tools.look(after_s=0.03)\n"
        "    return await tools.notify(to='ann', text='2')\n"
        "await asyncio.gather(tools.notify(to='ann', text='1'), later())\n"
        "return await tools.notify(to='ann', text='3')"
    )
    outcome = await run(source, By(slowly, one_at_a_time=True))
    assert outcome.ok, outcome.error
    assert asked == [1]
    answers = [call.approval for call in outcome.calls if call.tool == "notify"]
    assert answers == ["approved_for_session", "remembered", "remembered"]


async def test_an_answer_for_once_covers_one_call_and_not_the_same_call_again() -> None:
    approver = ScriptedApprover([True, Deny("once was enough")])
    outcome = await run("await tools.send(to='ann')\nawait tools.send(to='ann')", approver)
    assert len(approver.requests) == 2
    assert len(DONE) == 1
    assert outcome.error is not None


async def test_equal_calls_at_once_are_one_question_that_says_how_many() -> None:
    approver = ScriptedApprover([True])
    source = "import asyncio\nreturn await asyncio.gather(*[tools.send(to='ann') for _ in range(3)])"
    outcome = await run(source, approver)
    assert outcome.ok, outcome.error
    assert [request.calls for request in approver.requests] == [3]
    assert len(DONE) == 3


async def test_an_equal_call_that_comes_later_is_not_covered_by_the_approval_of_one() -> None:
    """Two calls that race for one approval: the second is a question of its own."""
    counts: list[int] = []

    async def slowly(requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        counts.append(requests[0].calls)
        await anyio.sleep(0.1)
        return [Approve() if len(counts) == 1 else Deny("only one")]

    source = (
        "import asyncio\nasync def later():\n    await tools.look(after_s=0.03)\n"
        "    return await tools.send(to='ann')\n"
        "return [str(x) for x in await asyncio.gather(tools.send(to='ann'), later(), return_exceptions=True)]"
    )
    await run(source, By(slowly))
    assert counts == [1, 1]
    assert len([item for item in DONE if "to" in item]) == 1


@pytest.mark.parametrize(
    "answer",
    [Approve("session", arguments={"to": "bob"}), Approve(amendment=Amendment(("true",)))],
    ids=["edited for the session", "with a rule"],
)
async def test_an_answer_that_is_not_remembered_does_not_cover_a_call_that_came_late(answer: Approve) -> None:
    counts: list[int] = []

    async def slowly(requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        counts.append(requests[0].calls)
        await anyio.sleep(0.1)
        return [answer if len(counts) == 1 else Deny("not this one")]

    source = (
        "import asyncio\nasync def later():\n    await tools.look(after_s=0.03)\n"
        "    return await tools.send(to='ann')\n"
        "return [str(x) for x in await asyncio.gather(tools.send(to='ann'), later(), return_exceptions=True)]"
    )
    await run(source, By(slowly))
    assert counts == [1, 1]
    assert len([item for item in DONE if "to" in item]) == 1


async def test_edited_arguments_are_validated_and_are_what_runs_and_is_recorded() -> None:
    outcome = await run("return await tools.send(to='all')", ScriptedApprover([Approve(arguments={"to": "ann"})]))
    assert outcome.value == "sent to ann"
    assert DONE == [{"to": "ann", "text": "hello"}]
    assert outcome.calls[0].arguments == {"to": "ann"}


async def test_changing_edited_arguments_after_the_answer_changes_nothing() -> None:
    edited: dict[str, object] = {"to": ["ann"]}

    async def edit(requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        return [Approve(arguments=edited)]

    @tool(approval="always")
    async def pay(to: list[str]) -> str:
        edited["to"].append("mallory")  # type: ignore[attr-defined]  # what the approver still holds
        return ",".join(to)

    async with Harness([pay], approver=By(edit)) as harness:  # type: ignore[arg-type]
        record = await harness.call("pay", {"to": []})
    assert record.result == "ann"
    assert record.arguments == {"to": ["ann"]}


async def test_an_edit_that_leaves_the_sandbox_is_asked_about_though_the_reason_is_the_same(tmp_path: Path) -> None:
    rules = parse_rules('[[rule]]\nprefix = ["id"]\ndecision = "prompt"\n', source="user", name="test")
    approver = ScriptedApprover([Approve(arguments={"command": ["id"], "sandbox": "unsandboxed"}), Deny("not so")])
    async with Harness(workspace=tmp_path, rules=rules, approver=approver) as harness:
        record = await harness.call("exec", {"command": ["id"]})
    assert [request.leaves_sandbox for request in approver.requests] == [False, True]
    assert record.status == "denied"


async def test_a_call_may_be_edited_so_many_times(tmp_path: Path) -> None:
    """Each edit makes a command that another rule asks about, so there is always one more question."""
    rules = "".join(
        f'[[rule]]\nprefix = ["{name}"]\ndecision = "prompt"\njustification = "{name}"\n' for name in ("id", "true")
    )
    edits = [Approve(arguments={"command": [name]}) for name in ("true", "id", "true", "id", "true", "id")]
    approver = ScriptedApprover(edits)
    parsed = parse_rules(rules, source="user", name="test")
    async with Harness(workspace=tmp_path, rules=parsed, approver=approver) as harness:
        record = await harness.call("exec", {"command": ["id"]})
    assert (record.status, len(approver.requests)) == ("denied", 5)
    assert record.error is not None
    assert "edited 5 times" in record.error.message


async def test_a_tools_own_error_of_configuration_is_that_calls_failure_and_not_the_runs_end() -> None:
    @tool
    async def odd() -> None:
        raise ConfigError("config.invalid", "the tool has no address")

    async with Harness([odd, look]) as harness:
        outcome = await harness.run("try:\n    await tools.odd()\nexcept ToolError as error:\n    return error.code")
    assert outcome.value == "config.invalid", outcome.error


async def test_an_edited_answer_for_the_session_is_not_said_to_be_remembered() -> None:
    approver = ScriptedApprover([Approve("session", arguments={"to": "bob"}), Deny("asked again")])
    outcome = await run("await tools.send(to='ann')\nawait tools.send(to='bob')", approver)
    assert [call.approval for call in outcome.calls] == ["approved", "denied"]


async def test_edited_arguments_that_are_wrong_are_refused() -> None:
    outcome = await run("return await tools.send(to='all')", ScriptedApprover([Approve(arguments={"too": "ann"})]))
    assert outcome.error is not None
    assert outcome.error.code == "tool.invalid_arguments"
    assert DONE == []


async def test_changing_the_request_after_the_answer_changes_nothing() -> None:
    kept: list[dict[str, object]] = []

    async def meddling(requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        arguments = requests[0].arguments
        assert isinstance(arguments, dict)
        kept.append(arguments)
        arguments["to"] = "mallory"
        return [Approve()]

    outcome = await run("return await tools.send(to='ann')", By(meddling))
    assert outcome.value == "sent to ann"
    assert kept[0]["to"] == "mallory"


@pytest.mark.parametrize(
    "answer",
    [
        [],
        [Approve(), Approve()],
        [True],
        ["yes"],
        [None],
        None,
        [Approve(scope="sesion")],  # type: ignore[arg-type]  # wrong on purpose, as all that follow
        [Approve(arguments=5)],  # type: ignore[arg-type]
        [Approve(arguments=["ann"])],  # type: ignore[arg-type]
        [Approve(amendment="git")],  # type: ignore[arg-type]
        [Approve(amendment=Amendment(()))],
        [Approve(amendment=Amendment("git"))],  # type: ignore[arg-type]
        [Approve(amendment=Amendment(("bash",)))],
        [Approve(amendment=Amendment(("sudo", "ls")))],
        [Approve(amendment=Amendment(("rm", "-rf")))],
        [Approve(amendment=Amendment(("git", "-C", "x")))],
        [Approve(patterns=5)],  # type: ignore[arg-type]
        [Approve(patterns=(CallPattern("send", 1, {"to": 5}),))],  # type: ignore[dict-item]
        [Approve(patterns=(CallPattern("send", "all"),))],  # type: ignore[arg-type]
        [Deny(reason=5)],  # type: ignore[arg-type]
        [Abort(reason=None)],  # type: ignore[arg-type]
    ],
    ids=str,
)
async def test_an_answer_that_is_no_decision_is_a_denial(answer: object) -> None:
    async def odd(requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        return answer  # type: ignore[return-value]  # wrong on purpose

    outcome = await run("await tools.send(to='ann')", By(odd))
    assert outcome.error is not None
    assert outcome.error.code == "approval.denied"
    assert DONE == []


async def test_an_approver_that_fails_denies() -> None:
    async def broken(requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        raise ValueError("the secret of the approver")

    outcome = await run("await tools.send(to='ann')", By(broken))
    assert outcome.error is not None
    assert outcome.error.code == "approval.denied"
    assert "the approver failed: ValueError" in outcome.error.message
    assert "secret" not in outcome.error.message


# The clock.


async def answering_after(seconds: float, requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
    await anyio.sleep(seconds)
    return [Approve()] * len(requests)


async def test_the_clock_stands_still_while_only_a_person_can_go_on() -> None:
    outcome = await run(
        "return await tools.send(to='ann')", By(lambda r: answering_after(0.8, r)), limits={"wall_time_s": 0.4}
    )
    assert outcome.ok, outcome.error
    assert 0.7 < outcome.usage.waiting_s < outcome.usage.wall_time_s


async def test_the_clock_stands_still_for_a_gather_of_questions() -> None:
    source = "import asyncio\nreturn await asyncio.gather(tools.send(to='ann'), tools.deploy(stage='x'))"
    outcome = await run(source, By(lambda r: answering_after(0.8, r)), limits={"wall_time_s": 0.4})
    assert outcome.ok, outcome.error


@pytest.mark.parametrize(
    "beside", ["tools.look(after_s=20)", "asyncio.sleep(20)"], ids=["a call that runs", "a timer of the script"]
)
async def test_the_clock_goes_on_while_anything_else_is_unfinished(beside: str) -> None:
    source = f"import asyncio\nreturn await asyncio.gather(tools.send(to='ann'), {beside})"
    outcome = await run(source, By(lambda r: answering_after(1.5, r)), limits={"wall_time_s": 0.5})
    assert outcome.error is not None
    assert outcome.error.code == "limit.wall_time"
    assert DONE == []


async def test_the_clock_goes_on_after_the_answer() -> None:
    source = "await tools.send(to='ann')\nreturn await tools.look(after_s=20)"
    outcome = await run(source, By(lambda r: answering_after(0.5, r)), limits={"wall_time_s": 0.4})
    assert outcome.error is not None
    assert outcome.error.code == "limit.wall_time"
    assert 0.3 < outcome.error.details["used"] < 1.5  # type: ignore[operator]  # a number


async def test_the_clock_goes_on_while_the_script_computes() -> None:
    """A task of the script computes while another waits for a person: the run is not at a stand."""
    source = (
        "import asyncio\nwaiting = asyncio.create_task(tools.send(to='ann'))\nawait asyncio.sleep(0.01)\n"
        "while True:\n    pass"
    )
    async with Harness(TOOLS, approver=By(lambda r: answering_after(30, r)), limits=Limits(steps=10**11)) as harness:  # type: ignore[arg-type]
        outcome = await harness.run(source, limits={"wall_time_s": 0.5})
    assert outcome.error is not None
    assert outcome.error.code == "limit.wall_time"


async def test_waiting_questions_take_no_turn_from_other_calls() -> None:
    source = (
        "import asyncio\n"
        "return await asyncio.gather(*[tools.send(to=str(n)) for n in range(5)], *[tools.look() for _ in range(5)])"
    )

    async def when_seen(requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        while len(DONE) < 5:  # noqa: ASYNC110  # what is waited for is an effect
            await anyio.sleep(0.01)
        return [Approve()] * len(requests)

    outcome = await run(source, By(when_seen), limits={"concurrent_calls": 1, "wall_time_s": 10})
    assert outcome.ok, outcome.error
    assert len(DONE) == 10


async def test_no_more_calls_run_at_once_than_may_also_after_questions() -> None:
    running, most = 0, 0

    @tool(approval="always")
    async def slow(n: int) -> int:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await anyio.sleep(0.02)
        running -= 1
        return n

    source = "import asyncio\nreturn await asyncio.gather(*[tools.slow(n=n) for n in range(9)])"
    async with Harness([slow], approver=ScriptedApprover({"*": True})) as harness:
        outcome = await harness.run(source, limits={"concurrent_calls": 2})
    assert outcome.value == list(range(9))
    assert most == 2


async def test_a_question_is_withdrawn_when_the_script_gives_up_waiting() -> None:
    withdrawn = anyio.Event()

    async def never(requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        try:
            await anyio.sleep_forever()
        finally:
            withdrawn.set()

    source = (
        "import asyncio\ntry:\n    await asyncio.wait_for(tools.send(to='ann'), 0.1)\n"
        "except TimeoutError:\n    return await tools.look()"
    )
    outcome = await run(source, By(never))
    assert outcome.value == "seen"
    assert withdrawn.is_set()
    assert [call.status for call in outcome.calls] == ["cancelled", "ok"]


# Plans.

PLAN = "import asyncio\nwho = ['b' + 'ob', 'eve']\nawait tools.send(to='ann')\nfor name in who:\n    await tools.send(to=name)"


async def test_a_plan_is_asked_about_once_before_anything_runs() -> None:
    approver = ScriptedApprover([True])
    outcome = await run(
        "print('hi')\nawait tools.send(to='ann')\nreturn await tools.look()", approver, plan_approval=True
    )
    assert outcome.value == "seen"
    (request,) = approver.requests
    assert request.plan is not None
    assert set(request.plan.tools) == {"send", "look"}
    assert len(request.keys) == 1
    assert [call.approval for call in outcome.calls] == ["planned", None]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Approve(arguments={"to": "bob"}), "no arguments to edit"),
        (Approve(amendment=Amendment(("true",))), "no rule to save"),
        (Approve("session"), "approved once"),
    ],
)
async def test_a_plan_takes_no_answer_that_would_be_left_undone(answer: Approve, said: str) -> None:
    outcome = await run("await tools.send(to='ann')", ScriptedApprover({"": answer}), plan_approval=True)
    assert outcome.error is not None
    assert outcome.error.code == "approval.denied"
    assert said in outcome.error.message
    assert DONE == []


async def test_a_plan_that_is_denied_runs_nothing() -> None:
    outcome = await run("print('hi')\nawait tools.send(to='ann')", ScriptedApprover([Deny("no")]), plan_approval=True)
    assert outcome.error is not None
    assert outcome.error.code == "approval.denied"
    assert (outcome.logs, outcome.calls, DONE) == ("", (), [])


async def test_calls_that_did_not_stand_literally_in_the_plan_are_asked_about_when_they_are_reached() -> None:
    approver = ScriptedApprover([True, True, Deny("not eve")])
    outcome = await run(PLAN, approver, plan_approval=True)
    assert [request.arguments.get("to") for request in approver.requests] == [None, "bob", "eve"]
    assert [item["to"] for item in DONE] == ["ann", "bob"]
    assert outcome.error is not None


async def test_a_pattern_with_a_count_covers_that_many_calls() -> None:
    approver = ScriptedApprover([Approve(patterns=(CallPattern("send", 1, {"to": "*"}),)), Deny("one was granted")])
    await run(PLAN, approver, plan_approval=True)
    assert [item["to"] for item in DONE] == ["ann", "bob"]
    assert len(approver.requests) == 2


async def test_a_plan_without_calls_is_not_asked_about() -> None:
    approver = ScriptedApprover()
    outcome = await run("return 1", approver, plan_approval=True)
    assert (outcome.value, approver.requests) == (1, [])


async def test_a_script_that_is_refused_is_not_asked_about() -> None:
    approver = ScriptedApprover()
    outcome = await run("import os\nawait tools.send(to='ann')", approver, plan_approval=True)
    assert outcome.error is not None
    assert outcome.error.code == "script.forbidden_import"
    assert approver.requests == []


async def test_the_wait_for_the_plan_is_no_time_of_the_run() -> None:
    outcome = await run(
        "return await tools.send(to='ann')",
        By(lambda r: answering_after(0.6, r)),
        limits={"wall_time_s": 0.4},
        plan_approval=True,
    )
    assert outcome.ok, outcome.error
    assert outcome.usage.waiting_s > 0.5


# Around it.


async def test_structured_calls_take_the_same_way() -> None:
    approver = ScriptedApprover([True, Deny("no")])
    async with Harness(TOOLS, approver=approver) as harness:
        done = await harness.call("send", '{"to": "ann"}')
        refused = await harness.call("send", {"to": "bob"})
    assert (done.status, done.result, done.approval, done.line) == ("ok", "sent to ann", "approved", None)
    assert (refused.status, refused.approval) == ("denied", "denied")
    assert refused.error is not None
    assert refused.error.code == "approval.denied"


@pytest.mark.parametrize(
    ("name", "payload", "code"),
    [
        ("sedn", {"to": "ann"}, "tool.not_found"),
        ("send", '{"to": ', "tool.malformed_call"),
        ("send", b"\xff", "tool.malformed_call"),
        ("send", "[1]", "tool.wrong_payload"),
        ("send", ["ann"], "tool.wrong_payload"),
        ("send", "null", "tool.wrong_payload"),
        ("send", 5, "tool.wrong_payload"),
        ("send", "", "tool.invalid_arguments"),
        ("send", {"to": 5}, "tool.invalid_arguments"),
    ],
)
async def test_a_structured_call_that_is_none_says_what_is_wrong(name: str, payload: object, code: str) -> None:
    async with Harness(TOOLS, approver=ScriptedApprover()) as harness:
        record = await harness.call(name, payload)
    assert record.status == "failed"
    assert record.error is not None
    assert record.error.code == code
    assert record.error.hint


async def test_what_was_approved_for_a_session_counts_in_that_session_alone() -> None:
    approver = ScriptedApprover([Approve("session"), Deny("another session")])
    async with Harness(TOOLS, approver=approver) as harness:
        first = await harness.run("await tools.send(to='ann')", context={"session_id": "one"})
        again = await harness.run("await tools.send(to='ann')", context={"session_id": "one"})
        other = await harness.run("await tools.send(to='ann')", context={"session_id": "two"})
    assert (first.ok, again.ok, other.ok) == (True, True, False)
    assert again.calls[0].approval == "remembered"


async def test_a_file_of_approvals_remembers_across_harnesses(tmp_path: Path) -> None:
    for expected in ("approved_for_session", "remembered"):
        approver = ScriptedApprover([Approve("session")])
        async with Harness(TOOLS, approver=approver, approvals=tmp_path / "approvals.db") as harness:
            outcome = await harness.run("await tools.send(to='ann')")
        assert outcome.calls[0].approval == expected


async def test_settings_are_those_of_the_start_of_the_call() -> None:
    started = anyio.Event()

    @tool(risk="write")
    async def change() -> str:
        return "changed"

    async def slowly(requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        started.set()
        await anyio.sleep(0.1)
        return [Approve()]

    async with Harness([change], approver=By(slowly)) as harness:  # type: ignore[arg-type]
        records = []

        async def call() -> None:
            records.append(await harness.call("change"))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(call)
            await started.wait()
            harness.settings = Settings(approval_policy="never")
        records.append(await harness.call("change"))
    assert [record.status for record in records] == ["ok", "denied"]
    assert records[1].error.code == "policy.forbidden"


async def test_stopping_the_stream_withdraws_its_question() -> None:
    asked, withdrawn = anyio.Event(), anyio.Event()

    async def never(requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        asked.set()
        try:
            await anyio.sleep_forever()
        finally:
            withdrawn.set()

    events: list[Event] = []
    async with Harness(TOOLS, approver=By(never)) as harness:  # type: ignore[arg-type]
        async with harness.stream("await tools.send(to='ann')") as stream:
            async for event in stream:
                events.append(event)
                if isinstance(event, ApprovalRequested):
                    await asked.wait()
                    stream.stop()
        await withdrawn.wait()
    assert not any(isinstance(event, CallStarted) for event in events)
    resolved = [event.answer for event in events if isinstance(event, ApprovalResolved)]
    assert resolved == ["cancelled"]


async def test_a_thousand_questions_wait_at_once() -> None:
    source = "import asyncio\nreturn len(await asyncio.gather(*[tools.send(to=str(n)) for n in range(1000)]))"
    approver = ScriptedApprover({"send": True})
    async with Harness(TOOLS, approver=approver, limits=Limits(tool_calls=1000)) as harness:
        outcome = await harness.run(source)
    assert outcome.value == 1000, outcome.error
    assert sum(len(batch) for batch in approver.batches) == 1000
