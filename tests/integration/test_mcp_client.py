"""Tools of real MCP servers, over stdio and streamable HTTP; whatever a server does is an error of its tool at most."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest

from harness import ApprovalRequest, Approve, CallbackApprover, ConfigError, Deny, Harness, McpServers, Outcome
from harness.events import ApprovalRequested, Event, Progress, RunFinished
from tests.processes import is_alive

HERE = Path(__file__).parent / "mcp_servers"
ROUGH = {"command": sys.executable, "args": [str(HERE / "rough.py")], "timeout_s": 40}
MODERN = {"command": sys.executable, "args": [str(HERE / "modern.py")]}
BIN = Path(sys.executable).parent


BOTH = pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])


@pytest.fixture
def anyio_backend() -> str:
    """Most of it is the same on both; `BOTH` marks what starts, ends, waits or is cancelled."""
    return "asyncio"


def say_yes(request: ApprovalRequest) -> Approve:
    return Approve()


@asynccontextmanager
async def opened(
    servers: dict[str, Any], answer: Callable[[ApprovalRequest], Any] = say_yes, **options: Any
) -> AsyncIterator[Harness]:
    async with McpServers(servers) as mcp, Harness(mcp.tools, approver=CallbackApprover(answer), **options) as harness:
        yield harness


async def run(servers: dict[str, Any], source: str, answer: Any = say_yes, **options: Any) -> Outcome:
    async with opened(servers, answer, **options) as harness:
        return await harness.run(source)


def rough(**changes: object) -> dict[str, Any]:
    return {"rough": {**ROUGH, **changes}}


def started(how: str, **changes: object) -> dict[str, Any]:
    return rough(args=[*ROUGH["args"], how], **changes)


async def failure(source: str, **changes: object) -> Any:
    outcome = await run(rough(**changes), f"return await tools.mcp.rough.{source}")
    assert outcome.error is not None, outcome.value
    return outcome.error


# What a call gives.


@BOTH
async def test_F15_a_script_calls_a_tool_of_an_mcp_server() -> None:
    source = """
first = await tools.mcp.modern.add(a=1, b=2)
return await tools.mcp.modern.add(a=first, b=10)
"""
    outcome = await run({"modern": MODERN}, source)
    assert outcome.value == 13
    assert [(call.tool, call.result, call.approval) for call in outcome.calls] == [
        ("mcp.modern.add", 3, "approved"),
        ("mcp.modern.add", 13, "approved"),
    ]


async def test_structured_results_are_unwrapped_and_their_types_are_known() -> None:
    async with McpServers({"modern": MODERN}) as mcp, Harness(mcp.tools, approver=CallbackApprover(say_yes)) as harness:
        source = "return [await tools.mcp.modern.place(name='x'), await tools.mcp.modern.places()]"
        outcome = await harness.run(source)
        returns = {tool.name: tool.returns for tool in mcp.tools}
    assert outcome.value == [{"name": "x", "people": 7}, [{"name": "a", "people": 0}, {"name": "b", "people": 1}]]
    assert returns["mcp.modern.add"] == {"title": "Result", "type": "integer"}
    places = returns["mcp.modern.places"]
    assert places is not None
    assert places["type"] == "array"
    assert "Place" in places["$defs"]  # type: ignore[operator]
    assert returns["mcp.modern.age"]["type"] == "string"  # type: ignore[index]


async def test_the_check_of_a_script_knows_the_tools() -> None:
    async with opened({"modern": MODERN}) as harness:
        report = await harness.check("await tools.mcp.modern.ad(a=1, b=2)\nawait tools.mcp.modern.add(a=1, d=2)")
    assert [item.code for item in report.diagnostics] == ["tool.not_found", "tool.invalid_arguments"] or not report.ok


@BOTH
async def test_progress_is_events() -> None:
    async with opened(rough()) as harness:
        events: list[Event] = [event async for event in harness.stream("return await tools.mcp.rough.progress()")]
    said = [event.message for event in events if isinstance(event, Progress)]
    assert said == ["step (1 of 3)", "step (2 of 3)", "step (3 of 3)"]
    assert isinstance(events[-1], RunFinished)
    assert events[-1].outcome.value == "done"


async def test_text_is_a_string_and_other_content_is_blocks() -> None:
    source = "return [await tools.mcp.rough.echo(text='hi'), await tools.mcp.rough.image()]"
    outcome = await run(rough(), source)
    blocks = [
        {"type": "text", "text": "a dot"},
        {"type": "image", "data": "AAAA", "mimeType": "image/png"},
    ]
    assert outcome.value == ["hi", blocks]


@BOTH
async def test_servers_start_side_by_side_and_calls_of_one_run_side_by_side() -> None:
    servers = {"one": MODERN, "two": MODERN, "three": ROUGH}
    source = """
