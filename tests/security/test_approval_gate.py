"""No script walks around a question: the gate is on the host, on a private copy of the arguments."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import anyio
import pytest

from harness import Harness, Outcome, Tool, ToolContext, tool
from harness.config.files import user_folder
from harness.config.replacing import locked
from harness.errors import ConfigError
from harness.runtimes.runtime import Batch, Finished, Script, Settlement, Spent, StartedCall
from harness.session import Session
from harness.testing import ScriptedApprover
from harness.types import ApprovalRequest
from policy.approval import Approve, CallPattern, Deny, ReviewDecision
from policy.commands import parse_rules
from policy.effects import Command, Executes
from policy.limits import Limits

DONE: list[str] = []


@pytest.fixture(autouse=True)
def _nothing_done() -> None:
    DONE.clear()


@tool(approval="always")
async def pay(to: list[str]) -> str:
    """Pay somebody."""
    DONE.append(",".join(to))
    return "paid"


@tool
async def wait(seconds: float) -> None:
    """Wait."""
    await anyio.sleep(seconds)


DISGUISES = {
    "plainly": "await tools.pay(to=['eve'])",
    "under another name": "p = tools.pay\nawait p(to=['eve'])",
    "through tools under another name": "t = tools\nawait t.pay(to=['eve'])",
    "by getattr": "await getattr(tools, 'p' + 'ay')(to=['eve'])",
    "from a container": "await {'x': [tools.pay]}['x'][0](to=['eve'])",
    "from a lambda": "f = lambda: tools.pay(to=['eve'])\nawait f()",
    "from a generator": "def g():\n    yield tools.pay(to=['eve'])\nfor call in g():\n    await call",
    "from an async generator": "async def g():\n    yield await tools.pay(to=['eve'])\nasync for _ in g():\n    pass",
    "from a comprehension": "[await tools.pay(to=[n]) for n in ['eve']]",
    "through partial": "import functools\nawait functools.partial(tools.pay, to=['eve'])()",
    "through map": "for call in map(lambda n: tools.pay(to=[n]), ['eve']):\n    await call",
    "as a task": "import asyncio\nawait asyncio.create_task(tools.pay(to=['eve']))",
    "in a gather": "import asyncio\nawait asyncio.gather(tools.pay(to=['eve']))",
    "in a task group": (
        "import asyncio\nasync with asyncio.TaskGroup() as group:\n    group.create_task(tools.pay(to=['eve']))"
    ),
    "from a method": "class C:\n    async def m(self):\n        return await tools.pay(to=['eve'])\nawait C().m()",
    "from a property": "class C:\n    @property\n    def p(self):\n        return tools.pay(to=['eve'])\nawait C().p",
    "from a decorator": (
        "def d(f):\n    async def g():\n        return await tools.pay(to=['eve'])\n    return g\n"
        "@d\nasync def nothing():\n    pass\nawait nothing()"
    ),
    "from a context manager": (
        "import contextlib\n@contextlib.asynccontextmanager\nasync def m():\n    yield await tools.pay(to=['eve'])\n"
        "async with m():\n    pass"
    ),
    "from an exception handler": "try:\n    1 / 0\nexcept ZeroDivisionError:\n    await tools.pay(to=['eve'])",
    "in finally, after a denial": (
        "try:\n    await tools.pay(to=['mallory'])\nfinally:\n    await tools.pay(to=['eve'])"
    ),
    "with one dict": "await tools.pay({'to': ['eve']})",
    "with starred arguments": "await tools.pay(**{'to': ['eve']})",
    "positionally": "await tools.pay(['eve'])",
}


@pytest.mark.parametrize("source", DISGUISES.values(), ids=DISGUISES.keys())
async def test_however_a_tool_is_called_the_person_is_asked(source: str) -> None:
    denying, approving = ScriptedApprover({"pay": Deny("no")}), ScriptedApprover({"pay": True})
    async with Harness([pay], approver=denying) as harness:
        assert not (await harness.run(source)).ok
    assert DONE == []
    assert denying.requests[-1].arguments == {"to": ["eve"]}
    async with Harness([pay], approver=approving) as harness:  # the twin: asked and approved, it runs
        assert (await harness.run(source)).ok
    assert DONE[-1] == "eve"
    assert len(DONE) == len(approving.requests)


async def test_an_argument_that_is_changed_after_the_question_was_put_changes_nothing() -> None:
    async def slowly(requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        await anyio.sleep(0.2)
        return [Approve() for _ in requests]

    source = (
        "import asyncio\nwhom = ['ann']\nasync def swap():\n    await tools.wait(seconds=0.05)\n"
        "    whom[0] = 'eve'\n    whom.append('mallory')\n"
        "await asyncio.gather(tools.pay(to=whom), swap())"
    )
    async with Harness([pay, wait], approver=_By(slowly)) as harness:
        outcome = await harness.run(source)
    assert outcome.ok, outcome.error
    assert DONE == ["ann"]
    assert outcome.calls[0].arguments == {"to": ["ann"]}


class _By:
    def __init__(self, decide: object) -> None:
        self.decide = decide


async def test_a_plan_covers_no_call_whose_arguments_did_not_stand_in_it() -> None:
    approver = ScriptedApprover({"": True, "pay": Deny("not in the plan")})
    source = "await tools.pay(to=['ann'])\nname = 'ann'\nname = 'eve'\nawait tools.pay(to=[name])"
    async with Harness([pay], approver=approver) as harness:
        outcome = await harness.run(source, plan_approval=True)
    assert DONE == ["ann"]
    assert not outcome.ok


async def test_a_plan_covers_the_content_that_stood_in_it_and_no_other_for_the_same_file(project: Path) -> None:
    """The keys of a write are its files; who read the plan has read its text too."""
    source = (
        "await tools.write_file(path='a.txt', content='harmless')\n"
        "await tools.write_file(path='a.txt', content='harmless')\n"
        "text = 'evil'\ntext += '!'\nawait tools.write_file(path='a.txt', content=text)"
    )
    approver = ScriptedApprover({"": True, "write_file": Deny("not in the plan")})
    settings = {"approval_policy": "unless-trusted"}
    async with Harness(workspace=project, settings=settings, approver=approver) as harness:
        outcome = await harness.run(source, plan_approval=True)
    assert [call.approval for call in outcome.calls] == ["planned", "planned", "denied"]
    assert (project / "a.txt").read_text() == "harmless"


PATTERNS = {
    "leaving the sandbox": ("sandbox='unsandboxed'", {"sandbox": "unsandboxed"}),
    "setting variables": ("env={'LD_PRELOAD': '/tmp/none.so'}", {"env": "*"}),
}


@pytest.mark.parametrize("what", PATTERNS)
async def test_a_pattern_covers_what_changes_a_command_only_if_it_says_so(project: Path, what: str) -> None:
    argument, named = PATTERNS[what]
    source = f"words = ['id']\nwords.append('-u')\nreturn (await tools.exec(command=words, {argument})).exit_code"
    for more, is_covered in ((named, True), ({}, False)):
        pattern = CallPattern("exec", 5, {"command": '["id"*', **more})
        approver = ScriptedApprover({"": Approve(patterns=(pattern,)), "exec": Deny("that was not said")})
        settings = {"approval_policy": "unless-trusted"}
        async with Harness(workspace=project, settings=settings, approver=approver) as harness:
            outcome = await harness.run(source, plan_approval=True)
        assert outcome.ok is is_covered, outcome.error
        assert len(approver.requests) == (1 if is_covered else 2)


async def test_an_answer_for_the_session_does_not_cover_the_retry_without_the_sandbox() -> None:
    confined: list[bool] = []

    async def handle(arguments: object, context: ToolContext) -> None:
        confined.append(context.grants.is_confined)
        if context.grants.is_confined:
            context.report_denied(["it was denied"])

    build = Tool(
        "build",
        "Build.",
        {"type": "object"},
        handle,
        risk="execute",
        approval="always",
        approval_key=lambda arguments: "the build",
        effect=lambda arguments, grants: Executes(Command(("true",), "/usr/bin/true", "/", is_from_path=True)),
        takes_context=True,
    )
    answers = iter([Approve("session"), Deny("not without")])

    async def answer(requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        return [next(answers) for _ in requests]

    async with Harness([build], approver=_By(answer), settings={"approval_policy": "on-failure"}) as harness:  # type: ignore[arg-type]
        assert (await harness.call("build")).status == "ok"
    assert confined == [True]


async def test_an_edited_answer_to_the_retry_runs_what_was_edited_and_decides_about_it_anew() -> None:
    """Who puts harmless arguments in has not approved the call that was denied, and not to leave the sandbox."""
    ran: list[tuple[str, bool]] = []

    async def handle(arguments: dict[str, str], context: ToolContext) -> None:
        ran.append((arguments["target"], context.grants.is_confined))
        if context.grants.is_confined:
            context.report_denied(["it was denied"])

    build = Tool(
        "build",
        "Build.",
        {"type": "object", "properties": {"target": {"type": "string"}}, "required": ["target"]},
        handle,
        risk="execute",
        effect=lambda arguments, grants: Executes(
            Command(("make", arguments["target"]), "/usr/bin/make", "/", is_from_path=True)
        ),
        takes_context=True,
    )

    async def answer(requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        return [Approve(arguments={"target": "harmless"}) if request.is_retry else Approve() for request in requests]

    async with Harness([build], approver=_By(answer), settings={"approval_policy": "unless-trusted"}) as harness:  # type: ignore[arg-type]
        record = await harness.call("build", {"target": "evil"})
    assert ran == [("evil", True), ("harmless", True)]
    assert record.arguments == {"target": "harmless"}


@pytest.mark.parametrize("given", [None, True, ["ann"]])
async def test_an_approval_key_that_is_no_text_remembers_nothing(given: object) -> None:
    @tool(approval="always", approval_key=lambda arguments: given)  # type: ignore[arg-type,return-value]  # wrong on purpose
    async def grant(to: str) -> None:
        DONE.append(to)

    async with Harness([grant], approver=ScriptedApprover({"grant": Approve("session")})) as harness:
        record = await harness.call("grant", {"to": "ann"})
    assert record.error is not None
    assert record.error.code == "tool.failed"
    assert "approval_key" in record.error.message
    assert DONE == []


def test_an_approval_key_that_is_no_function_is_refused_when_the_tool_is_made() -> None:
    with pytest.raises(ConfigError, match="approval_key"):
        Tool("grant", "", {"type": "object"}, pay.handler, approval_key="to")  # type: ignore[arg-type]  # wrong on purpose


async def test_a_count_that_was_granted_is_not_exceeded_by_calls_at_once() -> None:
    answers = {"": Approve(patterns=(CallPattern("pay", 3),)), "pay": Deny("enough")}
    approver = ScriptedApprover(answers)
    source = (
        "import asyncio\nreturn await asyncio.gather("
        "*[tools.pay(to=[str(n)]) for n in range(20)], return_exceptions=True) and None"
    )
    async with Harness([pay], approver=approver) as harness:
        await harness.run(source, plan_approval=True)
    assert len(DONE) == 3


async def test_one_approval_for_once_lets_one_of_many_racing_calls_run() -> None:
    given = [Approve()]

    async def once(requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        await anyio.sleep(0.05)
        return [given.pop() if given and request.calls == 1 else Deny("only once") for request in requests]

    source = (
        "import asyncio\nasync def later(n):\n    await tools.wait(seconds=0.01 * n)\n"
        "    return await tools.pay(to=['ann'])\n"
        "await asyncio.gather(*[later(n) for n in range(8)], return_exceptions=True)\nreturn None"
    )
    async with Harness([pay, wait], approver=_By(once)) as harness:
        await harness.run(source)
    assert len(DONE) <= 1


class HostileRun:
    """A worker in which an attacker runs: it starts calls that no script made, and says what suits it."""

    barriers = ()

    def __init__(self, batches: list[Batch]) -> None:
        self._batches = batches
        self._open = 0

    async def advance(self, settled: Sequence[Settlement]) -> Batch | Finished:
        step = self._batches.pop(0) if self._batches else Batch()
        self._open += len(step.calls) - len(settled)
        return step if self._open else Finished(value="done")

    async def stop(self) -> Spent:
        return Spent()

    def kill(self) -> None:
        pass

    def cpu_time_s(self) -> float:
        return 0.0


class HostileRuntime:
    def __init__(self, batches: list[Batch]) -> None:
        self._batches = batches

    async def start(self, script: Script, listener: object) -> HostileRun:
        return HostileRun(self._batches)


async def test_a_worker_that_was_taken_over_is_asked_about_all_the_same() -> None:
    """No check, no plan, arguments that no script wrote: the host validates, decides and asks."""
    calls = (
        StartedCall(1, "pay", {"to": ["eve"]}, None),
        StartedCall(2, "pay", {"to": "eve"}, 10**9),
        StartedCall(3, "pay", {"to": ["eve"], "approved": True}, 1),
        StartedCall(4, "approve", {}, 1),
    )
    approver = ScriptedApprover({"*": Deny("no")})
    async with Harness([pay], approver=approver) as harness:
        session = Session(
            HostileRuntime([Batch(calls=calls, cancelled=(), wake_after_s=None)]),  # type: ignore[arg-type]  # a worker of ours
            harness._orchestrator,
            Script("return 1", Limits()),
            script_id="s1",
        )
        outcome = await session.run()
    codes = [call.error.code for call in outcome.calls if call.error]
    assert codes == ["approval.denied", "tool.invalid_arguments", "tool.invalid_arguments", "tool.not_found"]
    assert len(approver.requests) == 1
    assert DONE == []


# Commands: an approval, a rule and a list name a program, not a word.


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A workspace with a program of its own that bears the name of a known one."""
    folder = tmp_path / "project"
    (folder / "bin").mkdir(parents=True)
    for name in ("ls", "git", "bin/ls"):
        fake = folder / name
        fake.write_text("#!/bin/sh\necho taken over > " + str(folder / "taken"))
        fake.chmod(fake.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    for path in (tmp_path, folder, folder / "bin"):
        path.chmod(0o755)
    return folder


async def run_in(project: Path, source: str, approver: object, **settings: object) -> Outcome:
    rules = parse_rules('[[rule]]\nprefix = ["git", "status"]\ndecision = "allow"\n', source="user", name="test")
    chosen = {
        "approval_policy": "unless-trusted",
        "sandbox": {"kind": "workspace-write", "tmp": False, "tmpdir": False},
        **settings,
    }
    async with Harness(workspace=project, settings=chosen, rules=rules, approver=approver) as harness:  # type: ignore[arg-type]
        return await harness.run(source)


UNASKED = {
    "a known-safe command": ["ls"],
    "a command that a rule allows": ["git", "status"],
    "plain commands of a shell that are known to be safe": ["bash", "-c", "ls && pwd"],
}


@pytest.mark.parametrize("command", UNASKED.values(), ids=UNASKED.keys())
async def test_what_is_trusted_runs_the_program_of_the_host_unasked(project: Path, command: list[str]) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"this machine has no {command[0]}")
    approver = ScriptedApprover()
    outcome = await run_in(project, f"return (await tools.exec(command={command!r})).exit_code", approver)
    assert outcome.error is None
    assert approver.requests == []
    assert not (project / "taken").exists()


