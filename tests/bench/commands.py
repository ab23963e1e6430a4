"""Commands: what a start costs beside a plain spawn, what the sandbox costs while they run, when their output comes."""

from __future__ import annotations

import functools
import os
import sys
import tempfile
import time
from time import perf_counter

import anyio

from harness.confine.command import Launcher
from harness.tools.binding import Tool, ToolContext
from harness.tools.builtin.exec import exec_tools
from policy.grants import Grants
from policy.limits import Limits
from policy.sandbox import NetworkAccess, WorkspaceWrite, grants
from policy.settings import Settings
from tests.bench.samples import Row, Take, take_in_turns

TRUE = "exec of `true`"
COMPUTING = "a command that computes"
DELTA = "output of a command to the listener"

SANDBOXED = "toolscript, in the sandbox"
UNSANDBOXED = "toolscript, without the sandbox"
PLAIN = "plain spawn"
PYTHON = [os.path.realpath(sys.executable), "-I", "-S", "-c"]
COMPUTE = "s = 0\nfor i in range(6_000_000):\n    s += i * i\n"
LINES = 20
STAMP = f"import time\nfor _ in range({LINES}):\n    print(time.monotonic(), flush=True)\n    time.sleep(0.012)\n"


async def measure(*, rounds: int) -> list[Row]:
    """Measure on asyncio; numbers of trio differ by less than the noise."""
    with tempfile.TemporaryDirectory() as folder:
        async with Launcher() as launcher:
            confined = grants(WorkspaceWrite(), NetworkAccess(), workspace=folder)
            (tool,) = exec_tools(folder, launcher=launcher, settings=Settings, limits=Limits())
            run = functools.partial(run_command, tool)
            turns = functools.partial(take_in_turns, unit="ms", pause_s=0.01)
            starts: dict[str, Take] = {
                SANDBOXED: functools.partial(run, ["true"], confined),
                UNSANDBOXED: functools.partial(run, ["true"], Grants(is_confined=False)),
                PLAIN: functools.partial(run_plain, ["true"], folder),
            }
            computing: dict[str, Take] = {
                SANDBOXED: functools.partial(run, [*PYTHON, COMPUTE], confined),
                PLAIN: functools.partial(run_plain, [*PYTHON, COMPUTE], folder),
            }
            return [
                *await turns(TRUE, starts, rounds=rounds),
                *await turns(COMPUTING, computing, rounds=max(5, rounds * 2 // 5)),  # the bound is two per cent
                await deltas(tool, confined, [*PYTHON, STAMP], rounds=max(5, rounds // 10)),
            ]


async def run_command(tool: Tool, command: list[str], granted: Grants) -> float:
    """Milliseconds from the call to its result, through all of the tool."""
    elapsed, _ = await called(tool, command, granted)
    return elapsed * 1e3


async def run_plain(command: list[str], folder: str) -> float:
    started = perf_counter()
    await anyio.run_process(command, cwd=folder)
    return (perf_counter() - started) * 1e3


async def called(tool: Tool, command: list[str], granted: Grants) -> tuple[float, list[tuple[float, str]]]:
    """Seconds that a call takes, and its output with the time it was heard."""
    heard: list[tuple[float, str]] = []
    context = ToolContext(
        call_id="1",
        grants=granted,
        emit_delta=lambda stream, text: heard.append((time.monotonic(), text)),
    )
    started = perf_counter()
    arguments = tool.validated({"command": command, "timeout_s": 60})
    tool.effect_of(arguments, granted)
    result = await tool.invoke(arguments, lambda: context)
    elapsed = perf_counter() - started
    assert isinstance(result, dict)
    assert result["exit_code"] == 0, result
    return elapsed, heard


async def deltas(tool: Tool, granted: Grants, command: list[str], *, rounds: int) -> Row:
    """Milliseconds from a line's printing to the listener, by the one clock that both have."""
    row = Row(DELTA, SANDBOXED, "ms", note=f"lines 12 ms apart, {LINES} of a command")
    for _ in range(rounds):
        _, heard = await called(tool, command, granted)
        row.samples += [(at - float(line)) * 1e3 for at, text in heard for line in text.split()]
    return row
