"""What is sent of a conversation, and what is said where a provider gives no response."""

from __future__ import annotations

import pytest

from harness.cli import exit_codes
from harness.cli.conversation import STOPPED, Conversation, client_for, model_error, require_key
from harness.errors import ConfigError

URL = "http://127.0.0.1:8000/v1"


class Refused(Exception):
    """What the SDKs raise for a status."""

    def __init__(self, status: int) -> None:
        super().__init__("No.")
        self.status_code = status


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_configuration(status: int) -> None:
    error = model_error(Refused(status), url=URL + "/", key="A_KEY")
    assert (str(error), error.code) == (f"{URL} refuses the key: No.", exit_codes.USAGE)
    assert error.hint == "A_KEY must hold a key that may use this model there"


def test_an_unknown_model_or_address_is_configuration() -> None:
    error = model_error(Refused(404), url=URL, key="A_KEY")
    assert str(error) == f"{URL} does not know the model, or is not its address: No."
    assert error.code == exit_codes.USAGE
    assert (error.hint or "").startswith("look at --model and --base-url")


@pytest.mark.parametrize("status", [400, 409, 422, 429, 500, 529])
def test_every_other_status_is_the_providers_failure_in_its_words(status: int) -> None:
    error = model_error(Refused(status), url=URL, key="A_KEY")
    assert (str(error), error.code, error.hint) == ("the provider gave no response: No.", exit_codes.PROVIDER, None)


def test_a_connection_that_fails_names_server_and_cause() -> None:
    failed = ValueError("Connection error.")
    failed.__cause__ = OSError("refused")
    error = model_error(failed, url=URL, key="A_KEY")
    assert (str(error), error.code) == (f"{URL} cannot be reached: refused", exit_codes.PROVIDER)
    assert error.hint == "--base-url names another server"


@pytest.mark.parametrize("address", ["localhost:8000", "ftp://host/v1", "http://[::1", "http://", "http://host:0", ""])
@pytest.mark.parametrize("provider", ["openai-responses", "openai-chat", "anthropic"])
def test_what_is_no_address_is_said_before_a_client_is_made(provider: str, address: str) -> None:
    with pytest.raises(ConfigError, match="--base-url cannot be") as caught:
        client_for(provider, address)
    assert repr(address) in caught.value.message


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000/v1", "https://[::1]", "HTTPS://host/a"])
def test_an_address_has_scheme_and_host(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k1")
    client_for("openai-chat", address)


@pytest.mark.parametrize("key", [None, "", "  \n"])
def test_a_missing_key_is_named(monkeypatch: pytest.MonkeyPatch, key: str | None) -> None:
    monkeypatch.delenv("A_KEY", raising=False)
    if key is not None:
        monkeypatch.setenv("A_KEY", key)
    with pytest.raises(ConfigError, match="A_KEY is not set"):
        require_key("A_KEY")


@pytest.mark.parametrize("key", ["k\u00e9y", "k1\nk2", "k\x7f"])
def test_a_key_that_no_request_can_carry_is_named_but_not_shown(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("A_KEY", key)
    with pytest.raises(ConfigError) as caught:
        require_key("A_KEY")
    assert caught.value.message == "A_KEY holds characters that no key has"
    assert caught.value.hint == "put the key there, and nothing else"


def test_a_word_that_got_no_answer_is_joined_with_the_next() -> None:
    conversation = Conversation()
    conversation.say("Hullo.")
    conversation.say("Hello, I mean.")
    assert conversation.items == [{"role": "user", "content": "Hullo.\n\nHello, I mean."}]


def test_of_a_stopped_response_the_text_that_was_seen_is_kept_and_a_note_begins_what_is_said_next() -> None:
    conversation = Conversation()
    conversation.say("Go.")
    conversation.add_stopped(" I beg\n")
    conversation.say("Why?")
    conversation.say("Why not?")
    assert conversation.items == [
        {"role": "user", "content": "Go."},
        {"role": "assistant", "content": "I beg"},
        {"role": "user", "content": f"{STOPPED}\n\nWhy?\n\nWhy not?"},
    ]


def test_a_stopped_response_of_which_nothing_was_seen_leaves_no_empty_message() -> None:
    conversation = Conversation()
    conversation.say("Go.")
    conversation.add_stopped("\n")
    conversation.say("Well?")
    assert conversation.items == [{"role": "user", "content": f"Go.\n\n{STOPPED}\n\nWell?"}]


def test_answers_of_tools_are_never_joined_with_what_the_user_says() -> None:
    conversation = Conversation()
    answer = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c1", "content": "4"}]}
    conversation.add_turn([answer])
    conversation.say("Well?")
    assert conversation.items == [answer, {"role": "user", "content": "Well?"}]
