"""LangChain and LangGraph: a middleware with `run_script`, whose questions are interrupts.

    agent = create_agent(model, middleware=[ScriptMiddleware(harness, parked)], checkpointer=checkpointer)

A script that must be asked about interrupts the graph; the interrupt's value has the questions, and
`Command(resume=...)` the answers. LangGraph executes the tool again from its top then; it meets the parked run, so
nothing of the script is.

References:
    https://docs.langchain.com/oss/python/langgraph/interrupts
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from harness.extras import missing_extra

try:
    from langchain.agents.middleware import AgentMiddleware
    from langchain.tools import ToolRuntime
    from langchain_core.tools import BaseTool, StructuredTool
    from langchain_core.utils.function_calling import convert_to_openai_tool
    from langgraph.types import interrupt
except ModuleNotFoundError as error:
    raise missing_extra("langchain", error) from None

from harness.approvals.answers import question_data, read_answers
from harness.errors import HarnessError, RunError
from harness.harness import Harness
from harness.outcome_data import outcome_data
from harness.parking import ParkedRuns, Suspended
from harness.tools.binding import Risk, Tool
from harness.types import Outcome

_SCRATCHPAD = "__pregel_scratchpad"  # where LangGraph keeps the answers that a task is executed again with


class ScriptMiddleware(AgentMiddleware[Any, Any, Any]):
    """Gives an agent the tool `run_script`.

    Args:
        harness: Runs the scripts. It is entered before the agent runs.
        parked: Its approver, where runs wait.
        caller: Names whose run it is; by default the thread of the graph.
        budget_tokens: For the tool's description, which tells the model the language and the tools.
    """

    def __init__(
        self,
        harness: Harness,
        parked: ParkedRuns,
        *,
        caller: Callable[[ToolRuntime[Any, Any]], str] | None = None,
        budget_tokens: int | None = None,
    ) -> None:
        super().__init__()
        self._harness = harness
        self._parked = parked
        self._caller = caller or _thread
        self.tools = [
            StructuredTool.from_function(
                coroutine=self._run_script,
                name="run_script",
                description=harness.instructions(form="native", budget_tokens=budget_tokens),
            )
        ]

    async def _run_script(self, script: str, runtime: ToolRuntime[Any, Any]) -> str:
        try:
            outcome = await self._outcome(script, self._caller(runtime), str(runtime.tool_call_id), runtime)
        except HarnessError as error:
            outcome = Outcome(ok=False, error=error)
        return json.dumps(outcome_data(outcome), ensure_ascii=False)

    async def _outcome(self, script: str, caller: str, key: str, runtime: ToolRuntime[Any, Any]) -> Outcome:
        """Run to the outcome, or to an interrupt. The answers to earlier rounds are given again, and passed over."""
        if _has_answers(runtime) and self._parked.rounds(caller=caller, key=key) is None:
            raise RunError("run.lost", "the run that waited for this answer is gone", hint="run the script again")
        step = await self._parked.start(self._harness, script, caller=caller, key=key, context={"session_id": caller})
        number = 0
        while number < len(rounds := self._parked.rounds(caller=caller, key=key) or ()):
            told = rounds[number]
            given = interrupt({"run_id": told.run_id, "questions": [question_data(item) for item in told.requests]})
            decisions = read_answers(given, told.requests)
            step = await self._parked.resume(told.run_id, source=script, caller=caller, decisions=decisions)
            number += 1
        assert not isinstance(step, Suspended)
        return step


def _thread(runtime: ToolRuntime[Any, Any]) -> str:
    return "thread:" + str(runtime.config.get("configurable", {}).get("thread_id", ""))


def _has_answers(runtime: ToolRuntime[Any, Any]) -> bool:
    """Say whether LangGraph executes this task again, with answers."""
    scratchpad = runtime.config.get("configurable", {}).get(_SCRATCHPAD)
    return bool(getattr(scratchpad, "resume", None)) or _null_resume(scratchpad)


def _null_resume(scratchpad: Any) -> bool:
    ask = getattr(scratchpad, "get_null_resume", None)
    return ask is not None and ask(False) is not None


def as_tool(given: BaseTool, *, risk: Risk = "write") -> Tool:
    """Make a tool of a LangChain tool, for scripts to call.

    Args:
        given: The tool. It is awaited.
        risk: What it does to the world; nothing about that can be read off a LangChain tool.
    """

    async def handle(arguments: dict[str, Any]) -> object:
        return await given.ainvoke(arguments)

    parameters = convert_to_openai_tool(given)["function"]["parameters"]
    return Tool(given.name, given.description, parameters, handle, risk=risk)
