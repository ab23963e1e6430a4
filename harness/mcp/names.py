"""How names of servers and tools are spelled in scripts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from keyword import iskeyword

from harness.errors import ConfigError

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_]")


def spelled(name: str, *, otherwise: str) -> str:
    """Return the identifier that stands for a name: other characters become `_`, a keyword gets one at its end.

    Args:
        name: As a server gives it; it is used on the wire.
        otherwise: Stands in front of what does not begin with a letter.
    """
    plain = _NOT_IN_NAMES.sub("_", name).lstrip("_")
    if not plain[:1].isalpha():
        plain = f"{otherwise}_{plain}".rstrip("_")
    return plain + "_" if iskeyword(plain) else plain


def spelled_apart(names: Iterable[str], *, what: str, otherwise: str) -> dict[str, str]:
    """Return the spelling of each name.

    Raises:
        ConfigError: `config.invalid`, two names have one spelling.
    """
    original: dict[str, str] = {}
    for name in names:
        spelling = spelled(name, otherwise=otherwise)
        if spelling in original:
            raise ConfigError(
                "config.invalid",
                f"{what} {original[spelling]!r} and {name!r} would both be called {spelling!r} in scripts",
                hint="have one of them renamed, or leave that server out",
            )
        original[spelling] = name
    return {name: spelling for spelling, name in original.items()}
