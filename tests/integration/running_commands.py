"""`exec` and `spawn` as the orchestrator calls them: validated, their effect stated, then invoked under grants."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio

from harness.confine.command import Launcher
from harness.tools.binding import Tool, ToolContext
from harness.tools.builtin.exec import exec_tools
from harness.tools.builtin.spawn import spawn_tools
from policy.effects import Command, Executes
from policy.grants import Grants
from policy.limits import Limits
from policy.sandbox import NetworkAccess, WorkspaceWrite, grants
from policy.settings import Settings

STRICT = WorkspaceWrite(tmp=False, tmpdir=False)
"""Nothing but the workspace may be written: the folders of tests lie in /tmp."""

_numbers = itertools.count(1)


def marker() -> str:
    """A duration for sleep(1) that no other process has."""
    return f"{300 + os.getpid() % 600}.{next(_numbers):05}"


class Commands:
    """The tools, and what their calls said beside their results."""

    def __init__(self, tools: Mapping[str, Tool], granted: Grants) -> None:
        self.tools = tools
        self.grants = granted
        self.denied: list[str] = []
        self.deltas: list[tuple[float, str, str]] = []

    def judged(self, tool: str = "exec", **arguments: object) -> Command:
        """What would be decided about."""
        made = self.tools[tool]
        effect = made.effect_of(made.validated(arguments), self.grants)
        assert isinstance(effect, Executes)
        assert effect.command is not None
        return effect.command

    async def exec(self, *command: str, **arguments: object) -> dict[str, Any]:
        """Run a command to its end."""
        return await self.call("exec", command=list(command), **arguments)

    async def call(
        self,
        tool: str,
        *,
        granted: Grants | None = None,
        deadline: float | None = None,
        between: Callable[[], object] = lambda: None,
        **arguments: object,
    ) -> dict[str, Any]:
        """Call a tool; `between` happens after the decision, before the attempt."""
        made = self.tools[tool]
        validated = made.validated(arguments)
        made.effect_of(validated, self.grants)
        between()
        result = await made.invoke(
            validated,
            lambda: ToolContext(
                call_id="1",
                deadline=deadline,
                grants=granted or self.grants,
                report_denied=self.denied.extend,
                emit_delta=lambda stream, text: self.deltas.append((time.monotonic(), stream, text)),
            ),
        )
        assert isinstance(result, dict)
        return result


@asynccontextmanager
async def commands_in(
    workspace: Path,
    *,
    settings: Settings | None = None,
    limits: Limits | None = None,
    confinement: str = "required",
    granted: Grants | None = None,
) -> AsyncIterator[Commands]:
    """Open the tools for a folder; everything that runs ends with the block."""
    chosen = settings or Settings(sandbox=STRICT)
    root = str(workspace)
    found = granted or grants(chosen.sandbox, NetworkAccess(), workspace=root)
    async with Launcher(confinement=confinement) as launcher, anyio.create_task_group() as tasks:
        tools = [
            *exec_tools(root, launcher=launcher, settings=lambda: chosen, limits=limits or Limits()),
            *spawn_tools(
                root,
                launcher=launcher,
                settings=lambda: chosen,
                limits=limits or Limits(),
                start_task=tasks.start_soon,
            ),
        ]
        yield Commands({tool.name: tool for tool in tools}, found)
        tasks.cancel_scope.cancel()


def alive(marker: str) -> list[int]:
    """Processes that have a text in their command line, zombies excluded."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if marker in line and int(pid) != os.getpid():
            found.append(int(pid))
    return found


async def is_gone(marker: str, *, within_s: float = 2.0) -> bool:
    """Say whether no process with a text in its command line is left after a while."""
    deadline = time.monotonic() + within_s
    while alive(marker):
        if time.monotonic() > deadline:
            return False
        await anyio.sleep(0.01)
    return True


async def has_come(marker: str, *, count: int, within_s: float = 20.0) -> bool:
    """Say whether so many processes with a text in their command line appear within a while."""
    deadline = time.monotonic() + within_s
    while len(alive(marker)) < count:
        if time.monotonic() > deadline:
            return False
        await anyio.sleep(0.02)
    return True
