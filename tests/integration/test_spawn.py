"""`spawn.exec`, `spawn.poll` and `spawn.cancel`, with real processes."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest

from harness.errors import CallError
from policy.limits import Limits
from policy.settings import PRESETS, Settings
from tests.integration.running_commands import STRICT, Commands, commands_in, is_gone, marker


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path.resolve() / "ws"
    folder.mkdir()
    return folder


@pytest.fixture
async def commands(workspace: Path) -> AsyncIterator[Commands]:
    async with commands_in(workspace) as opened:
        yield opened


async def spawned(commands: Commands, *command: str, **arguments: object) -> str:
    started = await commands.call("spawn.exec", command=list(command), **arguments)
    return str(started["id"])


async def test_a_spawned_command_goes_on_while_other_calls_are_made(commands: Commands) -> None:
    started = await commands.call("spawn.exec", command=["bash", "-c", "echo one; sleep 0.4; echo two; exit 3"])
    assert set(started) == {"id", "pid", "sandbox"}
    assert started["pid"] > 1
    assert started["sandbox"]["policy"] == "confined"
    assert (await commands.exec("echo", "meanwhile"))["stdout"] == "meanwhile\n"
    early = await commands.call("spawn.poll", id=started["id"], wait_s=0.2)
    assert (early["running"], early["exit_code"], early["stdout"]) == (True, None, "one\n")
    late = await commands.call("spawn.poll", id=started["id"], wait_s=10)
    assert (late["running"], late["exit_code"], late["stdout"]) == (False, 3, "two\n")
    assert late["duration_s"] >= 0.4
    again = await commands.call("spawn.poll", id=started["id"])
    assert (again["exit_code"], again["stdout"], again["denied"]) == (3, "", [])


async def test_a_poll_returns_as_soon_as_the_command_ended(commands: Commands) -> None:
    name = await spawned(commands, "sleep", "0.2")
    began = time.monotonic()
    assert (await commands.call("spawn.poll", id=name, wait_s=30))["running"] is False
    assert time.monotonic() - began < 10


async def test_a_poll_does_not_wait_beyond_the_runs_deadline(commands: Commands) -> None:
    name = await spawned(commands, "sleep", "60")
    began = time.monotonic()
    assert (await commands.call("spawn.poll", id=name, wait_s=30, deadline=0.5))["running"] is True
    assert time.monotonic() - began < 10


async def test_cancel_ends_the_whole_tree_and_may_be_repeated(commands: Commands) -> None:
    sleeper = marker()
    name = await spawned(commands, "bash", "-c", f"trap '' TERM; echo up; setsid sleep {sleeper} & sleep {sleeper}")
    await commands.call("spawn.poll", id=name, wait_s=0.2)
    ended = await commands.call("spawn.cancel", id=name)
    assert (ended["running"], ended["signal"]) == (False, "SIGKILL")
    assert await is_gone(sleeper)
    assert (await commands.call("spawn.cancel", id=name))["signal"] == "SIGKILL"


async def test_what_still_runs_ends_with_the_harness(workspace: Path) -> None:
    sleeper = marker()
    async with commands_in(workspace) as commands:
        await spawned(commands, "bash", "-c", f"setsid sleep {sleeper} & sleep {sleeper}")
        await anyio.sleep(0.1)
    assert await is_gone(sleeper)


async def test_a_poll_may_not_wait_longer_than_a_minute(commands: Commands) -> None:
    assert commands.tools["spawn.poll"].validated({"id": "c1", "wait_s": 60})
    with pytest.raises(CallError, match="wait_s"):
        commands.tools["spawn.poll"].validated({"id": "c1", "wait_s": 60.1})


async def test_only_so_many_run_at_once(commands: Commands) -> None:
    names = [await spawned(commands, "sleep", "60") for _ in range(8)]
    with pytest.raises(CallError) as caught:
        await spawned(commands, "sleep", "60")
    assert caught.value.code == "tool.failed"
    assert caught.value.message == "8 spawned commands are running, which is the most at once"
    assert caught.value.details == {"limit": "spawned commands", "used": 8, "allowed": 8}
    await commands.call("spawn.cancel", id=names[0])
    assert await spawned(commands, "true")


async def test_calls_at_once_cannot_start_more_than_may_run(commands: Commands) -> None:
    refused: list[str] = []

    async def one() -> None:
        try:
            await spawned(commands, "sleep", "60")
        except CallError as error:
            refused.append(error.code)

    async with anyio.create_task_group() as tasks:
        for _ in range(12):
            tasks.start_soon(one)
    assert len(refused) == 4


async def test_an_end_is_remembered_and_old_ones_are_forgotten(commands: Commands) -> None:
    names = []
    for _ in range(34):
        names.append(await spawned(commands, "true"))
        await commands.call("spawn.poll", id=names[-1], wait_s=5)
    assert (await commands.call("spawn.poll", id=names[-1]))["exit_code"] == 0
    with pytest.raises(CallError, match="there is no spawned command"):
        await commands.call("spawn.poll", id=names[0])


@pytest.mark.parametrize("name", ["", "1", "c000000000000000000000000", "x" * 10_000])
async def test_an_unknown_id_is_said(commands: Commands, name: str) -> None:
    for tool in ("spawn.poll", "spawn.cancel"):
        with pytest.raises(CallError) as caught:
            await commands.call(tool, id=name)
        assert caught.value.code == "tool.failed"
        assert len(caught.value.message) < 300


async def test_ids_are_not_to_be_guessed(commands: Commands) -> None:
    names = {await spawned(commands, "true") for _ in range(5)}
    assert len(names) == 5
    assert all(len(name) == 25 for name in names)


async def test_output_between_two_looks_is_capped_and_a_character_waits_for_its_rest(workspace: Path) -> None:
    async with commands_in(workspace, limits=Limits(stream_bytes=2_000)) as commands:
        name = await spawned(
            commands, "bash", "-c", r"printf '\xe2\x82'; sleep 0.5; printf '\xac'; head -c 100000 /dev/zero"
        )
        await anyio.sleep(0.25)
        first = await commands.call("spawn.poll", id=name)
        second = await commands.call("spawn.poll", id=name, wait_s=5)
    assert (first["stdout"], first["stdout_dropped_bytes"]) == ("", 0)
    assert second["stdout"].startswith("€\0")
    assert second["stdout_dropped_bytes"] == 100_003 - 2_000


async def test_what_the_sandbox_refused_is_told_at_the_end(commands: Commands, workspace: Path) -> None:
    name = await spawned(commands, "bash", "-c", f"echo x > {workspace.parent}/outside")
    ended = await commands.call("spawn.poll", id=name, wait_s=5)
    assert ended["exit_code"] == 1
    assert ended["denied"] == [f"{workspace.parent}/outside lies outside of the writable folders"]


async def test_it_is_ended_when_its_resources_say_so(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    short = PRESETS["moderate"].model_copy(update={"wall_time_s": 1})
    monkeypatch.setitem(PRESETS, "moderate", short)
    async with commands_in(workspace, settings=Settings(sandbox=STRICT)) as commands:
        name = await spawned(commands, "sleep", "60")
        ended = await commands.call("spawn.poll", id=name, wait_s=10)
    assert (ended["timed_out"], ended["exit_code"]) == (True, 124)


async def test_what_is_judged_is_what_exec_would_have_judged(commands: Commands) -> None:
    arguments = {"command": ["ls", "-l"], "env": {"A": "1"}, "sandbox": "unsandboxed", "justification": "why"}
    assert commands.judged("spawn.exec", **arguments) == commands.judged("exec", **arguments)
    with pytest.raises(CallError, match=r"tools\.spawn\.exec: command is a list"):
        commands.judged("spawn.exec", command="ls -l")