import asyncio
return await asyncio.gather(
    tools.mcp.one.add(a=1, b=1), tools.mcp.two.add(a=2, b=2), tools.mcp.three.echo(text="3"), tools.mcp.one.add(a=4, b=4)
)
"""
    assert (await run(servers, source)).value == [2, 4, "3", 8]


# Who is asked.


async def test_hints_of_a_server_may_only_raise_the_risk() -> None:
    async with McpServers({"plain": ROUGH, "trusted": {**ROUGH, "trusted": True}}) as mcp:
        tools = {tool.name: tool for tool in mcp.tools}
    assert tools["mcp.plain.says_it_reads"].risk == "write"
    assert tools["mcp.trusted.says_it_reads"].risk == "read"
    assert tools["mcp.trusted.changes"].risk == "write"
    for server in ("plain", "trusted"):
        assert tools[f"mcp.{server}.lies"].risk == "write"
        assert tools[f"mcp.{server}.lies"].origin.is_destructive
        assert tools[f"mcp.{server}.destroys"].origin.is_destructive
    assert all(tool.origin.is_foreign for tool in tools.values())


@pytest.mark.parametrize(
    ("trusted", "tool", "asked"),
    [
        (False, "says_it_reads", "a tool of an MCP server may change things"),
        (True, "says_it_reads", None),
        (True, "changes", "a tool of an MCP server may change things"),
        (True, "lies", "the tool says that it destroys"),
        (False, "destroys", "the tool says that it destroys"),
    ],
)
async def test_a_tool_that_only_reads_runs_unasked_if_its_server_is_trusted(
    trusted: bool, tool: str, asked: str | None
) -> None:
    reasons: list[str] = []
    outcome = await run(
        rough(trusted=trusted),
        f"return await tools.mcp.rough.{tool}()",
        lambda request: (reasons.append(request.reason), Approve())[1],
    )
    assert outcome.ok
    assert reasons == ([asked] if asked else [])


async def test_a_denied_call_never_reaches_the_server() -> None:
    source = """
try:
    await tools.mcp.modern.change()
except ToolDenied:
    pass
