"""The MCP server, with the official client in both eras of the protocol."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import mcp_types as types
import pytest
from mcp import Client

from harness import Harness, ParkedRuns
from harness.errors import RunError
from harness.mcp.server import ScriptServer
from policy.approval import Approve
from tests.integration.integration_tools import SENT, forget, look, send

pytestmark = pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])

Answer: TypeAlias = Mapping[str, Any] | str
Person: TypeAlias = Callable[[str, dict[str, Any]], Answer]
ERAS = ["2026-07-28", "legacy"]
ONE = 'return await tools.send(to="a")'
TWELVE = "import asyncio\nreturn await asyncio.gather(*(tools.send(to=str(i)) for i in range(12)))"
LOOP = "return [await tools.send(to=str(i)) for i in range(12)]"


@asynccontextmanager
async def connected(era: str, person: Person | None = None, *, client_decides: bool = False) -> AsyncIterator[Client]:
    """Connect a client whose person answers forms: with fields, or with "decline" or "cancel"."""
    forget()

    async def elicit(context: Any, params: Any) -> types.ElicitResult:
        assert person is not None
        answer = person(params.message, params.requested_schema)
        if isinstance(answer, str):
            return types.ElicitResult.model_validate({"action": answer})
        return types.ElicitResult(action="accept", content=dict(answer))

    async with ParkedRuns() as parked, Harness(tools=[send, look], approver=parked) as harness:
        server = ScriptServer(harness, parked, client_decides=client_decides).server()
        async with Client(server, mode=era, elicitation_callback=None if person is None else elicit) as client:  # type: ignore[arg-type]
            client.parked = parked  # type: ignore[attr-defined]
            yield client


async def called(client: Client, name: str, **arguments: object) -> dict[str, Any]:
    result = await client.call_tool(name, arguments)
    assert isinstance(result, types.CallToolResult)
    found = result.structured_content
    assert found is not None
    assert isinstance(result.content[0], types.TextContent)
    assert json.loads(result.content[0].text) == found
    assert result.is_error == (found.get("status") == "failed")
    return dict(found)


class Forms:
    """A person who answers forms in turn, and keeps what was shown."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.shown: list[tuple[str, dict[str, Any]]] = []

    def __call__(self, message: str, schema: dict[str, Any]) -> Answer:
        self.shown.append((message, schema))
        return self.answers.pop(0)


APPROVE = {"decision": "y - approve"}


@pytest.mark.parametrize("era", ERAS)
async def test_a_client_finds_the_tools(era: str) -> None:
    async with connected(era) as client:
        tools = {item.name: item for item in (await client.list_tools()).tools}
    assert list(tools) == ["run_script", "check_script", "search_tools", "describe_tools", "resume_run"]
    assert tools["run_script"].input_schema["required"] == ["script"]
    assert [item.annotations.read_only_hint for item in tools.values() if item.annotations] == [
        False,
        True,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("era", ERAS)
async def test_a_script_without_questions_runs_at_once(era: str) -> None:
    async with connected(era) as client:
        found = await called(client, "run_script", script='print("hi")\nreturn await tools.look() + 1')
    assert found == {
        "status": "done",
        "value": 8,
        "logs": "hi\n",
        "calls": [{"tool": "look", "status": "ok", "line": 2}],
    }


@pytest.mark.parametrize("era", ERAS)
async def test_a_person_at_the_client_approves(era: str) -> None:
    person = Forms(APPROVE)
    async with connected(era, person) as client:
        found = await called(client, "run_script", script=ONE)
    assert (found["value"], SENT) == ("sent to a", ["a"])
    [(message, schema)] = person.shown
    assert "tools.send asks for approval" in message
    assert '| to = "a"' in message
    assert "line 1" in message
    assert "show - show the questions with nothing left out" in schema["properties"]["decision"]["enum"]


@pytest.mark.parametrize("era", ERAS)
async def test_a_gather_of_twelve_is_one_form(era: str) -> None:
    person = Forms(APPROVE)
    async with connected(era, person) as client:
        found = await called(client, "run_script", script=TWELVE)
    assert len(found["value"]) == len(SENT) == 12
    assert "[12 of 12]" in person.shown[0][0]


@pytest.mark.parametrize("era", ERAS)
async def test_a_loop_of_twelve_is_one_answer(era: str) -> None:
    person = Forms({**APPROVE, "further_calls": 11, "further_where": "to=*"})
    async with connected(era, person) as client:
        found = await called(client, "run_script", script=LOOP)
    assert len(found["value"]) == len(SENT) == 12


@pytest.mark.parametrize("era", ERAS)
async def test_a_loop_of_twelve_can_be_answered_one_by_one(era: str) -> None:
    """A client of the stateless protocol gives up after ten forms of one request, so `resume_run` shows the rest."""
    person = Forms(*[APPROVE] * 12)
    async with connected(era, person) as client:
        found = await called(client, "run_script", script=LOOP)
        if era != "legacy":
            assert (found["status"], len(person.shown), len(SENT)) == ("approval_required", 8, 8)
            assert "Call resume_run" in found["message"]
            found = await called(client, "resume_run", run_id=found["run_id"], wait_s=30)
    assert (found["value"], SENT) == ([f"sent to {i}" for i in range(12)], [str(i) for i in range(12)])
    assert len(person.shown) == 12


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"decision": "n - deny", "reason": "not to a"}, "not to a"),
        ("decline", "declined"),
        ("cancel", "dismissed"),
    ],
    ids=["deny", "decline", "cancel"],
)
async def test_a_denial_reaches_the_script_with_its_reason(era: str, answer: Answer, reason: str) -> None:
    async with connected(era, Forms(answer)) as client:
        found = await called(client, "run_script", script=ONE)
    assert (found["error"]["code"], SENT) == ("approval.denied", [])
    assert reason in found["error"]["message"]


