"""`toolscript serve-mcp` as clients start it, over stdio and HTTP, and `toolscript approve` beside it."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import mcp_types as types
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from tests.e2e.conftest import Command, environment

TOKEN = "a-token-that-is-long-enough"
TOOLS = '''
from pathlib import Path

from harness import tool


@tool(approval="always")
async def note(text: str) -> str:
    """Append a note to notes.txt."""
    with Path("notes.txt").open("a") as file:
        file.write(text + "\\n")
    return text
'''
SCRIPT = 'return await tools.note(text="hello")'
ERAS = ["2026-07-28", "legacy"]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"  # the server is a process of its own; what it runs on does not depend on the client


@pytest.fixture
def place(folder: Path) -> Path:
    (folder / "noting.py").write_text(TOOLS)
    return folder


def variables(place: Path) -> dict[str, str]:
    return environment({"XDG_CONFIG_HOME": str(place / ".config")})


def arguments(*more: str) -> list[str]:
    return ["-m", "harness.cli", "serve-mcp", "--tools", "noting:note", *more]


def stdio(place: Path, *more: str) -> StdioServerParameters:
    return StdioServerParameters(command=sys.executable, args=arguments(*more), cwd=place, env=variables(place))


async def approving(context: Any, params: Any) -> types.ElicitResult:
    return types.ElicitResult(action="accept", content={"decision": "y - approve"})


async def result_of(client: Client, name: str, given: Mapping[str, object]) -> dict[str, Any]:
    result = await client.call_tool(name, dict(given))
    assert isinstance(result, types.CallToolResult)
    assert result.structured_content is not None
    return dict(result.structured_content)


def notes(place: Path) -> str:
    path = place / "notes.txt"
    return path.read_text() if path.exists() else ""


@pytest.mark.parametrize("era", ERAS)
async def test_a_client_starts_it_and_its_user_approves(place: Path, era: str) -> None:
    async with Client(stdio(place), mode=era, elicitation_callback=approving) as client:  # type: ignore[arg-type]
        found = await result_of(client, "run_script", {"script": SCRIPT})
    assert (found["value"], notes(place)) == ("hello", "hello\n")


@pytest.mark.parametrize("era", ERAS)
async def test_without_forms_the_user_answers_in_another_terminal(place: Path, toolscript: Command, era: str) -> None:
    async with Client(stdio(place), mode=era) as client:  # type: ignore[arg-type]
        waits = await result_of(client, "run_script", {"script": SCRIPT})
        assert waits["status"] == "approval_required"
        listed = toolscript("approve", "--list")
        assert "tools.note asks for approval" in listed.out
        assert '| text = "hello"' in listed.out
        assert json.loads(toolscript("approve", "--json").out)["questions"][0]["run"] == waits["run_id"]
        answered = toolscript("approve", stdin="maybe\nshow\ny\n")
        assert "not understood" in answered.out
        assert answered.out.endswith("-> once\n")
        found = await result_of(client, "resume_run", {"run_id": waits["run_id"], "wait_s": 10})
        assert (found["value"], notes(place)) == ("hello", "hello\n")
        assert toolscript("approve").out == "no question was answered\n"
    assert toolscript("approve", "--list").out == "no question waits\n"
    assert list((place / ".config" / "toolscript" / "run").iterdir()) == []


@pytest.mark.parametrize(
    ("script", "typed"),
    [
        ("import asyncio\nreturn await asyncio.gather(*(tools.note(text=str(n)) for n in range(12)))", "?\ny all\n"),
        ("return [await tools.note(text=str(n)) for n in range(12)]", "?\ny +11 text=*\n"),
    ],
    ids=["gather", "loop"],
)
async def test_twelve_calls_are_one_answer_in_another_terminal(
    place: Path, toolscript: Command, script: str, typed: str
) -> None:
    async with Client(stdio(place)) as client:
        waits = await result_of(client, "run_script", {"script": script})
        answered = toolscript("approve", stdin=typed)
        assert "y +N [WHICH]" in answered.out
        found = await result_of(client, "resume_run", {"run_id": waits["run_id"], "wait_s": 10})
    assert sorted(notes(place).split(), key=int) == [str(n) for n in range(12)]
    assert found["status"] == "done"


async def test_an_answer_to_all_questions_counts_for_those_that_were_shown(place: Path, toolscript: Command) -> None:
    script = "import asyncio\nreturn await asyncio.gather(*(tools.note(text=str(n)) for n in range(21)))"
    async with Client(stdio(place)) as client:
        waits = await result_of(client, "run_script", {"script": script})
        answered = toolscript("approve", stdin="y all\n")
        assert (answered.out.count("-> once"), answered.out.count("tools.note asks for approval")) == (20, 21)
        found = await result_of(client, "resume_run", {"run_id": waits["run_id"]})
    assert (found["status"], len(found["questions"]), len(notes(place).split())) == ("approval_required", 1, 20)


async def test_a_denial_in_another_terminal_reaches_the_script(place: Path, toolscript: Command) -> None:
    async with Client(stdio(place)) as client:
        waits = await result_of(client, "run_script", {"script": SCRIPT})
        toolscript("approve", stdin="n not today\n")
        found = await result_of(client, "resume_run", {"run_id": waits["run_id"], "wait_s": 10})
    assert found["error"]["message"] == "tools.note was denied: not today"
    assert notes(place) == ""


def test_nothing_but_the_protocol_goes_to_standard_output(place: Path) -> None:
    done = subprocess.run(
        [sys.executable, *arguments()],
        cwd=place,
        env=variables(place),
        input="",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@contextmanager
def http_server(place: Path, *more: str) -> Iterator[str]:
    """Serve HTTP and give the address."""
    running = subprocess.Popen(
        [sys.executable, *arguments("--http", "--port", "0", *more)],
        cwd=place,
        env={**variables(place), "TOOLSCRIPT_TOKEN": TOKEN},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stderr is not None
    try:
        while not (found := re.search(r"http://\S+", line := running.stderr.readline())):
            assert line, "the server ended"
        yield found[0]
    finally:
        running.terminate()
        running.communicate(timeout=20)
    assert running.returncode == 0


@pytest.mark.parametrize("era", ERAS)
async def test_over_http_with_the_token(place: Path, era: str) -> None:
    with http_server(place) as url:
        async with (
            httpx2.AsyncClient(headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30) as http,
            Client(
                streamable_http_client(url, http_client=http),
                mode=era,
                elicitation_callback=approving,  # type: ignore[arg-type]
            ) as client,
        ):
            found = await result_of(client, "run_script", {"script": SCRIPT})
    assert (found["value"], notes(place)) == ("hello", "hello\n")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer another-token-of-some-length"}, 401),
        ({"Authorization": f"Basic {TOKEN}"}, 401),
        ({"Authorization": f"Bearer {TOKEN}", "Host": "evil.example"}, 421),
        ({"Authorization": f"Bearer {TOKEN}", "Origin": "http://evil.example"}, 403),
        ({"Authorization": f"Bearer {TOKEN}", "Origin": "http://127.0.0.1:8765"}, 403),
    ],
    ids=["no token", "wrong token", "wrong scheme", "rebound name", "foreign page", "page of another port"],
)
def test_http_takes_no_other_request(place: Path, headers: dict[str, str], status: int) -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    sent = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream", **headers}
    with http_server(place) as url:
        request = urllib.request.Request(url, json.dumps(body).encode(), sent)
        with pytest.raises(urllib.error.HTTPError) as raised:
            urllib.request.urlopen(request, timeout=10)
    with raised.value as answer:
        assert answer.code == status


def test_a_page_that_was_allowed_may_send_requests(place: Path) -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "ping", "params": {}}
    sent = {
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
        "Authorization": f"Bearer {TOKEN}",
        "Origin": "https://app.example",
    }
    with http_server(place, "--allow-origin", "https://app.example") as url:
        request = urllib.request.Request(url, json.dumps(body).encode(), sent)
        with pytest.raises(
            urllib.error.HTTPError
        ) as raised:  # a ping without a session: refused, but not for its origin
            urllib.request.urlopen(request, timeout=10)
    with raised.value as answer:
        assert answer.code == 400


@pytest.mark.parametrize(
    ("more", "env", "said"),
    [
        (["--http", "--token-file", "absent"], {}, "absent cannot be read: No such file or directory"),
        (["--http", "--token-file", "open"], {}, "may be read by other users"),
        (["--http"], {"TOOLSCRIPT_TOKEN": "short"}, "at least 16"),
        (["--workspace", "absent"], {}, "absent"),
    ],
    ids=["no file", "readable by others", "short", "no workspace"],
)
def test_what_is_wrong_is_said(
    place: Path, toolscript: Command, more: list[str], env: dict[str, str], said: str
) -> None:
    (place / "open").write_text(TOKEN)
    (place / "open").chmod(0o644)
    done = toolscript("serve-mcp", *more, env=env)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "Traceback" not in done.err


def test_a_folder_that_others_may_enter_is_refused(place: Path, toolscript: Command) -> None:
    run = place / ".config" / "toolscript" / "run"
    run.mkdir(parents=True, mode=0o777)
    run.chmod(0o777)
    done = toolscript("serve-mcp", "--tools", "noting:note")
    assert done.code == 2
    assert "chmod 700" in done.err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["TERM", "INT"])
def test_a_signal_ends_it_and_leaves_nothing_behind(place: Path, number: signal.Signals) -> None:
    running = subprocess.Popen(
        [sys.executable, *arguments()], cwd=place, env=variables(place), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    run = place / ".config" / "toolscript" / "run"
    deadline = time.monotonic() + 30
    while not (run.is_dir() and list(run.iterdir())):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    time.sleep(0.3)
    running.send_signal(number)
    out, _ = running.communicate(timeout=20)
    assert (running.returncode, out, list(run.iterdir())) == (0, b"", [])