return await tools.mcp.modern.add(a=1, b=2)
"""
    answer = lambda request: Deny() if request.tool.endswith("change") else Approve()  # noqa: E731
    assert (await run({"modern": MODERN}, source, answer)).value == 3


# Questions of a server.


@BOTH
@pytest.mark.parametrize(
    ("answer", "value"),
    [(Approve(arguments={"age": 30, "more": 1}), "30"), (Deny(), "decline"), (Approve(), "decline")],
)
async def test_a_question_of_the_stateless_protocol_goes_to_the_approver(answer: Any, value: str) -> None:
    asked: list[ApprovalRequest] = []

    def decide(request: ApprovalRequest) -> Any:
        asked.append(request)
        return Approve() if request.form is None else answer

    outcome = await run({"modern": MODERN}, "return await tools.mcp.modern.age(who='ann')", decide)
    assert outcome.value == value
    assert asked[1].reason == "the MCP server 'modern' asks: How old is ann?"
    assert asked[1].tool == "mcp.modern.age"
    assert asked[1].form is not None
    assert list(asked[1].form["properties"]) == ["age"]  # type: ignore[call-overload]


@BOTH
@pytest.mark.parametrize(
    ("answer", "value"),
    [(Approve(arguments={"n": 3}), {"action": "accept", "content": {"n": 3}}), (Deny(), {"action": "decline"})],
)
async def test_a_question_of_the_older_protocol_goes_to_the_approver(answer: Any, value: object) -> None:
    decide = lambda request: Approve() if request.form is None else answer  # noqa: E731
    outcome = await run(rough(), "import json\nreturn json.loads(await tools.mcp.rough.elicit())", decide)
    assert outcome.value == value


async def test_an_address_to_open_is_shown_and_confirmed() -> None:
    asked: list[str] = []
    outcome = await run(
        rough(),
        "return await tools.mcp.rough.elicit_url()",
        lambda request: (asked.append(request.reason), Approve())[1],
    )
    assert json.loads(str(outcome.value)) == {"action": "accept"}
    assert "https://example.invalid/in" in asked[1]


@BOTH
async def test_the_time_of_a_question_is_no_time_of_the_server() -> None:
    async def decide(request: ApprovalRequest) -> Any:
        if request.form is None:
            return Approve()
        await anyio.sleep(1.2)
        return Approve(arguments={"n": 1})

    outcome = await run(rough(timeout_s=1), "return await tools.mcp.rough.elicit()", decide)
    assert outcome.ok, outcome.error


@BOTH
async def test_a_question_ends_with_its_run() -> None:
    withdrawn = anyio.Event()

    async def decide(request: ApprovalRequest) -> Any:
        if request.form is None:
            return Approve()
        try:
            await anyio.sleep_forever()
        finally:
            withdrawn.set()

    async with opened(rough(), decide) as harness:
        async with harness.stream("return await tools.mcp.rough.elicit()") as stream:
            asked = 0
            async for event in stream:
                asked += isinstance(event, ApprovalRequested)
                if asked == 2:
                    stream.stop()
        with anyio.fail_after(5):
            await withdrawn.wait()


async def test_a_policy_that_puts_no_questions_of_servers_declines_them() -> None:
    settings = {"approval_policy": {"mcp_elicitations": False}}
    outcome = await run(rough(trusted=True), "return await tools.mcp.rough.elicit()", settings=settings)
    assert outcome.error is not None
    assert outcome.error.code == "policy.forbidden"


# Errors.


async def test_what_a_server_calls_an_error_raises_with_its_text_and_without_its_paths() -> None:
    source = """
try:
    await tools.mcp.rough.error()
except ToolError as error:
    return [error.code, error.message]
"""
    outcome = await run(rough(), source)
    assert outcome.value == ["tool.failed", "tools.mcp.rough.error failed: no such city in .../places.txt"]


@pytest.mark.parametrize(
    ("call", "code", "said"),
    [
        ("protocol_error()", "tool.failed", "wrong argument"),
        ("no_result()", "tool.failed", "its server sent what is no result"),
        ("invalid_structured()", "tool.failed", "its structured result is not what it declares: n: "),
        ("lacks_structured()", "tool.failed", "it declares structured results, and sent none"),
        ("huge_structured()", "tool.result_too_large", "3000"),
        ("flood_line()", "tool.failed", "a message of more than 8388608 bytes"),
        ("flood_notifications()", "tool.failed", "20000 messages that nobody asked for"),
        ("die()", "tool.failed", "exited with status 3; its standard error ends: Traceback: the disk is on fire"),
        ("die_silently()", "tool.failed", "it was ended by SIGKILL"),
    ],
)
async def test_whatever_a_server_sends_is_an_error_of_the_call(call: str, code: str, said: str) -> None:
    error = await failure(call)
    assert error.code == code
    assert said in error.message


async def test_a_long_text_is_cut_in_the_middle() -> None:
    outcome = await run(rough(), "return await tools.mcp.rough.huge_text()")
    assert outcome.error is not None  # longer than a script may return
    assert "characters cut" in str(outcome.calls[0].result)


async def test_a_declared_pattern_cannot_keep_the_host() -> None:
    began = time.monotonic()
    error = await failure("slow_pattern()")
    assert "is not what it declares" in error.message
    assert time.monotonic() - began < 30  # a backtracking engine would take years


async def test_what_a_server_prints_beside_its_messages_is_skipped() -> None:
    source = "return [await tools.mcp.rough.print_garbage(), await tools.mcp.rough.flood_errors()]"
    assert (await run(started("print"), source)).value == ["still here", "survived"]


@BOTH
@pytest.mark.parametrize("call", ["hang()", "blocks()"])
async def test_a_call_that_is_not_answered_times_out_and_the_next_one_has_a_fresh_server(call: str) -> None:
    source = f"""
