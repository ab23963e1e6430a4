"""Which variables a command gets."""

from __future__ import annotations

import pytest

from policy.environment import DEFAULT_PATH, command_environment, trusted_path
from policy.settings import Environment

HOST = {
    "HOME": "/home/u",
    "LC_ALL": "C.UTF-8",
    "PATH": "/ws/bin:/usr/bin",
    "AWS_SECRET_ACCESS_KEY": "x",
    "api_key": "x",
    "GITHUB_TOKEN": "x",
    "DB_PASSWORD": "x",
    "LD_PRELOAD": "/tmp/evil.so",
    "BASH_ENV": "/tmp/evil.sh",
    "EDITOR": "vi",
    "TMPDIR": "/var/tmp/u",
}


def made(settings: Environment | None = None, *, call: dict[str, str] | None = None, **more: str) -> dict[str, str]:
    return command_environment(HOST, settings or Environment(), call=call or {}, path="/usr/bin", **more)


def test_only_named_variables_are_taken_over_and_path_is_the_trusted_one() -> None:
    assert made() == {"HOME": "/home/u", "LC_ALL": "C.UTF-8", "PATH": "/usr/bin"}


def test_what_is_excluded_wins_over_what_is_inherited_in_any_case() -> None:
    everything = made(Environment(inherit=("*",)))
    assert set(everything) == {"HOME", "LC_ALL", "PATH", "EDITOR", "TMPDIR"}


@pytest.mark.parametrize("name", ["GITHUB_TOKEN", "DB_PASSWORD", "api_key", "AWS_SECRET_ACCESS_KEY"])
def test_a_secret_is_not_taken_over_even_when_it_is_named(name: str) -> None:
    assert name not in made(Environment(inherit=(name,)))
    assert name in made(Environment(inherit=(name,), exclude=()))


@pytest.mark.parametrize("name", ["LD_PRELOAD", "BASH_ENV"])
def test_what_loads_code_first_is_never_taken_over_but_can_be_set(name: str) -> None:
    assert name not in made(Environment(inherit=(name,), exclude=()))
    assert made(Environment(set={name: "y"}))[name] == "y"
    assert made(call={name: "z"})[name] == "z"


def test_the_call_wins_over_settings_and_these_over_the_host() -> None:
    settings = Environment(set={"HOME": "/set", "LC_ALL": "set"})
    assert made(settings, call={"HOME": "/call", "MY_KEY": "1"}) == {
        "HOME": "/call",
        "LC_ALL": "set",
        "PATH": "/usr/bin",
        "MY_KEY": "1",
    }


def test_tmpdir_comes_only_when_it_was_granted() -> None:
    assert "TMPDIR" not in made()
    assert made(tmpdir="/var/tmp/u")["TMPDIR"] == "/var/tmp/u"


def test_without_path_among_the_inherited_there_is_none() -> None:
    assert "PATH" not in made(Environment(inherit=("HOME",)))


def test_a_value_that_is_no_text_is_left_out() -> None:
    assert command_environment({"HOME": "/\udcff"}, Environment(), call={}, path="/bin") == {"PATH": "/bin"}


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/usr/bin:/bin", "/usr/bin:/bin"),
        ("/ws/bin:/usr/bin", "/usr/bin"),
        ("/ws:/usr/bin", "/usr/bin"),
        ("/wsx/bin:/usr/bin", "/wsx/bin:/usr/bin"),
        ("//ws/bin:/usr/bin", "/usr/bin"),
        ("/usr/../ws/bin:/usr/bin", "/usr/bin"),
        (".:/usr/bin::bin:/usr/bin", "/usr/bin"),
        ("/tmp:/ws/.venv/bin", DEFAULT_PATH),
        ("", DEFAULT_PATH),
        ("/b\udcffn:/bin", "/bin"),
    ],
)
def test_entries_that_a_command_could_fill_are_left_out_of_the_path(path: str, kept: str) -> None:
    assert trusted_path(path, ("/ws", "/tmp")) == kept


def test_a_writable_root_folder_leaves_no_entry() -> None:
    assert trusted_path("/usr/bin", ("/",)) == DEFAULT_PATH
