"""An agent of LangChain with its own fake model: questions are interrupts, and runs are met again."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from langchain_core.tools import tool as langchain_tool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from harness import Harness, ParkedRuns
from harness.integrations.langchain import ScriptMiddleware, as_tool
from harness.tools.binding import Tool
from tests.integration.integration_tools import GATHER, LOOKED, SENT, TWO_ROUNDS, forget, look, send

THREAD: Any = {"configurable": {"thread_id": "t"}}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"  # LangGraph runs on asyncio


class Model(GenericFakeChatModel):
    """Says what it was given, whatever tools are bound."""

    def bind_tools(self, tools: Any, **more: Any) -> Any:
        return self


def model_of(*scripts: str) -> Model:
    calls = [
        AIMessage("", tool_calls=[{"name": "run_script", "args": {"script": script}, "id": f"call_{number}"}])
        for number, script in enumerate(scripts)
    ]
    return Model(messages=iter([*calls, AIMessage("done")]))


@asynccontextmanager
async def agent_for(
    *scripts: str, saver: InMemorySaver | None = None, tools: Sequence[Tool] = (send, look)
) -> AsyncIterator[Any]:
    forget()
    async with ParkedRuns() as parked, Harness(tools, approver=parked) as harness:
        yield create_agent(
            model_of(*scripts), middleware=[ScriptMiddleware(harness, parked)], checkpointer=saver or InMemorySaver()
        )


def questions(state: Any) -> list[dict[str, Any]]:
    [interrupt] = state["__interrupt__"]
    found: list[dict[str, Any]] = interrupt.value["questions"]
    return found


def result(state: Any) -> Any:
    assert "__interrupt__" not in state, state
    [message] = [item for item in state["messages"] if item.type == "tool"]
    return json.loads(message.content)


GO: Any = {"messages": [("user", "go")]}


async def test_a_script_without_questions_runs_at_once() -> None:
    async with agent_for("return await tools.look()") as agent:
        assert result(await agent.ainvoke(GO, THREAD))["value"] == 7


async def test_a_run_is_interrupted_and_executes_nothing_twice() -> None:
    async with agent_for(TWO_ROUNDS) as agent:
        [question] = questions(await agent.ainvoke(GO, THREAD))
        assert (question["tool"], question["arguments"], question["line"], SENT) == ("send", {"to": "a"}, 2, [])
        [question] = questions(await agent.ainvoke(Command(resume="approve"), THREAD))
        assert (question["arguments"], SENT) == ({"to": "b"}, ["a"])
        done = result(await agent.ainvoke(Command(resume="approve"), THREAD))
    assert (done["value"], SENT, LOOKED) == ([7, "sent to b"], ["a", "b"], [1])


async def test_an_answer_is_not_given_to_the_questions_of_another_round() -> None:
    async with agent_for(TWO_ROUNDS) as agent:
        await agent.ainvoke(GO, THREAD)
        await agent.ainvoke(Command(resume="approve"), THREAD)
        done = result(await agent.ainvoke(Command(resume={"decision": "deny", "reason": "no more"}), THREAD))
    assert (done["error"]["code"], SENT) == ("approval.denied", ["a"])


async def test_each_question_can_have_its_own_answer() -> None:
    async with agent_for(GATHER) as agent:
        first, second = questions(await agent.ainvoke(GO, THREAD))
        answers = {first["id"]: "approve", second["id"]: {"decision": "deny", "reason": "not this one"}}
        done = result(await agent.ainvoke(Command(resume=answers), THREAD))
    assert sorted(call["status"] for call in done["calls"]) == ["denied", "ok"]
    assert [first["arguments"]["to"]] == SENT


LOOP = "return [await tools.send(to=str(number)) for number in range(12)]"
GRANT = {"decision": "approve", "further_calls": 11, "further_where": {"to": "*"}}


async def test_a_loop_of_twelve_is_one_answer() -> None:
    async with agent_for(LOOP) as agent:
        await agent.ainvoke(GO, THREAD)
        done = result(await agent.ainvoke(Command(resume=GRANT), THREAD))
    assert (done["status"], len(SENT)) == ("done", 12)


async def test_an_answer_that_cannot_be_read_approves_nothing() -> None:
    async with agent_for(TWO_ROUNDS) as agent:
        await agent.ainvoke(GO, THREAD)
        done = result(await agent.ainvoke(Command(resume="sure"), THREAD))
    assert (done["error"]["code"], SENT) == ("tool.invalid_arguments", [])


async def test_after_its_host_the_run_is_lost_and_executed_by_nobody() -> None:
    saver = InMemorySaver()
    async with agent_for(TWO_ROUNDS, saver=saver) as agent:
        questions(await agent.ainvoke(GO, THREAD))
    async with agent_for(saver=saver) as agent:
        done = result(await agent.ainvoke(Command(resume="approve"), THREAD))
    assert (done["error"]["code"], SENT, LOOKED) == ("run.lost", [], [])


async def test_two_scripts_of_a_thread_have_their_own_runs() -> None:
    async with agent_for('return await tools.send(to="a")', 'return await tools.send(to="b")') as agent:
        await agent.ainvoke(GO, THREAD)
        [question] = questions(await agent.ainvoke(Command(resume="approve"), THREAD))
        assert (question["arguments"], SENT) == ({"to": "b"}, ["a"])
        await agent.ainvoke(Command(resume="approve"), THREAD)
    assert SENT == ["a", "b"]


async def test_scripts_call_tools_of_langchain() -> None:
    @langchain_tool
    async def multiply(a: int, b: int) -> int:
        """Multiply two numbers."""
        return a * b

    async with agent_for("return await tools.multiply(a=6, b=7)", tools=[as_tool(multiply, risk="read")]) as agent:
        assert result(await agent.ainvoke(GO, THREAD))["value"] == 42
    async with agent_for("return await tools.multiply(a='six', b=7)", tools=[as_tool(multiply)]) as agent:
        assert result(await agent.ainvoke(GO, THREAD))["error"]["code"] == "tool.invalid_arguments"
