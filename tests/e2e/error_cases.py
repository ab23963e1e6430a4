"""How each error code comes about: the smallest script, message or act that raises it.

Scripts and messages stand in `tests/data/errors/<code>.py` and `.md`; acts, for codes that a script alone does not
raise, stand here. `python -m tests.e2e.error_cases` prints `docs/reference/errors.md`.
"""

from __future__ import annotations

import dataclasses
import errno
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Final

import anyio
import pytest

from harness import Harness, HarnessError, Outcome, ParkedRuns, tool
from harness.audit import AuditLog
from harness.error_catalogue import RESERVED, CatalogueEntry, entry
from harness.errors import CLASSES
from harness.runtimes.cpython import tool_errors
from harness.runtimes.cpython.channel import open_channel
from harness.runtimes.cpython.child import Child
from harness.runtimes.cpython.run import CPythonRun
from harness.runtimes.runtime import Script
from harness.testing import RecordingListener
from harness.tools.orchestrator import Orchestrator
from harness.types import ApprovalRequest
from policy.approval import Abort, Approve, Deny, ReviewDecision
from policy.limits import Limits

FOLDER: Final = Path(__file__).parents[1] / "data" / "errors"
Act = Callable[[Path, pytest.MonkeyPatch], Awaitable[HarnessError | None]]


@tool
async def echo(value: object) -> object:
    """Give the value back."""
    return value


@tool
async def fail() -> None:
    """Fail."""
    raise ValueError("no luck")


@tool
async def slow() -> None:
    """Give up after a while."""
    await anyio.sleep(0.1)
    raise TimeoutError("nobody answered")


TOOLS: Final = (echo, fail, slow)


def scripts() -> dict[str, str]:
    """Return the smallest script of each code that a script raises."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.py"))}


def messages() -> dict[str, str]:
    """Return the smallest message of each code that detection raises."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.md"))}


def limits_of(source: str) -> dict[str, float]:
    """Read the `# limits: name=value` line at the head of a script."""
    for line in source.splitlines():
        head, _, rest = line.partition("limits:")
        if head == "# ":
            return {name.strip(): float(value) for name, _, value in (item.partition("=") for item in rest.split(","))}
    return {}


# Acts: each returns the error that came of it, from an outcome or raised.


async def kill_worker(folder: Path, patch: pytest.MonkeyPatch) -> HarnessError | None:
    """Kill the worker while its script runs."""
    return (await _run_and_signal(signal.SIGKILL)).error


async def forbidden_call(folder: Path, patch: pytest.MonkeyPatch) -> HarnessError | None:
    """End the worker as the kernel does when its filter sees a forbidden call."""
    return (await _run_and_signal(signal.SIGSYS)).error


async def _run_and_signal(number: signal.Signals) -> Outcome:
    limits = {"steps": 10**12}  # on a busy machine a script could take all of its steps before it is signalled
    async with Harness(pool_size=0, limits=limits) as harness, anyio.create_task_group() as tasks:
        tasks.start_soon(_signal_when_busy, harness, number)
        outcome = await harness.run("while True:\n    pass")
    return outcome  # noqa: RET504  # inside, a type checker thinks that the group might swallow


async def _signal_when_busy(harness: Harness, number: signal.Signals) -> None:
    children: dict[int, Child] = harness._runtime._pool._children  # type: ignore[attr-defined]  # nothing public shows them
    while not any(child.cpu_time_s() > 0.05 for child in children.values()):  # noqa: ASYNC110  # the kernel tells no event
        await anyio.sleep(0.01)
    for pid in list(children):
        os.kill(pid, number)


async def send_garbage(folder: Path, patch: pytest.MonkeyPatch) -> HarnessError | None:
    """Be a worker that sends bytes which are no frame."""
    ours, theirs = socket.socketpair()
    with _sleeper() as process, theirs:
        child = Child(process.pid, open_channel(ours, max_frame_bytes=1000))
        run = CPythonRun(
            child, Script("return 1", Limits()), RecordingListener(), compiled=None, on_end=lambda ended: None
        )
        theirs.send(b"\xff" * 100)
        try:
            await run.advance([])
        except HarnessError as error:
            return error
        finally:
            run.kill()
            process.kill()
    return None


def _sleeper() -> subprocess.Popen[bytes]:
    """A process that lends its pid."""
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])


async def stop_stream(folder: Path, patch: pytest.MonkeyPatch) -> HarnessError | None:
    """Stop a stream of events after the first one."""
    async with Harness() as harness:
        stream = harness.stream("import asyncio\nawait asyncio.sleep(60)")
        await anext(stream)
        stream.stop()
        return (await stream.outcome()).error


