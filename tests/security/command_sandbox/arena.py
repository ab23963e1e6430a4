"""A host in a process of its own, which executes commands on request; with or without namespaces.

One JSON object a line: in, what to execute; out, what became of it. "landlock alone" is the situation in a container that
forbids namespaces: a filter refuses what makes them, to this process and so to its launcher.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

CHECKOUT = Path(__file__).resolve().parents[3]
NAMESPACES, LANDLOCK_ALONE = "namespaces", "landlock alone"
_FORBIDDEN = "setns mount umount2 pivot_root move_mount open_tree fsopen fsmount mount_setattr"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a command; `error` is set when it was not even executed."""

    exit_code: int | None = None
    signal: int | None = None
    limit: str | None = None
    out: str = ""
    err: str = ""
    pid: int = 0
    barriers: tuple[str, ...] = ()
    missing: dict[str, str] = field(default_factory=dict)
    protection: str = ""
    error: str = ""

    @property
    def ok(self) -> bool:
        return self.exit_code == 0


class Arena:
    """The other end of such a process.

    Args:
        mode: NAMESPACES or LANDLOCK_ALONE.
        without: Python that is executed in the launcher before anything, to take a barrier away.
        python: The interpreter that launcher and supervisors are.
    """

    def __init__(
        self,
        mode: str,
        *,
        env: dict[str, str] | None = None,
        without: str = "",
        confinement: str = "required",
        python: str = sys.executable,
    ) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.security.command_sandbox.arena", mode, without, confinement, python],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=CHECKOUT,
            env=dict(os.environ) | (env or {}),
            text=True,
        )
        self.pid = self._process.pid
        self.mode = mode

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()

    def run(
        self,
        *argv: str,
        cwd: str = "/",
        env: dict[str, str] | None = None,
        grants: dict[str, Any] | None = None,
        resources: dict[str, int | None] | None = None,
        preset: str = "moderate",
        timeout_s: float = 20,
    ) -> Result:
        """Execute a command and wait for its end; past the timeout it is killed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        request = {
            "argv": argv,
            "cwd": cwd,
            "env": env if env is not None else {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": cwd, "LANG": "C.UTF-8"},
            "grants": grants or {},
            "resources": resources or {},
            "preset": preset,
            "timeout_s": timeout_s,
        }
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return Result(**answer | {"barriers": tuple(answer.get("barriers", ()))})


def main(mode: str, without: str, confinement: str, python: str) -> None:
    """Serve requests from standard input until it ends."""
    import anyio

    from tests.pythons import launching

    if mode == LANDLOCK_ALONE:
        _forbid_namespaces()
    _take_away(without)
    with launching(python):
        anyio.run(_serve, confinement)


def _take_away(without: str) -> None:
    from harness.confine import command

    place = "from harness.confine.launcher"
    command._BOOTSTRAP = command._BOOTSTRAP.replace(place, f"exec({without!r}, {{}}); {place}")


def _forbid_namespaces() -> None:
    from harness.confine import process, seccomp
    from harness.confine.seccomp import ALLOW, REFUSE, Rule, Test
    from harness.confine.syscalls import machine

    rules = {name: Rule(REFUSE) for name in _FORBIDDEN.split()}
    rules |= {name: Rule(ALLOW, (Test(0, 0x7E020000, (0,)),)) for name in ("clone", "unshare")}
    process.forbid_new_privileges()
    seccomp.install_program(seccomp.program_of(seccomp.compile_filter(machine(), rules, default=Rule(ALLOW))))


async def _serve(confinement: str) -> None:
    import anyio.to_thread

    from harness.confine.command import Launcher

    async with Launcher(confinement=confinement) as launcher:
        while line := await anyio.to_thread.run_sync(sys.stdin.readline):
            sys.stdout.write(json.dumps(await _answer(launcher, json.loads(line))) + "\n")
            sys.stdout.flush()


async def _answer(launcher: Any, request: dict[str, Any]) -> dict[str, object]:
    import anyio

    from harness.confine.command import CommandSpec
    from harness.errors import HarnessError
    from policy.grants import Grants
    from policy.settings import PRESETS

    grants = {name: tuple(value) if isinstance(value, list) else value for name, value in request["grants"].items()}
    spec = CommandSpec(
        argv=tuple(request["argv"]),
        program=request["argv"][0],
        cwd=request["cwd"],
        env=request["env"],
        grants=Grants(**grants),
        resources=PRESETS[request["preset"]].model_copy(update=request["resources"]),
    )
    try:
        command = await launcher.start(spec)
    except HarnessError as error:
        return {"error": str(error)}
    output = {"out": "", "err": ""}

    async def collect(name: str, fd: int) -> None:
        data = bytearray()
        while True:
            try:
                chunk = os.read(fd, 65536)
            except BlockingIOError:
                await anyio.wait_readable(fd)
                continue
            if not chunk:
                break
            data += chunk
        os.close(fd)
        output[name] = data.decode(errors="replace")

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(collect, "out", command.stdout)
        tasks.start_soon(collect, "err", command.stderr)
        with anyio.move_on_after(request["timeout_s"]) as waited:
            ended = await command.wait()
        if waited.cancelled_caught:
            command.kill()
            ended = await command.wait()
    return output | {
        "exit_code": ended.exit_code,
        "signal": ended.signal,
        "limit": ended.limit,
        "pid": command.pid,
        "barriers": command.barriers,
        "missing": dict(command.missing),
        "protection": command.protection,
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
