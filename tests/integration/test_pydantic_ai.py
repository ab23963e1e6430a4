"""An agent of pydantic-ai with its own fake model: questions are deferred approvals, and runs are met again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pydantic_ai import Agent, DeferredToolRequests, DeferredToolResults, ToolApproved, ToolDenied
from pydantic_ai.messages import ModelMessage, ModelMessagesTypeAdapter, ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from harness import Harness, ParkedRuns
from harness.integrations.pydantic_ai import script_toolset
from tests.integration.integration_tools import GATHER, LOOKED, SENT, TWO_ROUNDS, forget, look, send


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"  # pydantic-ai runs on asyncio


def model_of(script: str, told: list[AgentInfo]) -> FunctionModel:
    """A model that writes one script, and then says what came of it."""

    def answer(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        told.append(info)
        returned = [part for part in messages[-1].parts if part.part_kind == "tool-return"]
        if returned:
            return ModelResponse(parts=[TextPart(str(returned[0].content))])
        return ModelResponse(parts=[ToolCallPart("run_script", {"script": script}, tool_call_id="call_1")])

    return FunctionModel(answer)


@asynccontextmanager
async def agent_for(script: str, told: list[AgentInfo] | None = None) -> AsyncIterator[Agent[None, Any]]:
    forget()
    async with ParkedRuns() as parked, Harness([send, look], approver=parked) as harness:
        yield Agent(
            model_of(script, [] if told is None else told),
            toolsets=[script_toolset(harness, parked)],
            output_type=[str, DeferredToolRequests],
        )


async def asked(agent: Agent[None, Any], prompt: str | None = "go", **more: Any) -> tuple[DeferredToolRequests, Any]:
    result = await agent.run(prompt, **more)
    assert isinstance(result.output, DeferredToolRequests), result.output
    return result.output, ModelMessagesTypeAdapter.validate_json(result.all_messages_json())  # as if it had been stored


async def test_a_script_without_questions_runs_at_once() -> None:
    told: list[AgentInfo] = []
    async with agent_for("return await tools.look()", told) as agent:
        result = await agent.run("go")
    assert "'value': 7" in result.output
    [declared] = told[0].function_tools
    assert (declared.name, list(declared.parameters_json_schema["properties"])) == ("run_script", ["script"])
    assert "async def send(to: str)" in (declared.description or "")


async def test_a_run_waits_for_deferred_approvals_and_executes_nothing_twice() -> None:
    async with agent_for(TWO_ROUNDS) as agent:
        requests, history = await asked(agent)
        [question] = requests.metadata["call_1"]["questions"]
        assert (question["tool"], question["arguments"], question["line"], SENT) == ("send", {"to": "a"}, 2, [])
        results = requests.build_results(approve_all=True)
        requests, history = await asked(agent, None, message_history=history, deferred_tool_results=results)
        assert requests.metadata["call_1"]["questions"][0]["arguments"] == {"to": "b"}
        results = requests.build_results(approvals={"call_1": ToolApproved()})
        done = await agent.run(None, message_history=history, deferred_tool_results=results)
    assert "[7, 'sent to b']" in done.output
    assert (SENT, LOOKED) == (["a", "b"], [1])


async def test_each_question_can_have_its_own_answer() -> None:
    async with agent_for(GATHER) as agent:
        requests, history = await asked(agent)
        first, second = requests.metadata["call_1"]["questions"]
        answers = {first["id"]: "approve", second["id"]: {"decision": "deny", "reason": "not this one"}}
        results = requests.build_results(approve_all=True, metadata={"call_1": {"decisions": answers}})
        done = await agent.run(None, message_history=history, deferred_tool_results=results)
    assert [first["arguments"]["to"]] == SENT
    assert "not this one" in done.output


LOOP = "return [await tools.send(to=str(number)) for number in range(12)]"
GRANT = {"decision": "approve", "further_calls": 11, "further_where": {"to": "*"}}


async def test_a_loop_of_twelve_is_one_answer() -> None:
    async with agent_for(LOOP) as agent:
        requests, history = await asked(agent)
        [question] = requests.metadata["call_1"]["questions"]
        results = requests.build_results(approve_all=True, metadata={"call_1": {"decisions": {question["id"]: GRANT}}})
        done = await agent.run(None, message_history=history, deferred_tool_results=results)
    assert (done.output.count("sent to"), len(SENT)) == (12, 12)


async def test_a_denial_of_the_script_runs_nothing_more() -> None:
    async with agent_for(TWO_ROUNDS) as agent:
        requests, history = await asked(agent)
        results = requests.build_results(approvals={"call_1": ToolDenied("not today")})
        done = await agent.run(None, message_history=history, deferred_tool_results=results)
    assert "not today" in done.output
    assert SENT == []


async def test_an_answer_that_cannot_be_read_approves_nothing() -> None:
    async with agent_for(TWO_ROUNDS) as agent:
        requests, history = await asked(agent)
        results = requests.build_results(approve_all=True, metadata={"call_1": {"decisions": "sure"}})
        done = await agent.run(None, message_history=history, deferred_tool_results=results)
    assert "tool.invalid_arguments" in done.output
    assert SENT == []


async def test_after_its_host_the_run_is_lost_and_executed_by_nobody() -> None:
    async with agent_for(TWO_ROUNDS) as agent:
        _, history = await asked(agent)
    results = DeferredToolResults(approvals={"call_1": True})
    async with agent_for(TWO_ROUNDS) as agent:
        done = await agent.run(None, message_history=history, deferred_tool_results=results)
    assert "run.lost" in done.output
    assert (SENT, LOOKED) == ([], [])