before = await tools.mcp.rough.pid()
try:
    await tools.mcp.rough.{call}
except ToolTimeout as error:
    said = error.message
return [said, before != await tools.mcp.rough.pid()]
"""
    outcome = await run(rough(timeout_s=1), source)
    assert outcome.value == [f"tools.mcp.rough.{call[:-2]} did not answer within 1 s", True]


@BOTH
async def test_the_next_call_starts_a_server_that_died_and_one_that_dies_again_is_waited_for() -> None:
    source = """
said = []
for tool in ["die", "echo", "die", "echo"]:
    try:
        said.append(await getattr(tools.mcp.rough, tool)())
    except ToolError as error:
        said.append([error.retryable, error.message])
return said
"""
    outcome = await run(rough(), source)
    assert outcome.error is None, outcome.error
    first, second, third, fourth = outcome.value  # type: ignore[misc]
    assert first[0] is False
    assert second == "echo"
    assert third[0] is False
    assert fourth[0] is True
    assert "is not started again for" in fourth[1]


async def test_calls_beside_the_one_that_killed_the_server_fail_and_other_servers_go_on() -> None:
    source = """
import asyncio
return [
    item if isinstance(item, str) else item.code
    for item in await asyncio.gather(
        tools.mcp.rough.hang(), tools.mcp.rough.die(), tools.mcp.other.echo(text="fine"), return_exceptions=True
    )
]
"""
    assert (await run({**rough(), "other": ROUGH}, source)).value == ["tool.failed", "tool.failed", "fine"]


# Tools that change.


@BOTH
async def test_a_tool_whose_schema_changed_is_not_called_until_the_servers_are_opened_anew() -> None:
    source = """
said = [await tools.mcp.rough.changes(a=1), await tools.mcp.rough.change()]
for name in ["changes", "vanishes", "echo"]:
    try:
        said.append(await getattr(tools.mcp.rough, name)())
    except ToolError as error:
        said.append([error.code, error.message])