ASKED = {
    "a program of the workspace by its path": "command=['./ls']",
    "a program of the workspace by its whole path": "command=[{project!r} + '/git', 'status']",
    "a program of the workspace by its whole path in a shell": "command=['bash', '-c', {project!r} + '/ls']",
    "a search path that the call sets": "command=['ls'], env={{'PATH': {project!r} + ':/usr/bin:/bin'}}",
    "a search path behind env": "command=['env', 'PATH=' + {project!r}, 'ls']",
    "a search path inside a shell": "command=['bash', '-c', 'PATH=' + {project!r} + ' ls']",
    "an exported search path": "command=['bash', '-c', 'export PATH=.; ls']",
    "a function of the name": "command=['bash', '-c', 'ls() {{ ./bin/ls; }}; ls']",
    "a hashed name": "command=['bash', '-c', 'hash -p ./bin/ls ls; ls']",
    "an alias": "command=['bash', '-O', 'expand_aliases', '-c', 'alias ls=./bin/ls\\nls']",
    "a start file of the shell": "command=['bash', '-c', 'ls'], env={{'BASH_ENV': {project!r} + '/bin/ls'}}",
    "a preloaded library": "command=['ls'], env={{'LD_PRELOAD': {project!r} + '/evil.so'}}",
    "settings of git by variable": "command=['git', 'status'], env={{'GIT_DIR': '/tmp/x'}}",
    "settings of git by option": "command=['git', '-c', 'core.fsmonitor=./bin/ls', 'status']",
    "another command behind a pipe": "command=['bash', '-c', 'ls | ./bin/ls']",
    "a substitution": "command=['bash', '-c', 'ls $(./bin/ls)']",
    "a redirection": "command=['bash', '-c', 'ls > taken']",
    "one more line": "command=['bash', '-c', 'ls\\n./bin/ls']",
    "another folder first": "command=['bash', '-c', 'cd bin && ./ls']",
}


