"""`spawn.exec`, `spawn.poll`, `spawn.cancel`: commands that go on while the script does other things.

They belong to the harness: a later script of it may poll what an earlier one started, if it knows the id, and whatever
still runs when the harness is closed is ended with it.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from math import inf
from typing import Any, ClassVar, TypeAlias

import anyio
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import to_json

from harness.confine.command import Launcher, RunningCommand
from harness.errors import CallError
from harness.tools.binding import Tool, ToolContext
from harness.tools.builtin.command_attempt import Attempt, describe_sandbox, end_tree, refusals, run_to_end, start
from harness.tools.builtin.command_output import OutputSinceLastLook
from harness.tools.builtin.command_request import (
    Argv,
    CommandRequest,
    Cwd,
    Decided,
    Env,
    Justification,
    SandboxChoice,
)
from harness.tools.builtin.exec import fitted
from harness.tools.builtin.repositories import repositories_of
from harness.tools.builtin.workspace import shown
from policy.effects import Effect, Executes
from policy.grants import Grants
from policy.limits import Limits
from policy.settings import Settings

MAX_RUNNING = 8
"""Spawned commands of one harness that run at once."""

_MAX_ENDED = 32  # whose end is remembered; the oldest are forgotten first
_LONGEST_WAIT_S = 60.0
_BEFORE_THE_DEADLINE_S = 0.25

StartTask: TypeAlias = Callable[[Callable[[], Coroutine[Any, Any, None]]], None]


class Spawn(CommandRequest):
    """Arguments of `spawn.exec`."""

    tool_name: ClassVar[str] = "spawn.exec"

    command: Argv
    cwd: Cwd = None
    env: Env = None
    sandbox: SandboxChoice = "default"
    justification: Justification = ""


class Poll(BaseModel):
    """Arguments of `spawn.poll`."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(description="What spawn.exec returned as id.")
    wait_s: float = Field(0, ge=0, le=_LONGEST_WAIT_S, description="Seconds to wait for its end at most.")


