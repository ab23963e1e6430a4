"""`toolscript chat` as a user starts it, with the real SDK clients against a server on loopback.

Each test is a process, which imports an SDK: 2 s. What needs none stands in `test_chat_without_response.py`, and what
`respond` makes of each wire format in `test_providers.py`.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pexpect
import pytest

from harness.cli.conversation import STOPPED
from tests.e2e.conftest import environment
from tests.e2e.processes import commands_below, wait_gone, wait_until
from tests.e2e.wire_formats import PROVIDERS, Call, Text, response_of, script_call
from tests.e2e.wire_server import Reply, WireServer

SEND = 'return await tools.send(to="ann")'
every_provider = pytest.mark.parametrize("provider", PROVIDERS)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder to work in."""
    return tmp_path


def command(server: WireServer, provider: str, *arguments: str) -> list[str]:
    base = server.url if provider == "anthropic" else server.url + "/v1"
    chosen = ["--provider", provider, "--model", "a-model", "--base-url", base, "--tools", "tests.e2e.asking_tools:ALL"]
    return ["-m", "harness.cli", "chat", *chosen, *arguments]


def variables(desk: Path, **more: str) -> dict[str, str]:
    return environment({"HOME": str(desk), "OPENAI_API_KEY": "k1", "ANTHROPIC_API_KEY": "k1", **more})


def chat(
    desk: Path,
    server: WireServer,
    provider: str,
    *arguments: str,
    stdin: str = "",
    **more: str,
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command(server, provider, *arguments)],
        cwd=desk,
        input=stdin,
        capture_output=True,
        text=True,
        env=variables(desk, **more),
        timeout=90,
        check=False,
        start_new_session=True,
    )


def replies(provider: str, *parts: object, last: str = "All done.") -> list[Reply]:
    return [Reply(response_of(provider, *parts)), Reply(response_of(provider, Text(last)))]  # type: ignore[arg-type]  # parts


@pytest.mark.parametrize(
    ("provider", "stream"), [*((provider, "--no-stream") for provider in PROVIDERS), ("anthropic", "--stream")]
)
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


def test_a_truncated_response_is_not_run_and_said_to_be_so(desk: Path) -> None:
    provider = "openai-chat"
    cut = Reply(response_of(provider, Text("I begin"), stop="length"))
    with WireServer(cut) as server:
        done = chat(desk, server, provider, "Hi.")
    assert (done.returncode, done.stdout) == (1, "I begin\n")
    assert "script.truncated" in done.stderr
    assert len(server.requests) == 1


def test_a_truncated_call_is_not_run_and_the_model_is_told(desk: Path) -> None:
    provider = "anthropic"
    cut = Reply(response_of(provider, script_call(SEND, provider), stop="length"))
    with WireServer(cut, Reply(response_of(provider, Text("I see.")))) as server:
        done = chat(desk, server, provider, "--approver", "terminal", "Hi.", stdin="y\n")
    assert (done.returncode, done.stdout) == (0, "I see.\n")
    assert "script.truncated" in done.stderr
    assert "script.truncated" in str(server.requests[1].body)
    assert "sent to ann" not in str(server.requests[1].body)


def test_malformed_arguments_are_said_to_the_model(desk: Path) -> None:
    provider = "anthropic"
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
    with WireServer(*first, refused_key(), Reply(response_of("openai-chat", Text("Bye.")))) as server:
        lines = "Send it.\ny\nThank you.\nStill there?\n"
        done = chat(desk, server, "openai-chat", "--approver", "terminal", stdin=lines)
    assert (done.returncode, done.stdout) == (0, "Sent.\nBye.\n")
    said = [item["content"] for item in server.requests[-1].body["messages"] if item["role"] == "user"]
    assert said == ["Send it.", "Thank you.\n\nStill there?"]  # a refusal behind a response ends nothing
    assert "sent to ann" in str(server.requests[1].body)


def refused_key() -> Reply:
    return Reply({"type": "error", "error": {"type": "an_error", "message": "No."}}, status=401)


def test_a_provider_that_fails_ends_it_with_its_words(desk: Path) -> None:
    provider = "openai-responses"
    with WireServer() as server:
        done = chat(desk, server, provider, "Hi.")
    assert done.returncode == 7
    assert "nothing is left to say" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_connection_that_is_lost_within_a_stream_ends_it_and_nothing_is_run(desk: Path) -> None:
    provider = "openai-responses"
    lost = Reply(response_of(provider, Text("I send it."), script_call(SEND, provider)), most_events=4, breaks_off=True)
    with WireServer(lost) as server:
        done = chat(desk, server, provider, "--approver", "terminal", "Send it.", stdin="y\n")
    assert done.returncode == 7, done.stderr
    assert "Traceback" not in done.stderr
    assert "asks for approval" not in done.stderr