@pytest.mark.parametrize("era", ERAS)
async def test_some_of_several_can_be_denied(era: str) -> None:
    script = 'import asyncio\nreturn await asyncio.gather(*(tools.send(to=n) for n in "abc"), return_exceptions=True)'
    person = Forms({**APPROVE, "deny_numbers": "2"})
    async with connected(era, person) as client:
        found = await called(client, "run_script", script=script)
    assert sorted(call["status"] for call in found["calls"]) == ["denied", "ok", "ok"]
    denied = person.shown[0][0].split("[2 of 3]")[1].split('to = "')[1][0]
    assert sorted(SENT) == sorted(set("abc") - {denied})


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize(
    "answer",
    [
        {"decision": "yes"},
        {"decision": "a - approve, and save the rule"},
        {**APPROVE, "further_calls": 11, "further_where": "whatever"},
        {**APPROVE, "further_calls": -1},
        {**APPROVE, "further_where": "to=*"},
    ],
    ids=str,
)
async def test_an_answer_that_cannot_be_read_approves_nothing_and_is_asked_for_again(era: str, answer: Answer) -> None:
    person = Forms(answer, {"decision": "n - deny"})
    async with connected(era, person) as client:
        found = await called(client, "run_script", script=ONE)
    assert (found["error"]["code"], SENT, len(person.shown)) == ("approval.denied", [], 2)
    assert len(person.shown[1][0]) > len(person.shown[0][0])


@pytest.mark.parametrize("era", ERAS)
async def test_a_form_that_is_never_filled_in_is_a_denial(era: str) -> None:
    person = Forms(*[{"decision": "yes"}] * 12)
    async with connected(era, person) as client:
        found = await called(client, "run_script", script=ONE)
    assert (found["error"]["code"], SENT, len(person.shown)) == ("approval.denied", [], 8)


@pytest.mark.parametrize("era", ERAS)
async def test_a_person_can_see_everything(era: str) -> None:
    script = 'return await tools.send(to="x" * 5000)'
    person = Forms({"decision": "show - show the questions with nothing left out"}, APPROVE)
    async with connected(era, person) as client:
        await called(client, "run_script", script=script)
    assert "x" * 5000 not in person.shown[0][0]
    assert "x" * 5000 in person.shown[1][0]


@pytest.mark.parametrize("era", ERAS)
async def test_a_script_can_be_stopped(era: str) -> None:
    async with connected(era, Forms({"decision": "abort - stop the script", "reason": "enough"})) as client:
        found = await called(client, "run_script", script=f"try:\n    {ONE}\nexcept ToolError:\n    return 1")
    assert (found["status"], found["error"]["code"]) == ("failed", "approval.aborted")


