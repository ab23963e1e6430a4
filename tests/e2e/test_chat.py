"""`toolscript chat` as a user starts it, with the real SDK clients against a server on loopback."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pexpect
import pytest

from tests.e2e.conftest import environment
from tests.e2e.wire_formats import PROVIDERS, Call, Text, response_of, script_call
from tests.e2e.wire_server import Reply, WireServer, too_many_requests

TOOLS = '''
import asyncio

from harness import tool


@tool(approval="always")
async def send(to: str) -> str:
    """Send a message."""
    return f"sent to {to}"


@tool
async def nap(seconds: float) -> str:
    """Sleep on the host."""
    await asyncio.sleep(seconds)
    return "rested"


ALL = [send, nap]
'''
SEND = 'return await tools.send(to="ann")'
every_provider = pytest.mark.parametrize("provider", PROVIDERS)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "asking_tools.py").write_text(TOOLS, encoding="utf-8")
    return tmp_path


def command(server: WireServer, provider: str, *arguments: str) -> list[str]:
    base = server.url if provider == "anthropic" else server.url + "/v1"
    chosen = ["--provider", provider, "--model", "a-model", "--base-url", base, "--tools", "asking_tools:ALL"]
    return ["-m", "harness.cli", "chat", *chosen, *arguments]


def variables(desk: Path, **more: str) -> dict[str, str]:
    return environment({"HOME": str(desk), "OPENAI_API_KEY": "k1", "ANTHROPIC_API_KEY": "k1", **more})


def chat(
    desk: Path,
    server: WireServer,
    provider: str,
    *arguments: str,
    stdin: str = "",
    env: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command(server, provider, *arguments)],
        cwd=desk,
        input=stdin,
        capture_output=True,
        text=True,
        env=variables(desk) if env is None else dict(env),
        timeout=90,
        check=False,
        start_new_session=True,
    )


def replies(provider: str, *parts: object, last: str = "All done.") -> list[Reply]:
    return [Reply(response_of(provider, *parts)), Reply(response_of(provider, Text(last)))]  # type: ignore[arg-type]  # parts


@every_provider
@pytest.mark.parametrize("stream", ["--stream", "--no-stream"])
def test_a_script_is_run_after_an_answer_from_a_pipe_and_its_value_is_sent(
    desk: Path, provider: str, stream: str
) -> None:
    with WireServer(*replies(provider, Text("I send it."), script_call(SEND, provider))) as server:
        done = chat(desk, server, provider, stream, "--approver", "terminal", "Send it.", stdin="y\n")
    assert (done.returncode, done.stdout) == (0, "I send it.\nAll done.\n"), done.stderr
    assert f"| {SEND}" in done.stderr
    first, second = (request.body for request in server.requests)
    assert bool(first.get("stream")) is (stream == "--stream")
    assert [tool["function"]["name"] if "function" in tool else tool["name"] for tool in first["tools"]] == [
        "run_script"
    ]
    assert "async def send(" in str(first)
    assert "sent to ann" in str(second)


@every_provider
def test_429_is_sent_again(desk: Path, provider: str) -> None:
    with WireServer(too_many_requests(), Reply(response_of(provider, Text("Hello.")))) as server:
        done = chat(desk, server, provider, "Hi.")
    assert (done.returncode, done.stdout, len(server.requests)) == (0, "Hello.\n", 2)


@every_provider
def test_a_truncated_response_is_not_run_and_said_to_be_so(desk: Path, provider: str) -> None:
    cut = Reply(response_of(provider, Text("I begin"), stop="length"))
    with WireServer(cut) as server:
        done = chat(desk, server, provider, "Hi.")
    assert (done.returncode, done.stdout) == (1, "I begin\n")
    assert "script.truncated" in done.stderr
    assert len(server.requests) == 1


@every_provider
def test_a_truncated_call_is_not_run_and_the_model_is_told(desk: Path, provider: str) -> None:
    cut = Reply(response_of(provider, script_call(SEND, provider), stop="length"))
    with WireServer(cut, Reply(response_of(provider, Text("I see.")))) as server:
        done = chat(desk, server, provider, "--approver", "terminal", "Hi.", stdin="y\n")
    assert (done.returncode, done.stdout) == (0, "I see.\n")
    assert "script.truncated" in done.stderr
    assert "script.truncated" in str(server.requests[1].body)
    assert "sent to ann" not in str(server.requests[1].body)


@pytest.mark.parametrize("provider", ["openai-chat", "anthropic"])
def test_malformed_arguments_are_said_to_the_model(desk: Path, provider: str) -> None:
    with WireServer(*replies(provider, Call("run_script", '{"script": nonsense}'))) as server:
        done = chat(desk, server, provider, "Hi.")
    assert (done.returncode, done.stdout) == (0, "All done.\n")
    assert "tool.malformed_call" in done.stderr
    assert "tool.malformed_call" in str(server.requests[1].body)


def test_a_structured_call_goes_the_same_way(desk: Path) -> None:
    call = Call("nap", '{"seconds": 0}')
    with WireServer(*replies("openai-chat", call)) as server:
        done = chat(desk, server, "openai-chat", "Rest.")
    assert done.returncode == 0
    assert "tools.nap(seconds=0) ok" in done.stderr
    assert "rested" in str(server.requests[1].body)


def test_scripts_between_tags_need_no_declaration(desk: Path) -> None:
    text = Text("Look.\n<tool-calls>\nreturn 6 * 7\n</tool-calls>\n")
    with WireServer(*replies("openai-chat", text)) as server:
        done = chat(desk, server, "openai-chat", "--form", "tags", "Count.")
    assert done.stdout.startswith("Look.\n")
    assert "tools" not in server.requests[0].body
    assert "42" in str(server.requests[1].body)


def test_turns_have_a_most(desk: Path) -> None:
    looping = [Reply(response_of("openai-chat", script_call("return 1", "openai-chat"))) for _ in range(3)]
    with WireServer(*looping) as server:
        done = chat(desk, server, "openai-chat", "--max-turns", "2", "Go.")
    assert done.returncode == 4
    assert "2 turns were not enough" in done.stderr
    assert len(server.requests) == 2


def test_lines_and_answers_come_through_one_pipe(desk: Path) -> None:
    first = replies("openai-chat", script_call(SEND, "openai-chat"), last="Sent.")
    with WireServer(*first, Reply(response_of("openai-chat", Text("Bye.")))) as server:
        done = chat(desk, server, "openai-chat", "--approver", "terminal", stdin="Send it.\ny\nThank you.\n")
    assert (done.returncode, done.stdout) == (0, "Sent.\nBye.\n")
    said = [item["content"] for item in server.requests[-1].body["messages"] if item["role"] == "user"]
    assert said == ["Send it.", "Thank you."]


@every_provider
def test_a_provider_that_fails_ends_it_with_its_words(desk: Path, provider: str) -> None:
    with WireServer() as server:
        done = chat(desk, server, provider, "Hi.")
    assert done.returncode == 7
    assert "nothing is left to say" in done.stderr
    assert "Traceback" not in done.stderr


@every_provider
def test_a_connection_that_is_lost_within_a_stream_ends_it_and_nothing_is_run(desk: Path, provider: str) -> None:
    lost = Reply(response_of(provider, Text("I send it."), script_call(SEND, provider)), most_events=4, breaks_off=True)
    with WireServer(lost) as server:
        done = chat(desk, server, provider, "--approver", "terminal", "Send it.", stdin="y\n")
    assert done.returncode == 7, done.stderr
    assert "Traceback" not in done.stderr
    assert "asks for approval" not in done.stderr


@pytest.mark.parametrize(("provider", "name"), [("openai-chat", "OPENAI_API_KEY"), ("anthropic", "ANTHROPIC_API_KEY")])
def test_a_missing_key_is_named(desk: Path, provider: str, name: str) -> None:
    with WireServer() as server:
        done = chat(desk, server, provider, "Hi.", env=environment({"HOME": str(desk)}))
    assert done.returncode == 2
    assert f"{name} is not set" in done.stderr
    assert server.requests == []


def start(desk: Path, server: WireServer, *arguments: str) -> pexpect.spawn[str]:
    return pexpect.spawn(
        sys.executable,
        command(server, "openai-responses", *arguments),
        cwd=str(desk),
        env=variables(desk, TERM="xterm-256color"),  # type: ignore[arg-type]  # the stubs want os._Environ
        encoding="utf-8",
        dimensions=(40, 100),
        timeout=30,
    )


def test_at_a_terminal_a_person_talks_approves_and_stops_a_script(desk: Path) -> None:
    provider = "openai-responses"
    nap = Reply(response_of(provider, script_call("return await tools.nap(seconds=60)", provider)))
    with WireServer(*replies(provider, script_call(SEND, provider), last="It is sent."), nap) as server:
        terminal = start(desk, server)
        terminal.expect("> ")
        terminal.sendline("Send it.")
        terminal.expect(r"\? *\]: ")
        terminal.sendline("y")
        terminal.expect("sent to ann")
        terminal.expect("It is sent.")
        terminal.expect("> ")
        terminal.sendline("Rest.")
        terminal.expect(r"tools\.nap")
        terminal.expect(r"\d\.\d s")  # the call goes on
        terminal.sendintr()
        terminal.expect("run.cancelled")
        terminal.expect("interrupted")
        terminal.expect(pexpect.EOF)
        terminal.close()
    assert terminal.exitstatus == 130
    assert not re.search("Traceback", terminal.before or "")


def test_ctrl_c_while_it_waits_for_a_line_ends_it(desk: Path) -> None:
    with WireServer() as server:
        terminal = start(desk, server)
        terminal.expect("> ")
        terminal.sendintr()
        terminal.expect(pexpect.EOF)
        terminal.close()
    assert terminal.exitstatus == 130
