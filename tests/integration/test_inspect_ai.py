"""An evaluation of inspect-ai with its own fake model: approvers decide the calls inside a script."""

from __future__ import annotations

import gc
import json
from pathlib import Path
from typing import Any

import pytest
from inspect_ai import Task, eval_async
from inspect_ai.approval import Approval, ApprovalPolicy, Approver, approver
from inspect_ai.dataset import Sample
from inspect_ai.log import EvalLog
from inspect_ai.model import ModelOutput, ModelUsage, get_model
from inspect_ai.solver import generate, use_tools
from inspect_ai.tool import Tool, ToolCall, tool

from harness.integrations.inspect_ai import NO_POLICY, run_script
from tests.integration.integration_tools import LOOKED, SENT, forget, look, send

# inspect-ai's own: it uses deprecated parameters of its retries, and leaves streams of its own open.
pytestmark = pytest.mark.filterwarnings(
    "ignore:The 'initial' parameter:DeprecationWarning",
    "ignore::ResourceWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
)

SCRIPT = 'return [await tools.look(), await tools.send(to="a"), await tools.shout(text="hi")]'


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"  # inspect-ai runs on asyncio unless it is told otherwise


@pytest.fixture(autouse=True)
def _beginning() -> None:
    forget()


@tool
def shout() -> Tool:
    async def execute(text: str) -> str:
        """Say it loudly.

        Args:
            text: What to say.
        """
        return text.upper()

    return execute


@approver
def deciding(decisions: dict[str, Any]) -> Approver:
    async def decide(message: str, call: ToolCall, view: Any, history: Any) -> Approval:
        given = decisions.get(call.function, "approve")
        if isinstance(given, dict):
            modified = ToolCall(id=call.id, function=call.function, arguments=given)
            return Approval(decision="modify", modified=modified)
        return Approval(decision=given, explanation=f"it is {call.function}")

    return decide


async def evaluated(folder: Path, script: str = SCRIPT, decisions: dict[str, Any] | None = None) -> tuple[Any, EvalLog]:
    """Run an evaluation of one sample; return what the model was told of its script."""
    outputs = [
        ModelOutput.for_tool_call("mockllm/model", "run_script", {"script": script}),
        ModelOutput.from_content("mockllm/model", "done"),
    ]
    for output in outputs:
        output.usage = ModelUsage()  # otherwise it is estimated, with data from the network
    task = Task(
        dataset=[Sample("go")],
        solver=[use_tools(run_script([send, look, shout()])), generate()],
        approval=None if decisions is None else [ApprovalPolicy(deciding(decisions), "*")],
    )
    model = get_model("mockllm/model", custom_outputs=outputs)
    [log] = await eval_async(task, model=model, log_dir=str(folder))
    gc.collect()  # what inspect-ai leaves open is complained of here, where that is expected, not in a later test
    assert log.status == "success", log.error
    assert log.samples is not None
    [message] = [item for item in log.samples[0].messages if item.role == "tool"] or [None]
    return (None if message is None else json.loads(message.text)), log


async def test_approvers_decide_the_calls_inside_a_script(tmp_path: Path) -> None:
    told, log = await evaluated(tmp_path, decisions={})
    assert (told["value"], SENT) == ([7, "sent to a", "HI"], ["a"])
    assert log.samples is not None
    approvals = [event.call.function for event in log.samples[0].events if event.event == "approval"]
    assert approvals == ["run_script", "send", "shout"]


async def test_a_rejected_call_is_denied_and_says_why(tmp_path: Path) -> None:
    told, _ = await evaluated(tmp_path, decisions={"send": "reject"})
    assert (told["error"]["code"], SENT) == ("approval.denied", [])
    assert "it is send" in told["error"]["message"]


async def test_a_modified_call_is_made_as_modified(tmp_path: Path) -> None:
    told, _ = await evaluated(tmp_path, decisions={"send": {"to": "b"}})
    assert (told["value"][1], SENT) == ("sent to b", ["b"])


async def test_terminate_ends_the_script(tmp_path: Path) -> None:
    told, _ = await evaluated(tmp_path, decisions={"send": "terminate"})
    assert (told["error"]["code"], SENT) == ("approval.aborted", [])


async def test_without_a_policy_foreign_tools_run_as_alone_and_own_questions_are_denied(tmp_path: Path) -> None:
    told, _ = await evaluated(tmp_path, "return await tools.shout(text='hi')")
    assert told["value"] == "HI"
    told, _ = await evaluated(tmp_path)
    assert (NO_POLICY in told["error"]["message"], SENT, LOOKED) == (True, [], [1])