async def resume_nothing(folder: Path, patch: pytest.MonkeyPatch) -> HarnessError | None:
    """Resume a run that there is not."""
    async with ParkedRuns() as parked:
        try:
            await parked.resume("r", source="return 1", caller="me", decisions={})
        except HarnessError as error:
            return error
    return None


async def park_one_too_many(folder: Path, patch: pytest.MonkeyPatch) -> HarnessError | None:
    """Begin a run where none may be kept."""
    async with ParkedRuns(most=0) as parked, Harness(approver=parked) as harness:
        try:
            await parked.start(harness, "return 1", caller="me")
        except HarnessError as error:
            return error
    return None


async def inherit_variable(folder: Path, patch: pytest.MonkeyPatch) -> HarnessError | None:
    """Let a variable of the host reach the zygote, whose environment must be empty."""
    popen: Any = subprocess.Popen

    def leaking(*args: Any, env: dict[str, str], **options: Any) -> Any:
        return popen(*args, env={**env, "API_KEY": "secret"}, **options)

    patch.setattr(subprocess, "Popen", leaking)
    try:
        async with Harness():
            return None
    except HarnessError as error:
        return error


async def set_impossible_limit(folder: Path, patch: pytest.MonkeyPatch) -> HarnessError | None:
    """Ask for a limit that is none."""
    try:
        Harness(limits={"steps": 0})
    except HarnessError as error:
        return error
    return None


async def break_the_pipeline(folder: Path, patch: pytest.MonkeyPatch) -> HarnessError | None:
    """Break the host's own code."""

    async def broken(*args: object, **options: object) -> None:
        raise RuntimeError("a bug")

    patch.setattr(Orchestrator, "perform", broken)
    async with Harness(TOOLS) as harness:
        return (await harness.run("await tools.echo(value=1)")).error


