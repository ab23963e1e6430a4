"""What `.gitignore` files leave out, and globs that are written the same way.

The patterns come from a workspace or a script, so they may be hostile: they are matched by RE2, which is linear in the
path, and files of rules are cut at 64 KiB and 2,000 lines. pathspec was tried and does not fit: it judges the
files of a complete list, while a walk that passes over ignored folders needs the verdict on the folder itself, and
the two differ as soon as a rule takes something back (tests/unit/harness/tools/builtin/test_gitignore.py compares
with git).

References:
    gitignore(5), git's wildmatch.c.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from harness.errors import CallError
from harness.tools.builtin.workspace import shown

_MAX_BYTES = 65_536
_MAX_LINES = 2_000
_MAX_PATTERN = 500
_LINES_IN_SET = 200
_MAX_SETS = 32
"""Sets that hold at once, 8 MiB of RE2 memory each at worst. A folder whose rules would be more has none."""

_TRAILING_SPACES = re.compile(r"(?<!\\)((?:\\\\)*) +\Z")
_CLASSES = "alnum|alpha|blank|cntrl|digit|graph|lower|print|punct|space|upper|xdigit"
_MEMBER = re.compile(rf"(?s)(?P<named>\[:(?:{_CLASSES}):\])|(?P<low>\\.|[^\\])(?:-(?P<high>\\.|[^\\\]]))?")
_TOKEN = re.compile(r"(?s)(?P<stars>\*+)|\\(?P<escaped>.)|(?P<one>\?)|(?P<set>\[)|(?P<plain>.)")


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of rules: what it matches, whether it takes back what earlier ones left out, and if only folders."""

    regex: str
    negated: bool
    for_folders: bool