def test_in_a_pipe_lines_end_with_a_first_request_that_can_never_succeed(desk: Path) -> None:
    with WireServer(refused_key(), refused_key()) as server:
        done = chat(desk, server, "openai-chat", stdin="Hi.\nHo.\n")
    assert (done.returncode, len(server.requests), done.stdout) == (2, 1, "")
    assert done.stderr.count("\n") == 1, done.stderr
    assert "refuses the key: " in done.stderr


def loosened(provider: str) -> dict[str, str]:
    """A setting of the user that `--mode` must outdo."""
    return {"TOOLSCRIPT_PROVIDERS": f'{{{provider} = {{mode = "enabled"}}}}'}


def test_disabled_scripts_are_not_run_and_the_model_is_told(desk: Path) -> None:
    provider = "anthropic"
    options = ("--mode", "disabled", "--approver", "terminal")
    with WireServer(*replies(provider, script_call(SEND, provider))) as server:
        done = chat(desk, server, provider, *options, "Send it.", stdin="y\n", **loosened(provider))
    assert (done.returncode, done.stdout) == (0, "All done.\n"), done.stderr
    assert "harness.disabled" in done.stderr
    assert "asks for approval" not in done.stderr
    assert "harness.disabled" in str(server.requests[1].body)


def test_a_dry_run_asks_nobody_and_says_what_would_be_asked(desk: Path) -> None:
    provider = "openai-responses"
    options = ("--mode", "dry-run", "--approver", "terminal")
    with WireServer(*replies(provider, script_call(SEND, provider))) as server:
        done = chat(desk, server, provider, *options, "Send it.", stdin="y\n", **loosened(provider))
    assert (done.returncode, done.stdout) == (0, "All done.\n"), done.stderr
    assert "dry run: nothing was executed" in done.stderr
    assert "tools.send" in done.stderr
    assert "would be asked about" in done.stderr
    assert "sent to ann" not in str(server.requests[1].body)
    assert "asks for approval of every call" in str(_items(server.requests[1].body)[-1])


@pytest.mark.parametrize(("answer", "is_sent"), [("y", True), ("n", False)])
def test_a_plan_is_approved_or_denied_with_one_answer(desk: Path, answer: str, is_sent: bool) -> None:
    provider = "openai-responses"
    source = 'await tools.send(to="ann")\nreturn await tools.send(to="bob")'
    with WireServer(*replies(provider, script_call(source, provider))) as server:
        options = ("--plan-approval", "--approver", "terminal")
        done = chat(desk, server, provider, *options, "Send both.", stdin=f"{answer}\n")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("question [") == 1, done.stderr
    assert ("sent to bob" in str(server.requests[1].body)) is is_sent
    assert ("approval." in str(_items(server.requests[1].body)[-1])) is not is_sent


def start(desk: Path, server: WireServer, *arguments: str, provider: str = "openai-responses") -> pexpect.spawn[str]:
    return pexpect.spawn(
        sys.executable,
        command(server, provider, *arguments),
        cwd=str(desk),
        env=variables(desk, TERM="xterm-256color"),  # type: ignore[arg-type]  # the stubs want os._Environ
        encoding="utf-8",
        dimensions=(40, 100),
        timeout=30,
    )


def ended(terminal: pexpect.spawn[str]) -> int | None:
    """Wait for the end, and return the exit code."""
    terminal.expect(pexpect.EOF)
    assert "Traceback" not in (terminal.before or "")
    terminal.close()
    return terminal.exitstatus


def stalling(provider: str, *parts: object, most_events: int = -4) -> Reply:
    """A stream that says nothing more shortly before its end."""
    return Reply(response_of(provider, *parts), most_events=most_events, stalls=True)  # type: ignore[arg-type]  # parts


def assert_is_accepted(provider: str, body: Mapping[str, Any]) -> None:
    """Check what providers check: every call has one answer, every answer its call before it, no message is empty."""
    items = body["input"] if provider == "openai-responses" else body["messages"]
    open_calls: set[str] = set()
    for item in items:
        asked, answered = _calls_in(item)
        assert answered <= open_calls, f"answers to no call: {item}"
        open_calls -= answered
        may_wait = answered or (asked and provider == "openai-responses")  # which has an item for each
        assert may_wait or not open_calls, f"without an answer: {open_calls}, before {item}"
        open_calls |= asked
        assert asked or answered or item["content"], f"empty: {item}"
    assert not open_calls
    said = [item for item in items if item.get("role") == "user"]
    assert items[-1] == said[-1], "the last word is the user's"