@pytest.mark.parametrize("era", ERAS)
async def test_a_client_without_forms_gets_a_run_to_resume_and_no_say(era: str) -> None:
    async with connected(era) as client:
        found = await called(client, "run_script", script=ONE)
        assert found["status"] == "approval_required"
        assert "toolscript approve" in found["message"]
        [question] = found["questions"]
        assert (question["tool"], question["arguments"], question["line"]) == ("send", {"to": "a"}, 1)
        refused = await called(client, "resume_run", run_id=found["run_id"], decisions={question["id"]: "approve"})
        assert (refused["error"]["code"], SENT) == ("tool.invalid_arguments", [])
        still = await called(client, "resume_run", run_id=found["run_id"])
        assert still["status"] == "approval_required"
        # The person answers beside the client.
        [run] = client.parked.waiting()  # type: ignore[attr-defined]
        client.parked.answer(run.run_id, {run.requests[0].id: Approve()})  # type: ignore[attr-defined]
        done = await called(client, "resume_run", run_id=found["run_id"], wait_s=5)
    assert (done["value"], SENT) == ("sent to a", ["a"])


@pytest.mark.parametrize("era", ERAS)
async def test_a_client_that_asks_its_user_may_decide(era: str) -> None:
    async with connected(era, client_decides=True) as client:
        found = await called(client, "run_script", script=TWELVE)
        bad = await called(client, "resume_run", run_id=found["run_id"], decisions={"q": "maybe"})
        assert (bad["error"]["code"], SENT) == ("tool.invalid_arguments", [])
        decisions: dict[str, object] = {item["id"]: "approve" for item in found["questions"]}
        decisions[found["questions"][3]["id"]] = {"decision": "deny", "reason": "not this one"}
        done = await called(client, "resume_run", run_id=found["run_id"], decisions=decisions)
        assert (done["status"], len(SENT)) == ("failed", 11)


@pytest.mark.parametrize("era", ERAS)
async def test_errors_say_what_to_do(era: str) -> None:
    async with connected(era) as client:
        refused = await called(client, "run_script", script="import os")
        assert refused["error"]["code"] == "script.forbidden_import"
        assert refused["error"]["location"]["line"] == 1
        unknown = await called(client, "run_scripts", script="")
        assert "run_script" in unknown["error"]["hint"]
        missing = await called(client, "run_script")
        assert missing["error"]["code"] == "tool.invalid_arguments"
        lost = await called(client, "resume_run", run_id="r-guessed")
        assert lost["error"]["code"] == "run.lost"


@pytest.mark.parametrize("era", ERAS)
async def test_a_request_may_not_wait_longer_than_its_client_does(era: str) -> None:
    async with connected(era) as client:
        refused = await called(client, "resume_run", run_id="r", wait_s=50.1)
        assert refused["error"]["code"] == "tool.invalid_arguments"
        assert "wait_s must be a number from 0 to 50" in refused["error"]["message"]
        lost = await called(client, "resume_run", run_id="r", wait_s=50)
        assert lost["error"]["code"] == "run.lost"


@pytest.mark.parametrize("era", ERAS)
async def test_a_script_can_be_checked_and_tools_be_found(era: str) -> None:
    async with connected(era) as client:
        good = await called(client, "check_script", script=ONE)
        assert (good["status"], good["plan"]["tools"], SENT) == ("ok", ["send"], [])
        bad = await called(client, "check_script", script="await tools.sent()")
        assert (bad["status"], bad["diagnostics"][0]["code"]) == ("refused", "tool.not_found")
        assert [item["name"] for item in (await called(client, "search_tools", query="send"))["tools"]][:1] == ["send"]
        assert "send" in json.dumps(await called(client, "describe_tools", names=["send"]))


async def test_overrides_of_a_provider_and_a_model_decide_about_all_that_a_client_does() -> None:
    forget()
    models = {"m": {"mode": "dry-run"}}
    own = {"providers": {"p": {"expose": ["look"], "limits": {"source_bytes": 40}, "models": models}}}
    async with ParkedRuns() as parked, Harness([send, look], settings=own, approver=parked) as harness:
        for context, exposed in (({}, ["look", "send"]), ({"provider": "p"}, ["look"])):
            async with Client(ScriptServer(harness, parked, context=context).server()) as client:
                told = {item.name: item.description or "" for item in (await client.list_tools()).tools}["run_script"]
                assert ("async def send(" in told) == ("send" in exposed)
                found = (await called(client, "search_tools", query="send look"))["tools"]
                assert sorted(item["name"] for item in found) == exposed
                described = await called(client, "describe_tools", names=["send"])
                assert ("async def send(" in json.dumps(described)) == ("send" in exposed)
                long = await called(client, "check_script", script="return 1" + " " * 40)
                assert long["status"] == ("refused" if context else "ok")
                checked = await called(client, "check_script", script=ONE)
                assert checked["status"] == ("ok" if "send" in exposed else "refused")
        async with Client(ScriptServer(harness, parked, context={"provider": "p", "model": "m"}).server()) as client:
            assert (await called(client, "run_script", script="return await tools.look()"))["status"] == "dry_run"


