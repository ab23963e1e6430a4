"""The self-test of the sandbox of commands: real commands that try what no command may do.

The program that they execute is `harness.confine.command_acts`.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence

import anyio

from harness.confine import command_acts
from harness.confine.command import CommandSpec, Ended, Launcher, RunningCommand
from harness.confine.targets import open_targets
from harness.confine.trial import HUNG, THROUGH, Trial, tried
from harness.fresh_interpreter import package_root
from policy.grants import Grants
from policy.settings import Resources

_BOOTSTRAP = "import sys; sys.path[:0] = [sys.argv.pop(1)]; from harness.confine.command_acts import main; main()"
_TIMEOUT_S = 20.0
_ENDS_WITHIN_S = 1.5  # what a command left running lives longer
_MIB = 1024**2
_RESOURCES = Resources(memory_bytes=512 * _MIB, processes=24, file_bytes=_MIB, cpu_time_s=20, wall_time_s=20)


async def try_commands(*, confinement: str = "required") -> Trial:
    """Execute commands that try every act.

    Raises:
        SandboxError: `sandbox.unavailable`, a demanded barrier cannot be put up, or no command could be started.
        CallError: `tool.failed`, the interpreter cannot be executed in the sandbox.
    """
    with _workplace() as (target, grants):
        async with Launcher(confinement=confinement) as launcher:
            commands = _Commands(launcher, target, grants)
            ends = await commands.try_together(command_acts.TOGETHER)
            for name in command_acts.ALONE:
                ends[name] = await commands.try_alone(name)
    return Trial(
        commands.barriers,
        commands.missing,
        tuple(
            tried(name, act.what, act.stopped_by, ends[name], up=commands.barriers)
            for name, act in command_acts.ACTS.items()
        ),
    )


class _Commands:
    """Executes the program of the acts, in one sandbox."""

    def __init__(self, launcher: Launcher, target: Mapping[str, object], grants: Grants) -> None:
        self._launcher = launcher
        self._target = target
        self._grants = grants
        self.barriers: tuple[str, ...] = ()
        self.missing: Mapping[str, str] = {}

    async def try_together(self, names: Sequence[str]) -> dict[str, str]:
        """Have one command try acts; where it dies, another goes on after it."""
        ends: list[str] = []
        while len(ends) < len(names):
            left = names[len(ends) :]
            said, ended, _ = await self._execute(left)
            ends += said[: len(left)]
            if len(said) < len(left):
                ends.append(_death(ended))
        return dict(zip(names, ends, strict=True))

    async def try_alone(self, name: str) -> str:
        """Have a command try one act, which got through if anything of it is left after the command's end."""
        said, ended, is_left = await self._execute([name])
        if name == "outlive":
            return THROUGH if is_left else "SIGKILL"
        return said[0] if said else _death(ended)

    async def _execute(self, names: Sequence[str]) -> tuple[list[str], Ended | None, bool]:
        """Return the lines that a command wrote, how it ended, and whether somebody still holds its output then."""
        command = await self._launcher.start(self._spec(names))
        self.barriers, self.missing = command.barriers, command.missing
        output = _Output(command)
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(output.collect)
                ended = None
                with anyio.move_on_after(_TIMEOUT_S):
                    ended = await command.wait()
                command.kill()
                with anyio.move_on_after(_ENDS_WITHIN_S):
                    await output.end.wait()
                tasks.cancel_scope.cancel()
        finally:
            os.close(command.stdout)
            os.close(command.stderr)
        return output.data.decode().splitlines(), ended, not output.end.is_set()

    def _spec(self, names: Sequence[str]) -> CommandSpec:
        program = [sys.executable, "-I", "-S", "-c", _BOOTSTRAP, package_root(), json.dumps(self._target), *names]
        return CommandSpec(
            argv=tuple(program),
            program=sys.executable,
            cwd=str(self._target["workspace"]),
            env={},
            grants=self._grants,
            resources=_RESOURCES,
        )


class _Output:
    """What a command writes to its standard output, and whether that has come to its end."""

    def __init__(self, command: RunningCommand) -> None:
        self._fd = command.stdout
        self.data = bytearray()
        self.end = anyio.Event()

    async def collect(self) -> None:
        while True:
            try:
                chunk = os.read(self._fd, 65_536)
            except BlockingIOError:
                await anyio.wait_readable(self._fd)
                continue
            if not chunk:
                self.end.set()
                return
            self.data += chunk


@contextlib.contextmanager
def _workplace() -> Iterator[tuple[dict[str, object], Grants]]:
    """Make a workspace with a repository in it, and a folder and a key beside it; and what a command may do there."""
    with open_targets() as made:
        workspace, outside, hidden = (made.folder / name for name in ("workspace", "outside", "hidden"))
        for folder in (workspace / ".git", outside, hidden):
            folder.mkdir(parents=True)
        for file in (workspace / ".git" / "config", outside / "file", hidden / "key"):
            file.write_text("not for commands\n", encoding="utf-8")
        target = {
            "workspace": str(workspace),
            "outside": str(outside),
            "hidden": str(hidden),
            "service": made.service,
            "port": made.port,
            "host_pid": made.host_pid,
            "segment": made.segment,
            "memory_bytes": _RESOURCES.memory_bytes,
            "file_bytes": _RESOURCES.file_bytes,
            "processes": _RESOURCES.processes,
        }
        yield (
            target,
            Grants(writable=(str(workspace),), protected=(str(workspace / ".git"),), hidden=(str(hidden),)),
        )


def _death(ended: Ended | None) -> str:
    if ended is None:
        return HUNG
    return "exit" if ended.signal is None else signal.Signals(ended.signal).name