class RuleSet:
    """Rules that are matched together. The last one that matches decides.

    Raises:
        ValueError: The rules are too large to be matched together.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        import re2

        self._rules = rules
        options = re2.Options()
        options.log_errors = False
        self._set: Any = re2.Set.SearchSet(options)
        try:
            for rule in rules:
                self._set.Add(rule.regex)
            self._set.Compile()
        except re2.error as error:
            raise ValueError("the rules are too large") from error

    def verdict(self, path: str, *, is_folder: bool) -> bool | None:
        """Say whether the path is matched (True), taken back (False), or not spoken of (None)."""
        matched = self._set.Match(os.fsencode(path)) or ()
        last = max((at for at in matched if is_folder or not self._rules[at].for_folders), default=None)
        return None if last is None else not self._rules[last].negated


@dataclass(frozen=True, slots=True)
class Ignores:
    """The rules that hold in one folder: its own, and those of the folders above it.

    Attributes:
        sets: `(depth, rules)` from the outermost to the innermost; `depth` counts the components above them.
    """

    sets: tuple[tuple[int, RuleSet], ...] = ()

    def within(self, folder: int, depth: int) -> Ignores:
        """Return the rules for a folder below, given its descriptor and how many components lead to it."""
        lines = _lines_of(folder, ".gitignore")
        if depth == 0:
            lines = _lines_of(folder, ".git/info/exclude") + lines
        rules = [rule for line in lines if (rule := parse_rule(line)) is not None]
        sets = self.sets + tuple((depth, part) for part in _sets(rules))
        return Ignores(sets) if len(sets) <= _MAX_SETS else self

    def leave_out(self, parts: Sequence[str], *, is_folder: bool) -> bool:
        """Say whether the path is ignored, given that no folder above it is: the innermost word counts."""
        for depth, rules in reversed(self.sets):
            verdict = rules.verdict("/".join(parts[depth:]), is_folder=is_folder)
            if verdict is not None:
                return verdict
        return False


class Glob:
    """A glob of a tool's argument; it matches as a line of a `.gitignore` does, what lies in a folder included.

    Raises:
        ValueError: It is no glob.
    """

    def __init__(self, glob: str) -> None:
        rule = parse_rule(glob)
        if rule is None or rule.negated:
            raise ValueError("no glob")
        self._rules = RuleSet([rule])

    def matches(self, parts: Sequence[str]) -> bool:
        """Say whether the file of these components, or a folder that it lies in, is matched."""
        return bool(self._rules.verdict("/".join(parts), is_folder=False)) or any(
            self._rules.verdict("/".join(parts[:count]), is_folder=True) for count in range(1, len(parts))
        )


def compiled_glob(glob: str) -> Glob:
    """Compile a glob that a script's author wrote.

    Raises:
        CallError: `tool.invalid_arguments`, it is no glob.
    """
    try:
        return Glob(glob)
    except ValueError:
        raise CallError(
            "tool.invalid_arguments",
            f"{shown(glob)} is no glob",
            hint="write it as in a .gitignore: '*.py', 'src/**/test_*.py'",
        ) from None


def parse_rule(line: str) -> Rule | None:
    """Translate a line of a `.gitignore`; None for a comment, a blank line, and what can never match."""
    pattern = _TRAILING_SPACES.sub(r"\1", line)
    if not pattern or pattern.startswith("#"):
        return None
    negated = pattern.startswith("!")
    pattern = pattern[negated:]
    for_folders = pattern.endswith("/")
    pattern = pattern.removesuffix("/")
    is_anchored = "/" in pattern
    body = _translated(pattern.removeprefix("/"), deep=is_anchored)
    if not body:
        return None
    return Rule(f"(?s)^{'' if is_anchored else '(?:.*/)?'}{body}$", negated, for_folders)


def _translated(pattern: str, *, deep: bool) -> str | None:
    """Translate wildcards; `deep` gives `**` between slashes its meaning. None if nothing can match."""
    regex: list[str] = []
    at = 0
    while at < len(pattern):
        token = _TOKEN.match(pattern, at)
        if token is None or token["plain"] == "\\":
            return None  # a backslash at the end
        at = token.end()
        if token["stars"]:
            spans = deep and len(token["stars"]) >= 2 and (token.start() == 0 or pattern[token.start() - 1] == "/")
            if spans and pattern.startswith("/", at):
                at += 1
                regex.append("(?:.*/)?")
            else:
                ends = at == len(pattern) or pattern.startswith("\\/", at)
                regex.append(".*" if spans and ends else "[^/]*")
        elif token["set"]:
            found = _set_at(pattern, at)
            if found is None:
                return None
            members, at = found
            regex.append(members)
        else:
            regex.append("[^/]" if token["one"] else re.escape(token["escaped"] or token["plain"]))
    return "".join(regex)


def _set_at(pattern: str, at: int) -> tuple[str, int] | None:
    """Translate the set of characters behind a "[", which never holds "/"; None if it is empty or not closed."""
    negated = pattern[at : at + 1] in ("!", "^")
    at = first = at + negated
    members = ""
    while member := _MEMBER.match(pattern, at):
        if member[0] == "]" and at > first:
            return (f"[{'^/' if negated else ''}{members}]", member.end()) if members or negated else None
        members += member["named"] or _range(member["low"], member["high"] or member["low"])
        at = member.end()
    return None


def _range(low: str, high: str) -> str:
    """Write a range as RE2 does, without "/"; of one that runs backwards its begin alone, as git reads it."""
    low, high = low[-1], max(low[-1], high[-1])
    spans = [(low, "."), ("0", high)] if low <= "/" <= high else [(low, high)]
    return "".join(f"\\x{{{ord(first):x}}}-\\x{{{ord(last):x}}}" for first, last in spans if first <= last)


def _sets(rules: list[Rule]) -> list[RuleSet]:
    """Put rules together, in order; git, too, passes over those that it cannot use."""
    if not rules:
        return []
    if len(rules) <= _LINES_IN_SET:
        with suppress(ValueError):
            return [RuleSet(rules)]
    middle = len(rules) // 2
    return _sets(rules[:middle]) + _sets(rules[middle:]) if middle else []


def _lines_of(folder: int, name: str) -> list[str]:
    """Read a file of rules below a folder; a link is not followed, as git does not."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
    with suppress(OSError):
        fd = os.open(name, flags, dir_fd=folder)
        try:
            text = os.read(fd, _MAX_BYTES).decode("utf-8", "replace")
        finally:
            os.close(fd)
        lines = text.removeprefix("\ufeff").split("\n")[:_MAX_LINES]
        return [line.removesuffix("\r") for line in lines if len(line) <= _MAX_PATTERN]
    return []
