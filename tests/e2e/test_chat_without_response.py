"""`toolscript chat` where a provider gives no response: the real SDK clients, in this process, against loopback.

A process for each would import the SDKs anew, which is most of what it costs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness.cli.commands import run_command
from tests.e2e.wire_formats import PROVIDERS, Text, response_of
from tests.e2e.wire_server import Reply, WireServer, too_many_requests

KEYS = {"openai-responses": "OPENAI_API_KEY", "openai-chat": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}
every_provider = pytest.mark.parametrize("provider", PROVIDERS)

Failed = Callable[..., tuple[int, str]]


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """A user with keys, without settings, who types nothing."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    for key in KEYS.values():
        monkeypatch.setenv(key, "k1")
    with open("/dev/null") as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        yield monkeypatch


def chat(server: WireServer, provider: str, *arguments: str) -> int:
    base = server.url if provider == "anthropic" else server.url + "/v1"
    return run_command(["chat", "--provider", provider, "--model", "m", "--base-url", base, *arguments, "Hi."])


@pytest.fixture
def failed(user: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Failed:
    """Chat, expect one line that says why not, and return the exit code with it."""

    def run(server: WireServer, provider: str, *arguments: str) -> tuple[int, str]:
        code = chat(server, provider, *arguments)
        out, err = capfd.readouterr()
        assert out == ""
        assert err.count("\n") == 1, err
        assert err.startswith("toolscript: ")
        return code, err

    return run


def refusal(status: int, message: str) -> Reply:
    body = {"type": "error", "error": {"type": "an_error", "message": message}}
    return Reply(body, status=status, headers={"x-should-retry": "false"})


@every_provider
def test_429_is_sent_again(user: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], provider: str) -> None:
    with WireServer(too_many_requests(), Reply(response_of(provider, Text("Hello.")))) as server:
        code = chat(server, provider)
    assert (code, capfd.readouterr().out, len(server.requests)) == (0, "Hello.\n", 2)


@every_provider
def test_a_refused_key_is_configuration_and_named(failed: Failed, provider: str) -> None:
    with WireServer(refusal(401, "It is\nnot to be.")) as server:
        code, said = failed(server, provider)
    assert (code, len(server.requests)) == (2, 1)
    assert f"{server.url}" in said
    assert "refuses the key: " in said
    assert "not to be" in said
    assert f"(hint: {KEYS[provider]} must hold a key" in said


@every_provider
def test_an_unknown_model_is_configuration_and_so_is_an_address_without_its_path(failed: Failed, provider: str) -> None:
    with WireServer(refusal(404, "No such model.")) as server:
        code, said = failed(server, provider)
        assert (code, "No such model." in said, "(hint: look at --model and --base-url" in said) == (2, True, True)
        code, said = failed(server, provider, "--base-url", server.url + "/elsewhere")
    assert (code, "(hint: look at --model and --base-url" in said) == (2, True)
    assert len(server.requests) == 1


@every_provider
def test_a_provider_that_fails_is_no_configuration_and_its_words_are_printed(failed: Failed, provider: str) -> None:
    with WireServer() as server:
        code, said = failed(server, provider)
    assert (code, "nothing is left to say" in said) == (7, True)


@pytest.mark.parametrize("provider", ["openai-chat", "anthropic"])
def test_a_server_that_is_not_there_is_named(failed: Failed, provider: str) -> None:
    with WireServer() as server:
        pass
    code, said = failed(server, provider)
    assert code == 7
    assert f"{server.url}" in said
    assert " cannot be reached: " in said
    assert "--base-url names another server" in said


@every_provider
@pytest.mark.parametrize("stream", ["--stream", "--no-stream"])
def test_a_page_of_some_other_server_is_no_response(failed: Failed, provider: str, stream: str) -> None:
    """Perhaps the address is wrong, perhaps a gateway is down for an hour: the provider gave no response."""
    with WireServer(Reply({}, page="<html>hello</html>")) as server:
        code, said = failed(server, provider, stream)
    assert (code, "(hint: look at --base-url" in said) == (7, True), said


def test_a_response_of_another_shape_is_none(failed: Failed) -> None:
    response = response_of("openai-chat", Text("Hello."))
    response["choices"][0]["message"]["tool_calls"] = [5]
    with WireServer(Reply(response)) as server:
        code, said = failed(server, "openai-chat", "--no-stream")
    assert (code, "has not the shape that the provider documents" in said) == (7, True), said


@every_provider
def test_a_connection_that_is_lost_within_a_stream_ends_it(
    user: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], provider: str
) -> None:
    lost = Reply(response_of(provider, Text("I send it.")), most_events=4, breaks_off=True)
    with WireServer(lost) as server:
        code = chat(server, provider)
    said = capfd.readouterr().err
    assert (code, said.count("\n"), len(server.requests)) == (7, 1, 1), said


@every_provider
def test_a_missing_key_is_said_before_anything_is_asked(
    user: pytest.MonkeyPatch, failed: Failed, provider: str
) -> None:
    user.delenv(KEYS[provider])
    with WireServer() as server:
        code, said = failed(server, provider)
    assert (code, f"{KEYS[provider]} is not set" in said, server.requests) == (2, True, [])


def test_what_is_no_address_or_no_key_is_said_before_anything_is_asked(
    user: pytest.MonkeyPatch, failed: Failed
) -> None:
    with WireServer() as server:
        code, said = failed(server, "openai-chat", "--base-url", "localhost:8000")
        assert (code, "--base-url cannot be 'localhost:8000'" in said) == (2, True)
        user.setenv("OPENAI_API_KEY", "k\u00e9y")
        code, said = failed(server, "openai-chat")
    assert (code, "OPENAI_API_KEY holds characters" in said, server.requests) == (2, True, [])


@pytest.mark.parametrize(("provider", "extra"), [("openai-chat", "openai"), ("anthropic", "anthropic")])
def test_a_missing_extra_is_named(user: pytest.MonkeyPatch, failed: Failed, provider: str, extra: str) -> None:
    user.delitem(sys.modules, f"harness.cli.{extra}_client", raising=False)
    user.setitem(sys.modules, extra, None)  # what an import finds where nothing is installed
    with WireServer() as server:
        code, said = failed(server, provider)
    assert (code, f"pip install 'toolscript[{extra}]'" in said, server.requests) == (2, True, [])
