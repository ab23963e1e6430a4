"""TOML that nobody would write is refused before it costs anything; all other TOML is read as the standard library reads it."""

from __future__ import annotations

import pytest

from policy.toml import MAX_DOTS, TomlError, parse_toml


def test_plain_toml_is_read() -> None:
    text = 'a.b = 1\n[c."d.e"]\nf = "' + "." * (MAX_DOTS - 1) + '"\n'
    assert parse_toml(text) == {"a": {"b": 1}, "c": {"d.e": {"f": "." * (MAX_DOTS - 1)}}}


@pytest.mark.parametrize("end", [" = 1", ""])
def test_a_line_of_too_many_dots_is_refused_with_its_place(end: str) -> None:
    """Found by timing what `make fuzz` makes: a key of 32,000 parts took 10 s, one of 128,000 minutes."""
    with pytest.raises(TomlError, match=r"200 dots in a line: write it in several lines \(at line 3, column 1\)"):
        parse_toml("x = 1\n\n" + "a." * 128_000 + "a" + end)


@pytest.mark.parametrize("value", ["9" * 4301, "[" * 2000, "{a=" * 2000, "[" * 2000 + "]" * 2000])
def test_what_the_reader_itself_fails_at_is_one_error(value: str) -> None:
    with pytest.raises(TomlError):
        parse_toml(f"a = {value}")


def test_an_error_of_syntax_keeps_its_place() -> None:
    with pytest.raises(TomlError, match=r"\(at line 2, column \d+\)"):
        parse_toml("a = 1\nb = = 2\n")