return said
"""
    outcome = await run(rough(), source)
    assert outcome.value == [
        "changes",
        "changed",
        [
            "tool.failed",
            "tools.mcp.rough.changes was not called: its server has changed the tool since this session began",
        ],
        ["tool.not_found", "tools.mcp.rough.vanishes is gone: the MCP server 'rough' no longer offers 'vanishes'"],
        "echo",
    ]


@BOTH
async def test_a_change_is_heard_on_the_stateless_protocol_too() -> None:
    async with opened({"modern": MODERN}) as harness:
        assert (await harness.run("return await tools.mcp.modern.change()")).value == "changed"
        with anyio.fail_after(10):
            while True:
                outcome = await harness.run("return await tools.mcp.modern.add(a=1, b=2)")
                if outcome.error is not None and "has changed the tool" in outcome.error.message:
                    break
                await anyio.sleep(0.1)
        assert (await harness.run("return await tools.mcp.modern.place(name='x')")).ok


# Names.


async def test_names_that_python_does_not_take_have_a_spelling_and_stay_as_they_are_on_the_wire() -> None:
    async with McpServers(started("keyword")) as mcp:
        assert [tool.name for tool in mcp.tools] == [
            "mcp.rough.class_",
            "mcp.rough.tool_2fa",
            "mcp.rough.private",
            "mcp.rough.t_",
        ]
        async with Harness(mcp.tools, approver=CallbackApprover(say_yes)) as harness:
            outcome = await harness.run("return [await tools.mcp.rough.class_(), await tools.mcp.rough.tool_2fa()]")
    assert outcome.value == ["class", "2fa"]


async def test_two_tools_with_one_spelling_are_an_error_that_names_both() -> None:
    with pytest.raises(ConfigError, match=r"'a-b' and 'a\.b' would both be called 'a_b'"):
        async with McpServers(started("clash")):
            pass


def test_two_servers_with_one_spelling_are_an_error_that_names_both() -> None:
    with pytest.raises(ConfigError, match="'my-one' and 'my_one' would both be called 'my_one'"):
        McpServers({"my-one": ROUGH, "my_one": ROUGH})


async def test_a_tool_with_a_broken_schema_is_left_out_with_a_note() -> None:
    async with McpServers(started("bad_schema")) as mcp:
        assert [tool.name for tool in mcp.tools] == ["mcp.rough.good"]
        bad, far = mcp.notes
    assert "'bad'" in bad
    assert "is not fetched" in far


# Start and end.


@pytest.mark.parametrize(
    ("server", "said"),
    [
        ({"command": "no-such-program"}, "there is no program 'no-such-program'"),
        ({**ROUGH, "cwd": "/no/such/folder"}, "there is no folder '/no/such/folder'"),
        ({**ROUGH, "args": [*ROUGH["args"], "die"]}, "it exited with status 1; its standard error ends: cannot read"),  # type: ignore[misc]
        ({**ROUGH, "args": [*ROUGH["args"], "mute"], "start_timeout_s": 0.7}, "it did not answer within 0.7 s"),  # type: ignore[misc]
        ({**ROUGH, "args": [*ROUGH["args"], "garbage"], "start_timeout_s": 0.7}, "'Usage: rough [OPTIONS]'"),  # type: ignore[misc]
        ({"url": "http://127.0.0.1:9/mcp"}, "ttempts"),
        ({"url": "http://127.0.0.1:9/mcp", "bearer_token_env": "NO_SUCH_TOKEN"}, "NO_SUCH_TOKEN"),
    ],
)
async def test_a_server_that_does_not_start_is_an_error_that_names_it(server: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigError) as raised:
        async with McpServers({"good": ROUGH, "broken": server}):
            pass
    assert raised.value.message.startswith("the MCP server 'broken' did not start: ")
    assert said in raised.value.message


@BOTH
async def test_where_servers_are_not_required_the_others_go_on_and_a_note_says_so() -> None:
    async with McpServers({"good": ROUGH, "broken": {"command": "no-such-program"}}, is_required=False) as mcp:
        assert all(tool.name.startswith("mcp.good.") for tool in mcp.tools)
        [note] = mcp.notes
    assert "'broken' did not start" in note


def test_wrong_settings_of_a_server_are_an_error_that_names_it() -> None:
    with pytest.raises(ConfigError, match="either command or url"):
        McpServers({"x": {}})
    with pytest.raises(ConfigError, match="`comand`"):
        McpServers({"x": {"comand": "y"}})


async def test_a_server_gets_few_variables_and_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MY_API_KEY", "MY_TOKEN", "MY_SECRET", "DB_PASSWORD", "SOMETHING", "LD_LIBRARY_PATH"):
        monkeypatch.setenv(name, "hidden")
    servers = rough(env={"OWN_KEY": "given", "LANG": "C"}, inherit=["MY_TOKEN"])
    outcome = await run(servers, "import json\nreturn json.loads(await tools.mcp.rough.environment())")
    got: Any = outcome.value
    assert (got["OWN_KEY"], got["LANG"], got["MY_TOKEN"]) == ("given", "C", "hidden")
    assert "PATH" in got
    assert not {"MY_API_KEY", "MY_SECRET", "DB_PASSWORD", "SOMETHING", "LD_LIBRARY_PATH"} & set(got)


@BOTH
async def test_servers_and_what_they_started_end_with_the_session() -> None:
    source = "return [await tools.mcp.rough.pid(), await tools.mcp.rough.children()]"
    outcome = await run(started("linger"), source)
    assert isinstance(outcome.value, list)
    assert not [pid for pid in map(int, outcome.value) if is_alive(pid)]


HOST = """
import sys, anyio
from harness import Approve, CallbackApprover, Harness, McpServers

