"""What is left out of the record: by the name it stands under, and by its shape."""

import time

import pytest

from harness.audit.redaction import is_secret_name, redacted, without_variables
from harness.audit.values import MAX_VALUES, NOT_RECORDED, recordable

KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"


@pytest.mark.parametrize(
    "name",
    [
        "key",
        "API_KEY",
        "apiKey",
        "APIKey",
        "api-key",
        "apikey",
        "ACCESS_TOKEN",
        "x-auth-token",
        "client_secret",
        "secrets",
        "password",
        "PASSWORD2",
        "Authorization",
        "Proxy-Authorization",
        "set-cookie",
        "cookies",
        "credentials",
    ],
)
def test_a_name_with_a_secrets_word_is_secret(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    ["keys", "tokens", "max_tokens", "monkey", "keyboard", "tool", "secretary", "approval_key", "idempotency_key"],
)
def test_other_names_are_not(name: str) -> None:
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("curl -H 'Authorization: Bearer abc.def' x", "curl -H 'Authorization: [redacted]' x"),
        ('{"authorization": "Basic dTpw"}', '{"authorization": "[redacted]"}'),
        ("use bearer abcdefgh12345678 here", "use bearer [redacted] here"),
        ("Cookie: a=1; b=2\r\nAccept: x", "Cookie: [redacted]\r\nAccept: x"),
        ("git clone https://me:hunter2@example.org/x", "git clone https://[redacted]example.org/x"),
        ("https://ghp_token@example.org", "https://[redacted]example.org"),
        ("https://a:p@ss@example.org/", "https://[redacted]example.org/"),
        ("OPENAI_API_KEY=abc make", "OPENAI_API_KEY=[redacted] make"),
        ("--password='abc def'", "--password='[redacted] def'"),
        ("url?token=abc&x=1", "url?token=[redacted]&x=1"),
        ("sk-abcdefghijklmnop1234", "[redacted]"),
        ("(sk-proj-abcdefgh_ijklmnop1234)", "([redacted])"),
        ("ghp_abcdefghijklmnopqrstuvwxyz0123456789", "[redacted]"),
        ("github_pat_11ABCDEFG0abcdefghijklmnop", "[redacted]"),
        ("xoxb-1234567890-abcdef", "[redacted]"),
        ("id AKIAIOSFODNN7EXAMPLE.", "id [redacted]."),
        (f"jwt {JWT} end", "jwt [redacted] end"),
        (f"a\n{KEY}\nb", "a\n[redacted]\nb"),
        ("-----BEGIN PRIVATE KEY-----\ncut off here", "[redacted]"),
        ("ünïcode sk-abcdefghijklmnop1234 \ud800", "ünïcode [redacted] \ud800"),
    ],
)
def test_what_has_the_shape_of_a_secret_is_left_out(text: str, expected: str) -> None:
    assert redacted(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "the token is wrong",
        "ask-for-permission-and-then-go-on",
        "https://example.org/a@b",
        "x = key",
        "user@example.org",
        "sk-1",
    ],
)
def test_plain_text_stays(text: str) -> None:
    assert redacted(text) == text


def test_values_under_secret_names_are_left_out_whatever_they_are() -> None:
    fields = {"token": "x", "password": 5, "secret": ["a"], "cookies": {"a": "b"}, "key": b"x"}
    assert recordable(fields) == dict.fromkeys(fields, "[redacted]")


def test_nothing_under_a_secret_name_is_nothing() -> None:
    assert recordable({"token": None, "has_key": True, "password": ""}) == {
        "token": None,
        "has_key": True,
        "password": "",
    }


def test_the_keys_of_an_approval_stay() -> None:
    fields = {"keys": ['["command",["git","push"]]'], "approval_key": "x"}
    assert recordable(fields) == fields


@pytest.mark.parametrize("name", ["env", "environment"])
def test_variables_with_secret_names_are_left_out(name: str) -> None:
    assert recordable({name: {"MONKEY": "x", "PATH": "/bin"}}) == {name: {"MONKEY": "[redacted]", "PATH": "/bin"}}
    pairs = (("GITHUB_TOKENS", "x"), ("PATH", "/bin"))
    assert recordable({name: pairs}) == {name: [["GITHUB_TOKENS", "[redacted]"], ["PATH", "/bin"]]}


def test_the_values_of_secret_variables_are_left_out_of_text() -> None:
    environ = {"API_KEY": "wonderland", "SHORT_KEY": "1234567", "HOME": "/home/ann"}
    text = "wonderland, wonderlands, 1234567, /home/ann"
    assert without_variables(text, environ) == "[redacted], [redacted]s, 1234567, /home/ann"


def test_a_secret_in_a_name_is_left_out() -> None:
    assert recordable({"sk-abcdefghijklmnop1234": 1}) == {"[redacted]": 1}


def test_what_is_no_json_becomes_text() -> None:
    class Odd:
        def __repr__(self) -> str:
            raise ValueError

    assert recordable([float("nan"), float("-inf"), b"x", {1: 2}, {3}, 2**2000, Odd()]) == [
        "nan",
        "-inf",
        "b'x'",
        {"1": 2},
        "{3}",
        hex(2**2000),
        "<Odd without a repr>",
    ]


def test_what_contains_itself_ends() -> None:
    loop: list[object] = []
    loop.extend([loop, loop])
    started = time.monotonic()
    assert NOT_RECORDED in str(recordable(loop))
    assert time.monotonic() - started < 10


def test_only_so_many_levels_are_recorded() -> None:
    nested: object = "core"
    for _ in range(100):
        nested = [nested]
    assert "core" in str(recordable(nested))
    assert NOT_RECORDED in str(recordable([nested]))


def test_only_so_many_values_are_recorded() -> None:
    read = recordable([0] * (MAX_VALUES + 10))
    assert isinstance(read, list)
    assert read[-1] == NOT_RECORDED
    assert len(read) <= MAX_VALUES


@pytest.mark.parametrize(
    "piece",
    [
        "-----BEGIN PRIVATE KEY-----",
        "eyJaaaaaaaaa.",
        "eyJ",
        "a://",
        "sk-",
        "bearer ",
        "Authorization:",
        "key",
        "aKEY=",
        "\ud800",
    ],
)
def test_a_hostile_megabyte_takes_no_more_than_a_moment(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    started = time.monotonic()
    redacted(text)
    assert time.monotonic() - started < 5