class Cancel(BaseModel):
    """Arguments of `spawn.cancel`."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(description="What spawn.exec returned as id.")


def spawn_tools(
    workspace: str,
    *,
    launcher: Launcher,
    settings: Callable[[], Settings],
    limits: Limits,
    start_task: StartTask,
) -> list[Tool]:
    """Make the tools `spawn.exec`, `spawn.poll` and `spawn.cancel`.

    `spawn.exec` returns `{"id", "pid", "sandbox"}` as soon as the command was started. The other two return `{"id",
    "running", "exit_code", "signal", "timed_out", "duration_s", "stdout", "stderr", "stdout_dropped_bytes",
    "stderr_dropped_bytes", "denied"}`: the output since the last look, the rest null while it runs. A command is ended
    after `wall_time_s` of its resources, with the harness, and with the host.

    Errors: as `exec`; `tool.failed` for an id that is unknown, and for one command more than may run.

    Args:
        workspace: Folder that commands start in.
        launcher: Starts them.
        settings: The settings in force; asked once for each call.
        limits: `stream_bytes` and `result_bytes` are heeded.
        start_task: Starts a task that is cancelled when the harness is closed.
    """
    root = os.path.realpath(workspace)
    spawned = _Spawned(launcher, limits, start_task)
    return [_exec_tool(spawned, root, settings), _poll_tool(spawned), _cancel_tool(spawned)]


def _exec_tool(spawned: _Spawned, root: str, settings: Callable[[], Settings]) -> Tool:
    repositories = repositories_of(root, settings())

    def decided(arguments: Spawn, grants: Grants) -> Decided:
        return arguments.decided(root, settings(), grants, repositories=repositories)

    def effect(arguments: Spawn, grants: Grants) -> Effect:
        return Executes(decided(arguments, grants).command)

    async def handle(arguments: Spawn, context: ToolContext) -> object:
        return await spawned.start(decided(arguments, context.grants), context.grants)

    return Tool(
        name="spawn.exec",
        description=(
            "Start a command in the workspace and return at once: a dict with id, pid and sandbox. Takes a list "
            "of words, as exec does. Look at it with spawn.poll(id=...), end it with spawn.cancel(id=...); at most "
            f"{MAX_RUNNING} run at once."
        ),
        parameters=Spawn,
        handler=handle,
        risk="execute",
        effect=effect,
        takes_context=True,
        returns=_STARTED,
    )


def _poll_tool(spawned: _Spawned) -> Tool:
    async def handle(arguments: Poll, context: ToolContext) -> object:
        command = spawned.find(arguments.id)
        left = inf if context.deadline is None else max(0.0, context.deadline - _BEFORE_THE_DEADLINE_S)
        with anyio.move_on_after(min(arguments.wait_s, left)):
            await command.over.wait()
        return await command.look(spawned.limits.result_bytes)

    return Tool(
        name="spawn.poll",
        description=(
            "Look at a spawned command. Returns a dict with id, running, stdout and stderr (since the last "
            "look), and once it has ended exit_code, signal, timed_out, duration_s and denied."
        ),
        parameters=Poll,
        handler=handle,
        takes_context=True,
        returns=_LOOK,
    )


def _cancel_tool(spawned: _Spawned) -> Tool:
    async def handle(arguments: Cancel) -> object:
        command = spawned.find(arguments.id)
        await end_tree(command.running)
        await command.over.wait()
        return await command.look(spawned.limits.result_bytes)

    return Tool(
        name="spawn.cancel",
        description="End a spawned command with all it started, and return what spawn.poll does.",
        parameters=Cancel,
        handler=handle,
        returns=_LOOK,
    )


class _Spawned:
    """The spawned commands of one harness, by id."""

    def __init__(self, launcher: Launcher, limits: Limits, start_task: StartTask) -> None:
        self._launcher = launcher
        self.limits = limits
        self._start_task = start_task
        self._commands: dict[str, _Detached] = {}
        self._starting = 0

    def find(self, command_id: str) -> _Detached:
        try:
            return self._commands[command_id]
        except KeyError:
            raise CallError(
                "tool.failed",
                f"there is no spawned command {shown(command_id)}",
                hint="ids come from tools.spawn.exec(...), and are forgotten some time after the command's end",
            ) from None

    async def start(self, decided: Decided, grants: Grants) -> dict[str, object]:
        if self._starting + sum(not one.over.is_set() for one in self._commands.values()) >= MAX_RUNNING:
            raise CallError(
                "tool.failed",
                f"{MAX_RUNNING} spawned commands are running, which is the most at once",
                hint="end one with tools.spawn.cancel(id=...), or wait with tools.spawn.poll(id=..., wait_s=...)",
                details={"limit": "spawned commands", "used": MAX_RUNNING, "allowed": MAX_RUNNING},
            )
        began = time.monotonic()
        self._starting += 1
        try:
            running = await start(self._launcher, decided, grants)
        finally:
            self._starting -= 1
        command = _Detached(running, decided, grants, self.limits.stream_bytes, began)
        self._start_task(command.attend)
        self._forget_old()
        self._commands[command.id] = command
        return {"id": command.id, "pid": running.pid, "sandbox": describe_sandbox(running, grants)}

    def _forget_old(self) -> None:
        ended = [name for name, command in self._commands.items() if command.over.is_set()]
        for name in ended[: max(0, len(ended) - _MAX_ENDED + 1)]:
            del self._commands[name]


@dataclass(slots=True, eq=False)
class _Detached:
    """One spawned command. The id is not to be guessed: who has it may read its output and end it."""

    running: RunningCommand
    decided: Decided
    grants: Grants
    max_bytes: int
    began: float
    id: str = field(default_factory=lambda: "c" + secrets.token_hex(12))
    over: anyio.Event = field(default_factory=anyio.Event)
    attempt: Attempt | None = None
    stdout: OutputSinceLastLook = field(init=False)
    stderr: OutputSinceLastLook = field(init=False)

    def __post_init__(self) -> None:
        self.stdout, self.stderr = OutputSinceLastLook(self.max_bytes), OutputSinceLastLook(self.max_bytes)

    async def attend(self) -> None:
        """Take its output until it ends, and end it when the harness is closed."""
        try:
            self.attempt = await run_to_end(
                self.running,
                self.decided,
                self.grants,
                began=self.began,
                timeout_s=self.decided.resources.wall_time_s or inf,
                stdout=self.stdout,
                stderr=self.stderr,
            )
        finally:
            self.over.set()

    async def look(self, result_bytes: int) -> dict[str, object]:
        ending = self.attempt.ending if self.attempt else None
        denied, ceilings = await refusals(ending, self.grants) if ending else ((), ())
        told: dict[str, object] = {
            "id": self.id,
            "running": not self.over.is_set(),
            "exit_code": ending.exit_code if ending else None,
            "signal": ending.signal if ending else None,
            "timed_out": ending.timed_out if ending else None,
            "duration_s": round(self.attempt.duration_s, 4) if self.attempt else None,
            "denied": [*denied, *ceilings],
        }
        is_over = self.over.is_set()
        stdout, stderr = self.stdout.taken(final=is_over), self.stderr.taken(final=is_over)
        return {**told, **fitted(stdout, stderr, max_json_bytes=result_bytes - len(to_json(told)))}


_STARTED = {
    "type": "object",
    "properties": {"id": {"type": "string"}, "pid": {"type": "integer"}, "sandbox": {"type": "object"}},
}
_LOOK = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "running": {"type": "boolean"},
        "exit_code": {"type": ["integer", "null"]},
        "signal": {"type": ["string", "null"]},
        "timed_out": {"type": ["boolean", "null"]},
        "duration_s": {"type": ["number", "null"]},
        "denied": {"type": "array", "items": {"type": "string"}},
        "stdout": {"type": "string"},
        "stderr": {"type": "string"},
        "stdout_dropped_bytes": {"type": "integer"},
        "stderr_dropped_bytes": {"type": "integer"},
    },
}