async def main():
    servers = {"rough": {"command": sys.executable, "args": sys.argv[1:]}}
    async with McpServers(servers) as mcp, Harness(mcp.tools, approver=CallbackApprover(lambda r: Approve())) as harness:
        outcome = await harness.run("return [await tools.mcp.rough.pid(), await tools.mcp.rough.children()]")
        print(*outcome.value, flush=True)
        await anyio.sleep_forever()

anyio.run(main)
"""


def test_servers_and_what_they_started_end_with_a_host_that_is_killed() -> None:
    command = [sys.executable, "-c", HOST, str(HERE / "rough.py"), "linger"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as host:
        assert host.stdout is not None
        pids = [int(word) for word in host.stdout.readline().split()]
        host.send_signal(signal.SIGKILL)
    assert len(pids) == 2
    deadline = time.monotonic() + 10
    while any(map(is_alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not [pid for pid in pids if is_alive(pid)]


async def test_without_the_package_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)
    with pytest.raises(ConfigError) as raised:
        async with McpServers({"rough": ROUGH}):
            pass
    assert raised.value.hint == "pip install 'toolscript[mcp]'"


def test_the_package_itself_imports_nothing_of_it() -> None:
    program = "import sys, harness; harness.Harness; harness.McpServers; print([n for n in sys.modules if n.split('.')[0] in ('mcp', 'mcp_types')])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# Servers that others wrote.


async def test_the_official_git_and_time_servers(tmp_path: Path) -> None:
    await anyio.run_process(["git", "init", "-q", str(tmp_path)])
    (tmp_path / "a.txt").write_text("a\n")
    servers = {
        "git": {"command": str(BIN / "mcp-server-git"), "args": ["--repository", str(tmp_path)]},
        "time": {"command": str(BIN / "mcp-server-time")},
    }
    source = f"""
await tools.mcp.git.git_add(repo_path={str(tmp_path)!r}, files=["a.txt"])
status = await tools.mcp.git.git_status(repo_path={str(tmp_path)!r})
noon = await tools.mcp.time.convert_time(source_timezone="Europe/Paris", time="12:00", target_timezone="Asia/Tokyo")
try:
    await tools.mcp.time.get_current_time(timezone="Nowhere")
except ToolError as error:
    code = error.code
return [status, noon["target"]["timezone"], code]
"""
    outcome = await run(servers, source)
    assert outcome.error is None, outcome.error
    status, zone, code = outcome.value  # type: ignore[misc]
    assert "new file:   a.txt" in status
    assert (zone, code) == ("Asia/Tokyo", "tool.failed")


# Streamable HTTP.


@contextmanager
def served(*arguments: str, port: int = 0) -> Iterator[str]:
    """Run a server of `mcp_servers` at a port of this machine."""
    with socket.create_server(("127.0.0.1", port)) as listener:
        command = [sys.executable, str(HERE / "web.py"), str(listener.fileno()), *arguments]
        with subprocess.Popen(command, pass_fds=[listener.fileno()]) as server:
            address = listener.getsockname()
            listener.close()
            try:
                yield f"http://127.0.0.1:{address[1]}/mcp"
            finally:
                server.kill()


# The SDK leaves iterators over answers to the collector, which trio tells of.
LEFT_OPEN = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@BOTH
@LEFT_OPEN
async def test_a_server_at_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SESAME", "sesame")
    source = """