def _calls_in(item: Mapping[str, Any]) -> tuple[set[str], set[str]]:
    kind = item.get("type", "")
    if kind.endswith("_call"):
        return {item["call_id"]}, set()
    if kind.endswith("_call_output"):
        return set(), {item["call_id"]}
    if item.get("role") == "tool":
        return set(), {item["tool_call_id"]}
    blocks = item["content"] if isinstance(item.get("content"), list) else []
    asked = {call["id"] for call in item.get("tool_calls", ())}
    asked |= {block["id"] for block in blocks if block.get("type") == "tool_use"}
    return asked, {block["tool_use_id"] for block in blocks if block.get("type") == "tool_result"}


@every_provider
def test_ctrl_c_stops_the_stream_or_the_script_and_the_conversation_goes_on(desk: Path, provider: str) -> None:
    nap = Reply(response_of(provider, script_call("return await tools.nap(seconds=60)", provider)))
    cut = stalling(provider, Text("I send it."), script_call(SEND, provider))
    with WireServer(cut, nap, *replies(provider, script_call("return 6 * 7", provider), last="It is 42.")) as server:
        terminal = start(desk, server, provider=provider)
        terminal.expect("> ")
        terminal.sendline("Send it.")
        terminal.expect("I send it.")
        terminal.sendintr()
        terminal.expect("interrupted: the response was not whole")
        terminal.expect("> ")
        assert server.client_went.wait(10), "the request goes on"
        terminal.sendline("Rest.")
        terminal.expect(r"tools\.nap")
        terminal.expect(r"\d\.\d s")  # the call goes on
        terminal.sendintr()
        terminal.expect("run.cancelled")
        terminal.expect("interrupted: what ran was stopped")
        terminal.expect("> ")
        terminal.sendline("Count.")
        terminal.expect("It is 42.")
        terminal.expect("> ")
        terminal.sendeof()
        assert ended(terminal) == 0
    after_stream, after_script, last = (request.body for request in server.requests[1:])
    for body in (after_stream, after_script):
        assert_is_accepted(provider, body)
    assert "I send it." in str(after_stream)
    assert STOPPED in str(after_stream)
    assert "run_script" not in str([item for item in _items(after_stream) if item.get("role") != "system"])
    assert "run.cancelled" in str(after_script)
    assert "42" in str(_items(last)[-1])


