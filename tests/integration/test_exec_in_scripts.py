"""`exec` and `spawn` as a script uses them: through the whole pipeline, in a real worker."""

from __future__ import annotations

import time
from pathlib import Path

import anyio
import pytest

from harness import Harness
from harness.errors import DeniedError
from harness.events import CallFinished, OutputDelta
from harness.testing import ScriptedApprover
from policy.limits import Limits
from policy.settings import Settings
from tests.integration.running_commands import STRICT, is_gone, marker


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path.resolve() / "ws"
    folder.mkdir()
    return folder


async def test_F23_exec_stdout_and_stderr(workspace: Path) -> None:
    script = """
done = await tools.exec(["bash", "-c", "echo out; echo err >&2; exit 4"])
return [done.stdout, done.stderr, done.exit_code, done["sandbox"]["policy"]]
"""
    async with Harness(workspace=workspace) as harness:
        outcome = await harness.run(script)
    assert outcome.error is None
    assert outcome.value == ["out\n", "err\n", 4, "confined"]
    assert [call.approval for call in outcome.calls] == [None]


async def test_F04_commands_of_a_gather_run_side_by_side(workspace: Path) -> None:
    script = """
import asyncio
done = await asyncio.gather(*(tools.exec(["sleep", "1"]) for _ in range(4)))
return [each.exit_code for each in done]
"""
    async with Harness(workspace=workspace) as harness:
        outcome = await harness.run(script)
    assert outcome.value == [0, 0, 0, 0]
    assert outcome.usage.wall_time_s < 3.5


async def test_F24_a_shell_line_is_refused_with_what_to_write(workspace: Path) -> None:
    script = """
line = "ls | wc"
try:
    await tools.exec(line)
except ToolError as error:
    return [error.code, error.hint]
"""
    async with Harness(workspace=workspace) as harness:
        outcome = await harness.run(script)
    assert outcome.error is None
    assert outcome.value[0] == "tool.invalid_arguments"
    assert """["bash", "-lc", 'ls | wc']""" in outcome.value[1]


async def test_E07_deltas_are_events_of_the_run(workspace: Path) -> None:
    script = 'return (await tools.exec(["bash", "-c", "echo a; sleep 0.2; echo b >&2"])).exit_code'
    heard = []
    async with Harness(workspace=workspace) as harness, harness.stream(script) as events:
        async for event in events:
            if isinstance(event, OutputDelta):
                heard.append((event.stream, event.text))
            if isinstance(event, CallFinished):
                heard.append(("", "finished"))
    assert heard == [("stdout", "a\n"), ("stderr", "b\n"), ("", "finished")]


async def test_E03_the_limit_of_a_run_ends_its_commands(workspace: Path) -> None:
    name = marker()
    script = f"""
import asyncio
await asyncio.gather(tools.exec(["bash", "-c", "trap '' TERM; setsid sleep {name} & sleep {name}"], timeout_s=60),
                     asyncio.sleep(60))
"""
    async with Harness(workspace=workspace, limits=Limits(wall_time_s=1)) as harness:
        started = time.monotonic()
        outcome = await harness.run(script)
        assert time.monotonic() - started < 10
        assert await is_gone(name)
    assert outcome.error is not None
    assert outcome.error.code == "limit.wall_time"


async def test_F27_the_output_of_a_command_that_outlasts_the_run_still_comes(workspace: Path) -> None:
    script = 'done = await tools.exec(["bash", "-c", "echo part; sleep 60"], timeout_s=60)\nreturn [done.timed_out, done.stdout]'
    async with Harness(workspace=workspace, limits=Limits(wall_time_s=2)) as harness:
        outcome = await harness.run(script)
    assert outcome.value == [True, "part\n"]


async def test_E04_cancelling_the_run_ends_its_commands(workspace: Path) -> None:
    name = marker()
    async with Harness(workspace=workspace) as harness:
        with anyio.move_on_after(1) as scope:
            await harness.run(f'await tools.exec(["bash", "-c", "setsid sleep {name} & sleep {name}"])')
        assert scope.cancelled_caught
        assert await is_gone(name)


async def test_a_call_that_a_timeout_of_the_script_cancels_ends_its_command(workspace: Path) -> None:
    name = marker()
    script = f"""
import asyncio
try:
    async with asyncio.timeout(0.5):
        await tools.exec(["sleep", "{name}"])
except TimeoutError:
    return "went on"
"""
    async with Harness(workspace=workspace) as harness:
        outcome = await harness.run(script)
        assert outcome.value == "went on"
        assert await is_gone(name)