@pytest.mark.parametrize("era", ERAS)
async def test_progress_reaches_the_client(era: str) -> None:
    heard: list[str | None] = []

    async def on_progress(progress: float, total: float | None, message: str | None) -> None:
        heard.append(message)

    async with connected(era) as client:
        script = 'progress("half")\nimport asyncio\nawait asyncio.sleep(0.1)\nreturn 1'
        await client.call_tool("run_script", {"script": script}, progress_callback=on_progress)
    assert heard == ["half"]


async def driven(client: Client, arguments: dict[str, Any], **more: Any) -> Any:
    return await client.session.call_tool("run_script", arguments, allow_input_required=True, **more)


async def test_a_form_answers_only_the_script_and_the_questions_it_was_about() -> None:
    async with connected("2026-07-28", Forms()) as client:
        first = await driven(client, {"script": ONE})
        assert isinstance(first, types.InputRequiredResult)
        answer = {"approval": types.ElicitResult(action="accept", content={"decision": "y - approve"})}
        state = json.loads(first.request_state or "")
        for tampered, script in [
            (first.request_state, ONE + " "),
            (json.dumps({**state, "run": "r-guessed"}), ONE),
        ]:
            lost = await driven(client, {"script": script}, input_responses=answer, request_state=tampered)
            assert lost.structured_content["error"]["code"] == "run.lost"
        for tampered in [
            "",
            "{}",
            "[" * 10_000,
            json.dumps({**state, "asked": 5}),
            json.dumps({**state, "rounds": True}),
        ]:
            bad = await driven(client, {"script": ONE}, input_responses=answer, request_state=tampered)
            assert bad.structured_content["error"]["code"] == "tool.invalid_arguments"
        stale = json.dumps({**state, "asked": ["q-other"]})
        again = await driven(client, {"script": ONE}, input_responses=answer, request_state=stale)
        assert isinstance(again, types.InputRequiredResult)
        assert SENT == []
        done = await driven(client, {"script": ONE}, input_responses=answer, request_state=again.request_state)
        assert (done.structured_content["value"], SENT) == ("sent to a", ["a"])
        repeated = await driven(client, {"script": ONE}, input_responses=answer, request_state=again.request_state)
        assert (repeated.structured_content, SENT) == (done.structured_content, ["a"])
        other = await driven(client, {"script": ONE + " "}, input_responses=answer, request_state=again.request_state)
        assert other.structured_content["error"]["code"] == "run.lost"


async def test_a_form_of_resume_run_is_bound_to_its_run_and_caller() -> None:
    async with connected("2026-07-28", Forms()) as client:
        waits = [
            await driven(client, {"script": ONE}),
            await driven(client, {"script": 'return await tools.send(to="b")'}),
        ]
        one, other = (json.loads(item.request_state)["run"] for item in waits)

        async def resumed(run_id: str, **more: Any) -> Any:
            return await client.session.call_tool("resume_run", {"run_id": run_id}, allow_input_required=True, **more)

        form = await resumed(one)
        assert isinstance(form, types.InputRequiredResult)
        answer = {"approval": types.ElicitResult(action="accept", content={"decision": "y - approve"})}
        elsewhere = await resumed(other, input_responses=answer, request_state=form.request_state)
        assert isinstance(elsewhere, types.InputRequiredResult)  # the answer was about another question
        assert SENT == []
        done = await resumed(one, input_responses=answer, request_state=form.request_state)
        assert (done.structured_content["value"], SENT) == ("sent to a", ["a"])


async def test_runs_are_bound_to_who_started_them() -> None:
    forget()
    who = ["one"]
    async with ParkedRuns() as parked, Harness(tools=[send], approver=parked) as harness:
        server = ScriptServer(harness, parked, caller_of=lambda context: who[0], client_decides=True).server()
        async with Client(server) as client:
            found = await called(client, "run_script", script=ONE)
            who[0] = "other"
            lost = await called(client, "resume_run", run_id=found["run_id"])
            assert lost["error"]["code"] == "run.lost"
    with pytest.raises(RunError):
        parked.answer("r", {})
