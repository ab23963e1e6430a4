"""pydantic-ai: a toolset with `run_script`, whose questions are deferred approvals of that call.

    agent = Agent(model, toolsets=[script_toolset(harness, parked)], output_type=[str, DeferredToolRequests])

A script that must be asked about ends the agent's run with `DeferredToolRequests`; its metadata has the questions. The
next run of the agent, with `DeferredToolResults`, meets the parked run and goes on from there.

References:
    https://ai.pydantic.dev/deferred-tools/
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harness.extras import missing_extra

try:
    from pydantic_ai import ApprovalRequired, FunctionToolset, RunContext
except ModuleNotFoundError as error:
    raise missing_extra("pydantic-ai", error) from None

from harness.approvals.answers import question_data, read_answers
from harness.errors import HarnessError, RunError
from harness.harness import Harness
from harness.outcome_data import outcome_data
from harness.parking import ParkedRuns, Suspended
from harness.types import Outcome


def script_toolset(
    harness: Harness,
    parked: ParkedRuns,
    *,
    caller: Callable[[RunContext[Any]], str] = lambda context: "pydantic-ai",
    budget_tokens: int | None = None,
) -> FunctionToolset[Any]:
    """Make a toolset of a harness.

    `ToolApproved()` approves every question that was shown; with
    `DeferredToolResults(metadata={tool_call_id: {"decisions": {...}}})` each question has its own answer
    (`harness.approvals.answers`).

    Args:
        harness: Runs the scripts. It is entered before the agent runs.
        parked: Its approver, where runs wait.
        caller: Names whose run it is; nobody else resumes it.
        budget_tokens: For the tool's description, which tells the model the language and the tools.
    """

    async def run_script(context: RunContext[Any], script: str) -> dict[str, object]:
        who, key = caller(context), str(context.tool_call_id)
        try:
            if context.tool_call_approved:
                step = await _resumed(parked, context, script, caller=who, key=key)
            else:
                step = await parked.start(harness, script, caller=who, key=key, context={"session_id": who})
        except HarnessError as error:
            return outcome_data(Outcome(ok=False, error=error))
        if isinstance(step, Suspended):
            raise ApprovalRequired(
                {"run_id": step.run_id, "questions": [question_data(item) for item in step.requests]}
            )
        return outcome_data(step)

    toolset: FunctionToolset[Any] = FunctionToolset()
    toolset.add_function(
        run_script, name="run_script", description=harness.instructions(form="native", budget_tokens=budget_tokens)
    )
    return toolset


async def _resumed(
    parked: ParkedRuns, context: RunContext[Any], script: str, *, caller: str, key: str
) -> Outcome | Suspended:
    rounds = parked.rounds(caller=caller, key=key)
    if not rounds:
        raise RunError("run.lost", "the run that waited for this approval is gone", hint="run the script again")
    told = rounds[-1]
    given = (context.tool_call_metadata or {}).get("decisions", "approve")
    decisions = read_answers(given, told.requests)
    return await parked.resume(told.run_id, source=script, caller=caller, decisions=decisions)
