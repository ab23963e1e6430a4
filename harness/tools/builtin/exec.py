"""`exec`: a command, run to its end in its sandbox."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from math import inf
from typing import ClassVar

from pydantic import Field
from pydantic_core import to_json

from harness.confine.command import Launcher
from harness.tools.binding import Tool, ToolContext
from harness.tools.builtin.command_attempt import Attempt, refusals, run_to_end, start
from harness.tools.builtin.command_output import KeptOutput
from harness.tools.builtin.command_request import (
    Argv,
    CommandRequest,
    Cwd,
    Decided,
    Env,
    Justification,
    SandboxChoice,
)
from harness.tools.builtin.repositories import repositories_of
from policy.effects import Effect, Executes
from policy.grants import Grants
from policy.limits import Limits
from policy.settings import Settings

MAX_OUTPUT_BYTES = 1024**2
"""Bytes of one stream that a call may ask to keep."""

_BEFORE_THE_DEADLINE_S = 0.25  # so that a run about to end still gets the output of its last command
_SHORTEST_S = 0.05


class Exec(CommandRequest):
    """Arguments of `exec`."""

    tool_name: ClassVar[str] = "exec"

    command: Argv
    cwd: Cwd = None
    env: Env = None
    timeout_s: float = Field(10, gt=0, le=86_400, description="Seconds after which it is ended, exit_code 124.")
    sandbox: SandboxChoice = "default"
    justification: Justification = ""
    max_output_bytes: int | None = Field(
        None, ge=1_024, le=MAX_OUTPUT_BYTES, description="Bytes to keep of each stream, head and tail."
    )


def exec_tools(workspace: str, *, launcher: Launcher, settings: Callable[[], Settings], limits: Limits) -> list[Tool]:
    """Make the tool `exec`, alone in a list.

    It returns `{"exit_code", "signal", "timed_out", "stdout", "stderr", "stdout_dropped_bytes", "stderr_dropped_bytes",
    "duration_s", "sandbox", "denied"}`. A command that a signal ended has 128 and its number as exit code, one that
    took too long 124; neither is an error. Streams are decoded as UTF-8, what is ill-formed replaced; of a longer
    stream head and tail are kept. `sandbox` has `policy` ("confined" or "unsandboxed"), `network`, `writable`,
    `barriers`, `missing` and `protection`; `denied` names what it refused, on evidence, and what ceiling was reached.

    Commands of one gather run side by side, though they may write the same files: a script that wants them one after
    the other awaits them so, and one command can start two processes anyway.

    Errors: `tool.invalid_arguments`; `tool.failed` for a missing program or folder; `sandbox.unavailable`.

    Args:
        workspace: Folder that commands start in.
        launcher: Starts them.
        settings: The settings in force; asked once for each call.
        limits: `stream_bytes` and `result_bytes` are heeded.
    """
    root = os.path.realpath(workspace)
    repositories = repositories_of(root, settings())

    def effect(arguments: Exec, grants: Grants) -> Effect:
        return Executes(arguments.decided(root, settings(), grants, repositories=repositories).command)

    async def handle(arguments: Exec, context: ToolContext) -> object:
        decided = arguments.decided(root, settings(), context.grants, repositories=repositories)
        max_bytes = arguments.max_output_bytes or limits.stream_bytes
        stdout, stderr = KeptOutput(max_bytes), KeptOutput(max_bytes)
        began = time.monotonic()
        running = await start(launcher, decided, context.grants)
        attempt = await run_to_end(
            running,
            decided,
            context.grants,
            began=began,
            timeout_s=_timeout_s(arguments, decided, context, began=began),
            stdout=stdout,
            stderr=stderr,
            emit=context.emit_delta,
        )
        denied, ceilings = await refusals(attempt.ending, context.grants)
        if denied:
            context.report_denied(denied)
        told = {**_told(attempt), "sandbox": attempt.sandbox, "denied": [*denied, *ceilings]}
        return {**told, **fitted(stdout, stderr, max_json_bytes=limits.result_bytes - len(to_json(told)))}

    return [
        Tool(
            name="exec",
            description=(
                "Run a command in the workspace and wait for its end. Takes a list of words, no shell line: "
                '["bash", "-lc", "..."] runs one. Returns a dict with exit_code (124 if it timed out, 128+n if signal '
                "n ended it), signal, timed_out, stdout, stderr, stdout_dropped_bytes, stderr_dropped_bytes, "
                "duration_s, sandbox and denied (what the sandbox refused; empty if nothing). A command that fails is "
                "no error: look at exit_code. It runs in a sandbox; by default it writes in the workspace and has "
                "no network."
            ),
            parameters=Exec,
            handler=handle,
            risk="execute",
            effect=effect,
            takes_context=True,
            returns=_RETURNS,
        )
    ]


def _timeout_s(arguments: Exec, decided: Decided, context: ToolContext, *, began: float) -> float:
    """The least of what the call wants, what the resources allow and what the run has left by now."""
    allowed = decided.resources.wall_time_s or inf
    left = inf if context.deadline is None else began + context.deadline - time.monotonic() - _BEFORE_THE_DEADLINE_S
    return max(_SHORTEST_S, min(arguments.timeout_s, allowed, left))


def _told(attempt: Attempt) -> dict[str, object]:
    return {
        "exit_code": attempt.ending.exit_code,
        "signal": attempt.ending.signal,
        "timed_out": attempt.ending.timed_out,
        "duration_s": round(attempt.duration_s, 4),
    }


_NAMES_BYTES = 160  # names and counts of the four entries below


def fitted(stdout: KeptOutput, stderr: KeptOutput, *, max_json_bytes: int) -> dict[str, object]:
    """Make the text of both streams, shortened until they fit: half of the room for each, or what the other leaves."""
    room = max(0, max_json_bytes - _NAMES_BYTES)
    out, err = stdout.kept(), stderr.kept()
    out_bytes, err_bytes = len(to_json(out.text)), len(to_json(err.text))
    if out_bytes + err_bytes > room:
        out = stdout.kept(max_json_bytes=max(room // 2, room - err_bytes))
        err = stderr.kept(max_json_bytes=max(room // 2, room - out_bytes))
    return {
        "stdout": out.text,
        "stderr": err.text,
        "stdout_dropped_bytes": out.dropped_bytes,
        "stderr_dropped_bytes": err.dropped_bytes,
    }


_RETURNS = {
    "type": "object",
    "properties": {
        "exit_code": {"type": "integer"},
        "signal": {"type": ["string", "null"]},
        "timed_out": {"type": "boolean"},
        "duration_s": {"type": "number"},
        "sandbox": {
            "type": "object",
            "properties": {
                "policy": {"enum": ["confined", "unsandboxed"]},
                "network": {"type": "boolean"},
                "writable": {"type": "array", "items": {"type": "string"}},
                "barriers": {"type": "array", "items": {"type": "string"}},
                "missing": {"type": "object", "additionalProperties": {"type": "string"}},
                "protection": {"type": "string"},
            },
        },
        "denied": {"type": "array", "items": {"type": "string"}},
        "stdout": {"type": "string"},
        "stderr": {"type": "string"},
        "stdout_dropped_bytes": {"type": "integer"},
        "stderr_dropped_bytes": {"type": "integer"},
    },
    "required": [
        "exit_code",
        "signal",
        "timed_out",
        "duration_s",
        "sandbox",
        "denied",
        "stdout",
        "stderr",
        "stdout_dropped_bytes",
        "stderr_dropped_bytes",
    ],
}
