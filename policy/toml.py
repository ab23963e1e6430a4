"""TOML text of settings and rules, read in time that is near linear in the text, whoever wrote it."""

from __future__ import annotations

MAX_DOTS = 200
"""Dots that a line may have: the reader takes 10 s for one key of 32,000 parts, and the square of it for more."""


class TomlError(ValueError):
    """The text is no TOML, or none that a person would write. Its end says where: `(at line 3, column 1)`."""


def parse_toml(text: str) -> dict[str, object]:
    """Read TOML.

    Raises:
        TomlError: it is none, a line has more than `MAX_DOTS` dots, a number more than 4,300 digits, or it is nested
            deeper than Python recurses.
    """
    import tomllib  # 5 ms, and needed only where there is some

    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > MAX_DOTS:
            raise TomlError(
                f"More than {MAX_DOTS} dots in a line: write it in several lines (at line {number}, column 1)"
            )
    try:
        return tomllib.loads(text)
    except ValueError as error:  # a number of too many digits is no TOMLDecodeError
        raise TomlError(str(error)) from None
    except RecursionError:
        raise TomlError("Nested too deeply") from None