return [await tools.mcp.web.add(a=1, b=2), await tools.mcp.web.count(to=3), await tools.mcp.web.age(who="ann")]
"""
    with served("token", "sesame") as url:
        servers = {"web": {"url": url, "bearer_token_env": "SESAME"}}
        outcome = await run(servers, source, lambda r: Approve(arguments={"age": 5}) if r.form else Approve())
        named = {"web": {"url": url, "headers": {"Authorization": "Bearer sesame"}}}
        assert (await run(named, "return await tools.mcp.web.add(a=1, b=2)")).value == 3
    assert outcome.value == [3, "done", "5"]


@LEFT_OPEN
async def test_an_address_that_refuses_says_so() -> None:
    with served("token", "sesame") as url, pytest.raises(ConfigError, match="HTTP 401 Unauthorized"):
        async with McpServers({"web": {"url": url}}):
            pass


@BOTH
@LEFT_OPEN
async def test_an_address_that_goes_away_is_an_error_of_the_call_and_comes_back() -> None:
    source = "return await tools.mcp.web.add(a=1, b=2)"
    with ExitStack() as first:
        url = first.enter_context(served())
        async with opened({"web": {"url": url}}) as harness:
            assert (await harness.run(source)).value == 3
            await anyio.to_thread.run_sync(first.close)
            outcome = await harness.run(source)
            assert outcome.error is not None
            assert outcome.error.code == "tool.failed"
            with served(port=int(url.split(":")[2].split("/")[0])):
                assert (await harness.run(source)).value == 3


@LEFT_OPEN
async def test_an_answer_that_is_too_long_is_an_error_of_the_call() -> None:
    with served("long") as url:
        outcome = await run({"web": {"url": url}}, "return await tools.mcp.web.long()")
    assert outcome.error is not None
    assert "the answer has more than 8388608 bytes" in outcome.error.message


# Servers on Node.

NODE_SERVERS = Path(__file__).parents[2] / "node_modules" / ".bin"


def on_node(name: str) -> str:
    """Return the program of a server that `make node-servers` installs."""
    program = NODE_SERVERS / name
    if not program.exists():
        pytest.skip(f"{name} is not installed: `make node-servers` does that, and needs Node with npm")
    return str(program)


async def test_the_official_filesystem_server(tmp_path: Path) -> None:
    servers = {"fs": {"command": on_node("mcp-server-filesystem"), "args": [str(tmp_path)]}}
    source = f"""
path = {str(tmp_path / "a.txt")!r}
await tools.mcp.fs.write_file(path=path, content="written by a script")
try:
    await tools.mcp.fs.read_text_file(path="/etc/hostname")
except ToolError as error:
    refused = error.code
return [await tools.mcp.fs.read_text_file(path=path), refused]
"""
    outcome = await run(servers, source)
    assert outcome.error is None, outcome.error
    assert outcome.value == [{"content": "written by a script"}, "tool.failed"]
    assert (tmp_path / "a.txt").read_text() == "written by a script"


async def test_the_official_server_of_everything() -> None:
    servers = {"all": {"command": on_node("mcp-server-everything")}}
    async with opened(servers) as harness:
        names = {tool.name for tool in harness.tools}
        events = [
            event
            async for event in harness.stream(
                "a = await tools.mcp.all.get_sum(a=1, b=2)\n"
                "b = await tools.mcp.all.trigger_long_running_operation(duration=2, steps=2)\n"
                "return [a, b, await tools.mcp.all.get_structured_content(location='Chicago')]"
            )
        ]
    assert {"mcp.all.echo", "mcp.all.get_sum"} <= names
    assert any(isinstance(event, Progress) for event in events)
    last = events[-1]
    assert isinstance(last, RunFinished)
    assert last.outcome.error is None, last.outcome.error
    added, ran, weather = last.outcome.value  # type: ignore[misc]
    assert "3" in added
    assert "Long running operation completed" in ran
    assert set(weather) == {"temperature", "conditions", "humidity"}
