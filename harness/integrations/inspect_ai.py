"""inspect-ai: a tool `run_script` whose inner calls are decided by the approval policies of the evaluation.

    Task(dataset, solver=[use_tools(run_script([add, bash()])), generate()], approval="approvals.yaml")

Approvers see each inner call by its own name and arguments, and what they decide stands in the log as with any call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from harness.extras import missing_extra

try:
    from inspect_ai.approval._apply import (
        apply_tool_approval,
        have_tool_approval,
    )  # no public way to ask from inside a tool
    from inspect_ai.tool import Tool as InspectTool
    from inspect_ai.tool import ToolCall, ToolDef
    from inspect_ai.tool import tool as inspect_tool
except ModuleNotFoundError as error:
    raise missing_extra("inspect", error) from None

from harness.harness import Harness
from harness.outcome_data import outcome_data
from harness.parking import ParkedRuns, Suspended
from harness.tools.binding import Tool
from harness.types import ApprovalRequest
from policy.approval import Abort, Approve, Deny, ReviewDecision

NO_POLICY = "this evaluation has no approval policy, so nobody is asked"


@inspect_tool
def run_script(
    tools: Iterable[Tool | Callable[..., object] | InspectTool] = (),
    *,
    budget_tokens: int | None = None,
    **options: Any,
) -> InspectTool:
    """Make the tool.

    Args:
        tools: What scripts can call: tools of this package, typed functions, and tools of inspect-ai. Each call of the
            latter is decided by the evaluation's approval policies; without any, it runs, as it would alone.
        budget_tokens: For the tool's description, which tells the model the language and the tools.
        options: Further arguments of `Harness`.
    """
    foreign: set[str] = set()
    own = [_as_tool(item, foreign) for item in tools]

    async def execute(script: str) -> str:
        import json

        async with ParkedRuns() as parked, Harness(own, approver=parked, **options) as harness:
            step = await parked.start(harness, script, caller="inspect-ai")
            while isinstance(step, Suspended):
                decisions = {item.id: await _decision(item, is_foreign=item.tool in foreign) for item in step.requests}
                step = await parked.resume(step.run_id, source=script, caller="inspect-ai", decisions=decisions)
        return json.dumps(outcome_data(step), ensure_ascii=False)

    told = Harness(own, **options).instructions(form="native", budget_tokens=budget_tokens)
    return ToolDef(execute, name="run_script", description=told, parameters={"script": "The script."}).as_tool()


async def _decision(request: ApprovalRequest, *, is_foreign: bool) -> ReviewDecision:
    """Ask the evaluation's approvers about one inner call. Runs in the sample's own context."""
    if not have_tool_approval():
        return Approve() if is_foreign else Deny(NO_POLICY)
    call = ToolCall(id=request.id, function=request.tool, arguments=dict(request.arguments))
    may_run, approval = await apply_tool_approval(request.reason, call, None, [])
    said = "" if approval is None or approval.explanation is None else approval.explanation
    if approval is not None and approval.decision == "terminate":
        return Abort(said)
    if not may_run:
        return Deny(said)
    if approval is not None and approval.modified is not None:
        if approval.modified.function != request.tool:
            return Deny("the approver changed which tool is called")
        return Approve(arguments=approval.modified.arguments)
    return Approve()


def _as_tool(given: Tool | Callable[..., object] | InspectTool, foreign: set[str]) -> Tool | Callable[..., object]:
    if isinstance(given, Tool) or not _is_inspect_tool(given):
        return given
    defined = ToolDef(given)
    foreign.add(defined.name)

    async def handle(arguments: dict[str, Any]) -> object:
        result = await defined.tool(**arguments)
        return result if isinstance(result, (str, int, float, bool, list, dict)) else str(result)

    parameters = defined.parameters.model_dump(exclude_none=True)
    return Tool(defined.name, defined.description, parameters, handle, risk="execute", approval="always")


def _is_inspect_tool(given: object) -> bool:
    return hasattr(given, "__registry_info__")