async def test_E06_after_a_denial_one_question_and_one_attempt_without_the_sandbox(workspace: Path) -> None:
    outside = workspace.parent / "outside"
    script = (
        f'done = await tools.exec(["bash", "-c", "echo x >> {outside}"])\nreturn [done.exit_code, done.sandbox.policy]'
    )
    approver = ScriptedApprover([True])
    settings = Settings(sandbox=STRICT, approval_policy="on-failure")
    async with Harness(workspace=workspace, approver=approver, settings=settings) as harness:
        outcome = await harness.run(script)
    assert outcome.value == [0, "unsandboxed"]
    assert outside.read_text() == "x\n"
    (asked,) = approver.requests
    assert asked.is_retry
    assert f"{outside} lies outside of the writable folders" in asked.reason


async def test_E06_a_refused_retry_leaves_the_first_result(workspace: Path) -> None:
    outside = workspace.parent / "outside"
    script = (
        f'done = await tools.exec(["touch", "{outside}"])\nreturn [done.exit_code, done.sandbox.policy, done.denied]'
    )
    approver = ScriptedApprover([False])
    settings = Settings(sandbox=STRICT, approval_policy="on-failure")
    async with Harness(workspace=workspace, approver=approver, settings=settings) as harness:
        outcome = await harness.run(script)
    assert outcome.value == [1, "confined", [f"{outside} lies outside of the writable folders"]]
    assert not outside.exists()


async def test_leaving_the_sandbox_is_asked_with_its_justification(workspace: Path) -> None:
    outside = workspace.parent / "outside"
    script = f'await tools.exec(["touch", "{outside}"], sandbox="unsandboxed", justification="to mark it")'
    approver = ScriptedApprover([True])
    async with Harness(workspace=workspace, approver=approver, settings=Settings(sandbox=STRICT)) as harness:
        outcome = await harness.run(script)
    assert outcome.error is None
    assert outside.exists()
    assert "to mark it" in approver.requests[0].reason
    assert approver.requests[0].leaves_sandbox


async def test_leaving_the_sandbox_is_forbidden_where_nobody_is_ever_asked(workspace: Path) -> None:
    settings = Settings(sandbox=STRICT, approval_policy="never")
    async with Harness(workspace=workspace, settings=settings) as harness:
        record = await harness.call("exec", {"command": ["touch", "x"], "sandbox": "unsandboxed"})
    assert isinstance(record.error, DeniedError)
    assert record.error.code == "policy.forbidden"
    assert not (workspace / "x").exists()


async def test_a_missing_program_asks_nobody(workspace: Path) -> None:
    approver = ScriptedApprover()
    settings = Settings(approval_policy="unless-trusted")
    async with Harness(workspace=workspace, approver=approver, settings=settings) as harness:
        record = await harness.call("exec", {"command": ["gitt", "status"]})
    assert record.error is not None
    assert record.error.code == "tool.failed"
    assert approver.requests == []


@pytest.mark.parametrize(
    "arguments",
    [{"command": ["ls", "\udcff"]}, {"command": ["ls"], "env": {"A": "\ud800"}}, {"command": ["ls", object()]}],
)
async def test_F24_what_is_no_JSON_is_refused_and_recorded(workspace: Path, arguments: dict[str, object]) -> None:
    async with Harness(workspace=workspace, audit=workspace.parent / "audit.jsonl") as harness:
        record = await harness.call("exec", arguments)
    assert record.error is not None
    assert record.error.code == "tool.invalid_arguments"
    assert "no JSON data" in record.error.message


@pytest.mark.parametrize("arguments", [{"env": {"A": "1"}}, {}])
async def test_a_harmless_command_is_asked_about_when_it_sets_variables(
    workspace: Path, arguments: dict[str, object]
) -> None:
    approver = ScriptedApprover([True])
    settings = Settings(approval_policy="unless-trusted")
    async with Harness(workspace=workspace, approver=approver, settings=settings) as harness:
        record = await harness.call("exec", {"command": ["ls"], **arguments})
    assert record.status == "ok"
    assert len(approver.requests) == len(arguments)


async def test_spawn_is_off_unless_the_settings_say_so(workspace: Path) -> None:
    async with Harness(workspace=workspace) as harness:
        assert [tool.name for tool in harness.tools if tool.name.startswith("spawn")] == []
        assert "exec" in [tool.name for tool in harness.tools]


async def test_a_spawned_command_outlives_its_script_and_ends_with_the_harness(workspace: Path) -> None:
    name = marker()
    start = f"""
started = await tools.spawn.exec(["bash", "-c", "echo up; sleep {name}"])
return started.id
"""
    look = """
seen = await tools.spawn.poll("%s", wait_s=0.5)
return [seen.running, seen.stdout]
"""
    async with Harness(workspace=workspace, settings=Settings(spawn=True)) as harness:
        first = await harness.run(start)
        assert first.error is None
        second = await harness.run(look % first.value)
        assert second.value == [True, "up\n"]
    assert await is_gone(name)
