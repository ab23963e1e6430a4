"""Commands that remove by force: `rm -f` in any spelling, wherever it stands."""

from __future__ import annotations

from collections.abc import Sequence

from policy.commands.embedded import Found, search
from policy.commands.wrappers import base_name


def is_dangerous(argv: Sequence[str]) -> bool:
    """Say whether `rm` is forced, also behind wrappers such as sudo and xargs, in scripts, traps and nested shells."""
    return is_dangerous_within(search(argv))


def is_dangerous_within(found: Found) -> bool:
    """`is_dangerous` for what a search found. What could not be followed to its end counts as dangerous."""
    return not found.is_complete or any(map(is_forced_removal, found.commands))


def is_forced_removal(words: Sequence[str]) -> bool:
    """Say whether a command is `rm` with `-f`, in any cluster, or any abbreviation of `--force`."""
    return base_name(words[0]) == "rm" and any(map(_is_force, _options(words)))


def _options(words: Sequence[str]) -> Sequence[str]:
    """Words that may be options: GNU rm takes them behind operands too, up to `--`."""
    return words[1 : words.index("--")] if "--" in words else words[1:]


def _is_force(word: str) -> bool:
    if word.startswith("--"):
        return len(word) > 2 and "--force".startswith(word)
    return word.startswith("-") and "f" in word