class _By:
    """An approver that gives one answer, or none."""

    def __init__(self, decision: ReviewDecision | None) -> None:
        self._decision = decision

    async def decide(self, requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        if self._decision is None:
            await anyio.sleep_forever()
        return [self._decision] * len(requests)  # type: ignore[list-item]  # None never gets here


def answer(decision: ReviewDecision | None) -> Act:
    """Answer the question about a call."""

    async def act(folder: Path, patch: pytest.MonkeyPatch) -> HarnessError | None:
        ask = dataclasses.replace(slow, name="ask", approval="always")
        async with Harness([ask], approver=_By(decision), limits={"approval_wait_s": 0.1}) as harness:
            return (await harness.run("await tools.ask()")).error

    return act


def send(name: str, payload: object) -> Act:
    """Make a structured call."""

    async def act(folder: Path, patch: pytest.MonkeyPatch) -> HarnessError | None:
        async with Harness(TOOLS, workspace=folder) as harness:
            return (await harness.call(name, payload)).error

    return act


async def swap_a_link(folder: Path, patch: pytest.MonkeyPatch) -> HarnessError | None:
    """Swap a folder for a link that leads out, between the decision and the write."""
    inside, outside = folder / "inside", folder / "outside"
    (inside / "notes").mkdir(parents=True)
    outside.mkdir()

    async def swap(requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        (inside / "notes").rmdir()
        (inside / "notes").symlink_to(outside)
        return [Approve()]

    settings = {
        "approval_policy": "unless-trusted",
        "sandbox": {"kind": "workspace-write", "tmp": False, "tmpdir": False},
    }
    approver = _By(None)
    approver.decide = swap  # type: ignore[method-assign]  # an answer with an effect
    async with Harness(workspace=inside, settings=settings, approver=approver) as harness:
        return (await harness.call("write_file", {"path": "notes/a", "content": ""})).error


async def fail_before_another(folder: Path, patch: pytest.MonkeyPatch) -> HarnessError | None:
    """Send two scripts in one message, the first of which fails."""
    text = "<tool-calls>\n1 / 0\n</tool-calls>\n<tool-calls>\nreturn 2\n</tool-calls>"
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    async with Harness() as harness:
        return (await harness.respond({"choices": [choice]})).outcomes[1].error


async def fill_the_disk(folder: Path, patch: pytest.MonkeyPatch) -> HarnessError | None:
    """Let the audit record's disk be full."""

    def full(*args: object) -> str:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    async with Harness(TOOLS, audit=folder / "audit.jsonl") as harness:
        patch.setattr(AuditLog, "append", full)
        return (await harness.call("echo", {"value": 1})).error


async def run_where_scripts_are_disabled(folder: Path, patch: pytest.MonkeyPatch) -> HarnessError | None:
    """Run a script where the settings switch scripts off."""
    async with Harness(TOOLS, settings={"mode": "disabled"}) as harness:
        return (await harness.run("return await tools.echo(value=1)")).error


ACTS: Final[dict[str, tuple[str, Act]]] = {
    "worker.crashed": ("The worker is killed from outside while its script runs.", kill_worker),
    "worker.protocol": (
        "A worker sends bytes that are no frame. Scripts have no way to do so.",
        send_garbage,
    ),
    "worker.violation": (
        "The kernel's filter ends the worker with SIGSYS, as in `tests/security/raw`. Scripts have no way to get there.",
        forbidden_call,
    ),
    "script.not_run": ("A message with two scripts, the first of which fails.", fail_before_another),
    "tool.not_exposed": (
        "A structured call of a built-in tool that is switched off.",
        send("spawn.exec", {"command": ["x"]}),
    ),
    "tool.malformed_call": ('A structured call whose arguments are no JSON: `{"value": `.', send("echo", '{"value": ')),
    "tool.wrong_payload": ("A structured call whose arguments are a list: `[1]`.", send("echo", "[1]")),
    "approval.denied": ("The approver answers `Deny()`, or there is no approver.", answer(Deny("no"))),
    "approval.timeout": ("The approver answers nothing within `approval_wait_s`.", answer(None)),
    "approval.aborted": ("The approver answers `Abort()`.", answer(Abort("stop"))),
    "sandbox.denied": ("A folder is swapped for a link that leads out, between decision and write.", swap_a_link),
    "audit.unavailable": ("The disk under the audit record is full.", fill_the_disk),
    "run.cancelled": (
        "`EventStream.stop()`, Ctrl-C on the command line, or a harness that is closed meanwhile.",
        stop_stream,
    ),
    "run.lost": (
        "`ParkedRuns.resume` with an id that no run has, or that of another caller or script.",
        resume_nothing,
    ),
    "run.crowded": ("`ParkedRuns(most=0).start(...)`.", park_one_too_many),
    "sandbox.unavailable": ("Entering a `Harness` on a machine that lacks a demanded barrier.", inherit_variable),
    "config.invalid": ('`Harness(limits={"steps": 0})`.', set_impossible_limit),
    "harness.disabled": ('A script, with `Harness(settings={"mode": "disabled"})`.', run_where_scripts_are_disabled),
    "internal.bug": ("Nothing should; the test breaks the host's pipeline on purpose.", break_the_pipeline),
}
"""Code -> how it comes about in words, and the act that does it."""


def render() -> str:
    """The page `docs/reference/errors.md`."""
    parts = [_HEAD]
    for cls in CLASSES:
        parts.append(f"## {cls.__name__}\n\n{(cls.__doc__ or '').splitlines()[0]}\n")
        parts += [_section(entry(code)) for code in cls.codes]
    return "\n".join(parts)


_HEAD = """\
# Errors

Generated by `python -m tests.e2e.error_cases` from `harness/error_catalogue.py` and `tests/data/errors`; a test raises
every code here, except those that are marked as reserved. `toolscript explain CODE` says the same.

Every error is a `HarnessError` with `code`, `message`, `hint`, `location`, `retryable`, `phase` and `details`. Its class
says how to react, its code what the cause is. `run()` puts the error into `Outcome.error`; it raises `ConfigError` and
`SandboxError` only. Retryable means that the identical request may succeed.

The scripts below use three tools: `echo(value)` gives its value back, `fail()` raises ValueError, `slow()` raises
TimeoutError after a while. `# limits:` names the limits of the run.
"""


_BY_OTHERS: Final = " A tool's handler may, and a script that raises a `ToolError` of this code."


def _section(item: CatalogueEntry) -> str:
    lines = [f"### {item.code}", "", item.meaning, "", f"**Do:** {item.action} **Retryable:** {item.retryable}.", ""]
    return "\n".join([*lines, _how(item.code), ""])


def _how(code: str) -> str:
    if code in RESERVED:
        return "Reserved: nothing in this version raises it by itself." + (
            _BY_OTHERS if code in tool_errors.CODES else ""
        )
    if code in ACTS:
        return ACTS[code][0]
    if code in messages():
        return f"A message that raises it:\n\n````text\n{messages()[code]}````"
    return f"```python script\n{scripts()[code]}```"


if __name__ == "__main__":
    sys.stdout.write(render())