def _items(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = body.get("input") or body["messages"]
    return items


@pytest.mark.parametrize("stream", ["--stream", "--no-stream"])
def test_ctrl_c_before_the_first_word_lets_the_user_say_it_better(desk: Path, stream: str) -> None:
    silent = stalling("openai-chat", Text("Never said."), most_events=0)
    with WireServer(silent, Reply(response_of("openai-chat", Text("Hello.")))) as server:
        terminal = start(desk, server, stream, provider="openai-chat")
        terminal.expect("> ")
        terminal.sendline("Hullo.")
        wait_for_request(server)
        terminal.sendintr()
        terminal.expect("interrupted")
        terminal.expect("> ")
        terminal.sendline("Hello, I mean.")
        terminal.expect("Hello\\.\r")
        terminal.sendeof()
        assert ended(terminal) == 0
    _, said = server.requests[1].body["messages"]
    assert said == {"role": "user", "content": f"Hullo.\n\n{STOPPED}\n\nHello, I mean."}


def wait_for_request(server: WireServer) -> None:
    wait_until(lambda: bool(server.requests))


def wait_for(file: Path) -> None:
    """Wait until a tool has written a file."""
    wait_until(file.exists)


def test_ctrl_c_stops_a_command_of_a_script(desk: Path) -> None:
    provider = "openai-responses"
    source = "return await tools.exec(command=['sleep', '4711'])"
    with WireServer(*replies(provider, script_call(source, provider))) as server:
        terminal = start(desk, server, "--workspace", str(desk), "--approval-policy", "never")
        terminal.expect("> ")
        terminal.sendline("Sleep.")
        terminal.expect(r"tools\.exec")
        terminal.expect(r"\d\.\d s")
        running = commands_below(terminal.pid, "4711")
        assert running
        terminal.sendintr()
        terminal.expect("interrupted")
        assert wait_gone(running, 10) == set()
        terminal.expect("> ")
        terminal.sendintr()
        assert ended(terminal) == 130


def test_ctrl_c_stops_a_structured_call_and_every_call_is_answered(desk: Path) -> None:
    provider = "openai-chat"
    calls = (
        Call("nap", '{"seconds": 60}', "c1"),
        Call("nap", '{"seconds": 0}', "c2"),
        script_call(SEND, provider, "c3"),
    )
    with WireServer(*replies(provider, *calls, last="I see.")) as server:
        terminal = start(desk, server, provider=provider)
        terminal.expect("> ")
        terminal.sendline("Rest.")
        wait_for(desk / "napping")  # nothing is shown of a structured call before it ends
        terminal.sendintr()
        terminal.expect(r"tools\.nap\(seconds=60\)[^\n]* cancelled")
        terminal.expect("interrupted: what ran was stopped")
        assert "seconds=0" not in terminal.before, "the call behind it was begun"
        assert SEND not in terminal.before, "the script behind it was begun"
        terminal.expect("> ")
        terminal.sendline("Well?")
        terminal.expect("I see.")
        terminal.sendeof()
        assert ended(terminal) == 0
    assert_is_accepted(provider, server.requests[1].body)
    answers = [item["content"] for item in server.requests[1].body["messages"] if item["role"] == "tool"]
    assert ["tool.cancelled" in answer for answer in answers[:2]] == [True, True]
    assert "run.cancelled" in answers[2]


def test_a_second_ctrl_c_ends_it_while_something_does_not_stop(desk: Path) -> None:
    provider = "openai-responses"
    with WireServer(*replies(provider, script_call("return await tools.cling(seconds=60)", provider))) as server:
        terminal = start(desk, server)
        terminal.expect("> ")
        terminal.sendline("Cling.")
        terminal.expect(r"tools\.cling")
        terminal.expect(r"\d\.\d s")
        terminal.sendintr()
        wait_for(desk / "clinging")  # the first was heard
        terminal.sendintr()
        assert ended(terminal) == 130


def test_sigterm_ends_it_also_while_the_model_speaks(desk: Path) -> None:
    with WireServer(stalling("openai-responses", Text("I speak."), most_events=8)) as server:
        terminal = start(desk, server)
        terminal.expect("> ")
        terminal.sendline("Speak.")
        terminal.expect("I sp")
        terminal.kill(signal.SIGTERM)
        terminal.expect("interrupted")
        assert ended(terminal) == 130


@pytest.mark.parametrize("prompt", [["Speak."], []])
def test_without_a_terminal_one_ctrl_c_ends_it(desk: Path, prompt: list[str]) -> None:
    provider = "anthropic"
    cut = stalling(provider, Text("I speak."), most_events=-4)
    with WireServer(cut, Reply(response_of(provider, Text("More.")))) as server:
        process = subprocess.Popen(
            [sys.executable, *command(server, provider, *prompt)],
            cwd=desk,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=variables(desk),
            text=True,
        )
        assert process.stdin
        assert process.stdout
        process.stdin.write("" if prompt else "Speak.\nGo on.\n")
        process.stdin.flush()
        assert process.stdout.read(2) == "I "
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert (process.returncode, len(server.requests)) == (130, 1), err
    assert "interrupted" in err
    assert "Traceback" not in err


def test_at_a_terminal_a_person_talks_approves_and_ends_with_ctrl_d(desk: Path) -> None:
    provider = "openai-responses"
    with WireServer(*replies(provider, script_call(SEND, provider), last="It is sent.")) as server:
        terminal = start(desk, server)
        terminal.expect("> ")
        terminal.sendline("Send it.")
        terminal.expect(r"\? *\]: ")
        terminal.sendline("y")
        terminal.expect("sent to ann")
        terminal.expect("It is sent.")
        terminal.expect("> ")
        terminal.sendline("And now fail.")
        terminal.expect("nothing is left to say")
        terminal.expect("> ")
        terminal.sendeof()
        assert ended(terminal) == 0


def test_ctrl_c_at_a_question_takes_it_back_and_the_conversation_goes_on(desk: Path) -> None:
    provider = "anthropic"
    with WireServer(*replies(provider, script_call(SEND, provider), last="I do not.")) as server:
        terminal = start(desk, server, provider=provider)
        terminal.expect("> ")
        terminal.sendline("Send it.")
        terminal.expect(r"\? *\]: ")
        terminal.sendintr()
        terminal.expect("no longer open")
        terminal.expect("interrupted")
        terminal.expect("> ")
        terminal.sendline("y")
        terminal.expect("I do not.")
        terminal.sendeof()
        assert ended(terminal) == 0
    assert_is_accepted(provider, server.requests[1].body)
    assert "sent to ann" not in str(server.requests[1].body)


def test_ctrl_c_while_it_waits_for_a_line_ends_it(desk: Path) -> None:
    with WireServer() as server:
        terminal = start(desk, server)
        terminal.expect("> ")
        terminal.sendintr()
        assert ended(terminal) == 130