@pytest.mark.parametrize("call", ASKED.values(), ids=ASKED.keys())
async def test_what_only_looks_like_a_trusted_command_is_asked_about(project: Path, call: str) -> None:
    approver = ScriptedApprover({"exec": Deny("no")})
    outcome = await run_in(project, f"await tools.exec({call.format(project=str(project))})", approver)
    assert outcome.error is not None
    assert outcome.error.code == "approval.denied", outcome.error
    assert len(approver.requests) == 1
    assert not (project / "taken").exists()


async def test_a_command_cannot_write_itself_an_approval(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not under the harness that remembers, and not under another one that does not know of the file."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(project.parent / "config"))
    database = project / "approvals.db"
    forge = (
        "import hashlib, json, sqlite3, sys\nc = sqlite3.connect(sys.argv[1])\n"
        "key = hashlib.sha256(sys.argv[2].encode()).hexdigest()\n"
        "c.execute('INSERT OR REPLACE INTO approvals SELECT \"\", ?, 0, seal FROM approvals', (key,))\nc.commit()"
    )
    keys: list[tuple[str, ...]] = []
    for approvals in (database, None, database):
        approver = ScriptedApprover({"pay": Approve("session") if not keys else Deny("asked")})
        async with Harness([pay], workspace=project, approver=approver, approvals=approvals) as harness:
            outcome = await harness.call("pay", {"to": ["ann"] if not keys else ["eve"]})
            keys += [request.keys for request in approver.requests]
            command = [sys.executable, "-c", forge, str(database), keys[0][0].replace("ann", "eve")]
            forged = await harness.call("exec", {"command": command})
        assert outcome.approval == ("approved_for_session" if approvals and len(keys) == 1 else "denied")
        assert isinstance(forged.result, dict)
        assert (forged.result["exit_code"] == 0) is (approvals is None), forged.result  # there it could write
    assert len(keys) == 3


async def test_a_command_cannot_make_the_users_settings_where_there_are_none(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(project / "config"))
    write = "mkdir -p config/toolscript; echo x > config/toolscript/rules.toml; mv config c; ls config/toolscript"
    async with Harness(workspace=project) as harness:
        record = await harness.call("exec", {"command": ["bash", "-c", write]})
    assert isinstance(record.result, dict)
    assert record.result["stdout"] == ""
    assert list((project / "config/toolscript").iterdir()) == []


@pytest.mark.parametrize("way", ["exec", "read_file"])
async def test_the_key_that_seals_approvals_is_read_by_no_call(
    project: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(project / "config"))
    path = "config/toolscript/approvals.key"
    async with Harness(workspace=project, approvals=project / "approvals.db") as harness:
        assert len((project / path).read_bytes()) == 32
        arguments = {"path": path} if way == "read_file" else {"command": ["cat", path]}
        record = await harness.call(way, arguments)
    if way == "read_file":
        assert record.error is not None
        assert record.error.code == "policy.forbidden"
    else:
        assert isinstance(record.result, dict)
        assert (record.result["exit_code"], record.result["stdout"]) == (1, "")


async def test_no_command_holds_the_lock_of_the_users_settings(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that can be read can be locked, and what the user changes would wait for it."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(project.parent / "config"))
    with locked(user_folder()):
        pass
    take = "import fcntl, sys; fcntl.flock(open(sys.argv[1]), fcntl.LOCK_EX)"
    command = [sys.executable, "-c", take, os.path.join(user_folder(), ".lock")]
    async with Harness(workspace=project) as harness:
        record = await harness.call("exec", {"command": command})
    assert isinstance(record.result, dict)
    assert record.result["exit_code"] == 1
    assert "PermissionError" in str(record.result["stderr"])


PLANT = (
    "git init -q {where} && cd {where} && printf '#!/bin/sh\\ntouch {outside}/escaped\\n' > monitor && chmod +x monitor"
    " && git config core.fsmonitor $PWD/monitor"
)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.parametrize(
    ("where", "cwd"), [("sub", "sub"), ("sub", "sub/deep"), (".", "."), ("--bare bare.git", "bare.git")]
)
async def test_settings_of_a_repository_that_a_command_made_do_not_run_outside_of_the_sandbox(
    project: Path, where: str, cwd: str
) -> None:
    (project / "git").unlink()  # only the host's
    plant = PLANT.format(where=where, outside=project.parent).replace("cd --bare ", "cd ")
    source = (
        f"made = await tools.exec(command=['bash', '-c', {plant!r} + '; mkdir -p deep'])\n"
        f"run = await tools.exec(command=['git', 'status'], cwd={cwd!r})\n"
        "return [made.exit_code, made.stderr, run.sandbox['policy']]"
    )
    outcome = await run_in(project, source, ScriptedApprover(), approval_policy="on-request")
    assert outcome.value == [0, "", "confined"], outcome.error
    assert not (project.parent / "escaped").exists()


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
async def test_the_users_own_repository_is_trusted_as_the_rule_says(project: Path) -> None:
    await anyio.run_process(["git", "init", "-q", str(project)])
    source = "return (await tools.exec(command=['git', 'status'], cwd='bin')).sandbox['policy']"
    outcome = await run_in(project, source, ScriptedApprover(), approval_policy="on-request")
    assert outcome.value == "unsandboxed", outcome.error


def _git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "protocol.file.allow=always"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def _commit(folder: Path) -> None:
    _git(folder, "init", "-q")
    (folder / "file").write_text("x")
    _git(folder, "add", "file")
    _git(folder, "commit", "-q", "-m", "x")


def _has_submodule(project: Path) -> None:
    (project.parent / "library").mkdir()
    _commit(project.parent / "library")
    _git(project, "submodule", "add", "-q", str(project.parent / "library"), "sub")


def _has_embedded_repository(project: Path) -> None:
    (project / "sub").mkdir()
    _commit(project / "sub")
    _git(project, "add", "sub")


def _has_hooks_in_the_tree(project: Path) -> None:
    (project / "hooks").mkdir()
    _git(project, "config", "core.hooksPath", "hooks")


def _includes_a_file_of_the_tree(project: Path) -> None:
    (project / "gitconfig").write_text("")
    _git(project, "config", "include.path", "../gitconfig")


def _is_no_repository(project: Path) -> None:
    (project / ".git/HEAD").unlink()  # git passes it over, and takes the folder itself for one


LED_AWAY: dict[str, tuple[Callable[[Path], None], str]] = {
    "a submodule": (_has_submodule, "rm sub/.git; cd sub; git init -q; git config core.fsmonitor {project}/monitor"),
    "an embedded repository": (_has_embedded_repository, "cd sub; git config core.fsmonitor {project}/monitor"),
    "hooks in the tree": (_has_hooks_in_the_tree, "cp monitor hooks/post-index-change; sleep 1; touch file"),
    "an included file": (
        _includes_a_file_of_the_tree,
        "printf '[core]\\nfsmonitor = {project}/monitor\\n' > gitconfig",
    ),
    "no repository at all": (
        _is_no_repository,
        "git init -q --bare new; mv new/* .; git config -f config core.fsmonitor {project}/monitor; sed -i /bare/d config",
    ),
}


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.parametrize("way", LED_AWAY)
async def test_a_repository_of_the_user_that_leads_git_to_what_commands_write_stays_in_the_sandbox(
    project: Path, way: str
) -> None:
    """Git enters submodules by itself, and follows settings into the working tree."""
    (project / "git").unlink()
    _commit(project)
    prepare, plant = LED_AWAY[way]
    prepare(project)
    monitor = f"printf '#!/bin/sh\\ntouch {project.parent}/escaped\\n' > monitor; chmod +x monitor; "
    source = (
        f"made = await tools.exec(command=['bash', '-c', {monitor + plant.format(project=project)!r}])\n"
        "run = await tools.exec(command=['git', 'status'])\n"
        "return [made.exit_code, made.stderr, run.sandbox['policy']]"
    )
    outcome = await run_in(project, source, ScriptedApprover(), approval_policy="on-request")
    assert outcome.value == [0, "", "confined"], outcome.error
    assert not (project.parent / "escaped").exists()


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
async def test_git_stays_in_the_sandbox_where_commands_can_write_the_settings_of_its_user(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _commit(project)
    monkeypatch.setenv("HOME", str(project))
    source = "return (await tools.exec(command=['git', 'status'])).sandbox['policy']"
    outcome = await run_in(project, source, ScriptedApprover(), approval_policy="on-request")
    assert outcome.value == "confined", outcome.error


async def test_a_shell_that_may_read_a_planted_profile_is_asked_about(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where commands can write the home folder, a login shell runs what stands in its start files."""
    approver = ScriptedApprover({"exec": Deny("no")})
    await run_in(project, "await tools.exec(command=['bash', '-lc', 'ls'])", approver)
    assert approver.requests == []  # the twin: the home folder is out of reach
    monkeypatch.setenv("HOME", str(project))
    await run_in(project, "await tools.exec(command=['bash', '-lc', 'ls'])", approver)
    assert len(approver.requests) == 1


async def test_an_approval_for_the_session_covers_that_program_folder_and_environment_alone(project: Path) -> None:
    calls = [
        "command=['make', 'all']",
        "command=['make', 'all']",
        "command=['make', 'all'], cwd='bin'",
        "command=['make', 'all'], env={'A': 'b'}",
        "command=['make', 'all'], sandbox='unsandboxed'",
        "command=['make', 'all', '-k']",
    ]
    if shutil.which("make") is None:
        pytest.skip("this machine has no make")
    approver = ScriptedApprover({"exec": Approve("session")})
    outcome = await run_in(project, "\n".join(f"await tools.exec({call})" for call in calls), approver)
    assert outcome.ok, outcome.error
    assert [call.approval == "remembered" for call in outcome.calls] == [False, True, False, False, False, False]


async def test_the_folder_that_was_resolved_for_the_question_is_the_one_that_is_used(project: Path) -> None:
    """A link that is swapped while the question is open leads the command nowhere else."""
    seen: list[str | None] = []

    async def swap(requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        effect = requests[0].effect
        assert isinstance(effect, Executes)
        assert effect.command is not None
        seen.append(effect.command.program)
        (project / "work").unlink()
        (project / "work").symlink_to("/")
        return [Approve()]

    os.symlink(project / "bin", project / "work")
    source = "return (await tools.exec(command=['pwd'], cwd='work', env={'A': 'b'})).stdout"
    done = await run_in(project, source, _By(swap))
    assert done.value == f"{project / 'bin'}\n"
    assert seen
