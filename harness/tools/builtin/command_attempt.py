"""One attempt to run a command to its end: output pumped, time kept, and the whole tree ended with it.

References:
    signal(7); docs/how-to/confine-commands.md.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

import anyio
from anyio import to_thread

from harness.confine.command import CommandSpec, Ended, Launcher, RunningCommand
from harness.errors import CallError
from harness.tools.builtin.command_output import Deltas, Output, pump
from harness.tools.builtin.command_request import Decided
from policy.denial import Ending, denial_reasons, limit_reasons
from policy.grants import Grants

TIMED_OUT = 124
"""Exit code of a command that took too long, as timeout(1) has it."""

GRACE_S = 0.05
"""From TERM to KILL."""

DRAIN_S = 2.0
"""How long output is waited for once the command has ended: what it started may still hold its pipes."""

_BURIAL_S = 6.0  # longer than the launcher takes to give up on what the kernel does not let go


@dataclass(frozen=True, slots=True)
class Attempt:
    """A command that ended.

    Attributes:
        ending: How.
        duration_s: Seconds from the start to the end.
        sandbox: Where it ran, as the result tells it.
    """

    ending: Ending
    duration_s: float
    sandbox: dict[str, object]


async def start(launcher: Launcher, decided: Decided, grants: Grants) -> RunningCommand:
    """Start what was decided, under the grants of this attempt.

    Raises:
        CallError: `tool.failed`, it cannot be executed, or its folder is another one by now.
        SandboxError: `sandbox.unavailable`.
    """
    _check_folder(decided.command.cwd)
    return await launcher.start(
        CommandSpec(
            argv=decided.command.argv,
            program=decided.program,
            cwd=decided.command.cwd,
            env=decided.environment(),
            grants=grants,
            resources=decided.resources,
        )
    )


def _check_folder(cwd: str) -> None:
    """A folder can be swapped while a person is asked: what was approved for one would run in another."""
    if os.path.realpath(cwd) != cwd:
        raise CallError("tool.failed", "the folder to run in was replaced by a link", hint="make the call again")


async def run_to_end(
    running: RunningCommand,
    decided: Decided,
    grants: Grants,
    *,
    began: float,
    timeout_s: float,
    stdout: Output,
    stderr: Output,
    emit: Callable[[str, str], None] = lambda stream, text: None,
) -> Attempt:
    """Wait for a command's end and for its output; end its whole tree if it takes too long, or if we are cancelled.

    Args:
        running: The command; its pipes are closed in the end.
        decided: What it is.
        grants: Of this attempt.
        began: `time.monotonic()` before it was started.
        timeout_s: Seconds after which it is ended.
        stdout: Takes its standard output.
        stderr: Takes its standard error.
        emit: Gets the output while it runs: `emit(stream, text)`.
    """
    deltas = Deltas(emit)
    try:
        async with anyio.create_task_group() as pumps:
            pumps.start_soon(pump, running.stdout, stdout.add, lambda text: deltas.pass_on("stdout", text))
            pumps.start_soon(pump, running.stderr, stderr.add, lambda text: deltas.pass_on("stderr", text))
            ended, timed_out = await _ended(running, timeout_s)
            duration_s = time.monotonic() - began
            pumps.cancel_scope.deadline = anyio.current_time() + DRAIN_S
    finally:
        os.close(running.stdout)
        os.close(running.stderr)
    ending = _ending(ended, timed_out=timed_out, stderr=stderr.last(), cwd=decided.command.cwd)
    return Attempt(ending, duration_s, describe_sandbox(running, grants))


async def _ended(running: RunningCommand, timeout_s: float) -> tuple[Ended | None, bool]:
    """How it ended, None if the kernel does not say in time; and whether it was ended for taking too long."""
    try:
        with anyio.move_on_after(timeout_s):
            return await running.wait(), False
    except anyio.get_cancelled_exc_class():
        await end_tree(running)
        raise
    return await end_tree(running), True


async def end_tree(running: RunningCommand) -> Ended | None:
    """TERM to the whole tree, then KILL; prompt, and not to be cancelled. Does nothing to a tree that has ended."""
    with anyio.CancelScope(shield=True):
        running.terminate()
        with anyio.move_on_after(GRACE_S):
            return await running.wait()
        running.kill()
        with anyio.move_on_after(_BURIAL_S):
            return await running.wait()
    return None


def _ending(ended: Ended | None, *, timed_out: bool, stderr: str, cwd: str) -> Ending:
    number = signal.SIGKILL.value if ended is None else ended.signal
    code = 128 + number if number else (ended.exit_code if ended and ended.exit_code is not None else 0)
    return Ending(
        exit_code=TIMED_OUT if timed_out else code,
        signal=_signal_name(number) if number else None,
        timed_out=timed_out,
        stderr=stderr,
        cwd=cwd,
        limit=None if ended is None else ended.limit,
    )


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # a real-time signal
        return f"SIGRTMIN+{number - signal.SIGRTMIN}"


async def refusals(ending: Ending, grants: Grants) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the sandbox refused to a command, and which ceilings ended it."""
    if ending.exit_code == 0:
        return (), ()

    def look() -> tuple[str, ...]:
        return denial_reasons(ending, grants, real_path=os.path.realpath, is_open_outside=_is_open_to_us)

    return await to_thread.run_sync(look), limit_reasons(ending)


def _is_open_to_us(path: str) -> bool:
    """Say whether this process could write there, or make it: if not, the sandbox is not what refused it."""
    place = path
    while not os.path.lexists(place):
        place = os.path.dirname(place)
    return os.access(place, os.W_OK)


def describe_sandbox(running: RunningCommand, grants: Grants) -> dict[str, object]:
    """Tell where a command runs, as plain data."""
    return {
        "policy": "confined" if grants.is_confined else "unsandboxed",
        "network": grants.network or not grants.is_confined,
        "writable": list(grants.writable) if grants.is_confined else ["/"],
        "barriers": list(running.barriers),
        "missing": dict(running.missing),
        "protection": running.protection,
    }
