"""Allow rules that a question proposes: for which commands, and how they are written down."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from policy.commands.builtins import OTHER_SHELLS, SHELLS
from policy.commands.verdict import Amendment
from policy.commands.wrappers import without_git_options, wrapper_of

MAX_WORDS: Final = 16
MAX_CHARS: Final = 200
"""A person has to read the rule before saying yes."""

_INTERPRETERS: Final = re.compile(
    r"(python|pypy|perl|ruby|irb|php|lua|luajit|tclsh|wish|node|nodejs|deno|bun|ts-node|tsx|[gmn]?awk|expect|gdb|lldb|java|jshell"
    r"|groovy|scala|clojure|clj|guile|racket|sbcl|swipl|ocaml|ghci|runghc|julia|R|Rscript|octave|osascript|pwsh|powershell)"
    r"[0-9.]*"
)
_RUNNERS: Final = frozenset(
    {"npx", "pnpx", "bunx", "uvx", "pipx", "yarn", "eval", "trap", "source", ".", "find", "parallel", "ssh"}
    | {"at", "batch", "bc", "dc", "ed", "erl", "ex", "iex", "jruby", "m4", "nix-shell", "rscript", "sqlite3"}
)
_SUBCOMMANDS: Final = """
    apt apt-get bun bundle cargo composer conda dart deno docker dotnet flutter git go gradle hatch hg jj kubectl mamba
    micromamba mise mix mvn nix npm opam pdm perf pip pipenv pnpm podman poetry rye stack svn swift uv zig
"""
_WITH_SUBCOMMANDS: Final = frozenset(_SUBCOMMANDS.split())
"""Without the subcommand, a rule would allow `npm run`, `cargo run`, `git -c alias.x=!sh x`."""
_REMOVERS: Final = frozenset({"rm", "shred", "dd"})
_RUNS: Final = frozenset(
    {
        "run",
        "run-script",
        "rum",
        "urn",
        "exec",
        "x",
        "dlx",
        "test",
        "t",
        "tst",
        "start",
        "stop",
        "restart",
        "create",
        "init",
    }
)


def runs_anything(name: str) -> bool:
    """Say whether a program runs whatever command its arguments name: a shell, env, sudo, xargs, ..."""
    base = name.rpartition("/")[2]
    return base in SHELLS or base in OTHER_SHELLS or base == "eval" or wrapper_of(base) is not None


def proposed(words: Sequence[str]) -> Amendment | None:
    """The rule to propose for a command, all of its words, or None where such a rule would allow more than it says.

    That is so for shells, interpreters, wrappers such as env and sudo, rm, git alone, and subcommands such as
    `npm run` that run what a file of the project says.
    """
    return Amendment(tuple(words)) if _is_proposable(words) else None


def render_amendment(amendment: Amendment) -> str:
    """The TOML text to append to a rules file; `parse_rules` gives the rule back."""
    words = ", ".join(map(_quoted, amendment.prefix))
    return f'\n[[rule]]\nprefix = [{words}]\ndecision = "allow"\njustification = "a person approved it in a question"\n'


def _is_proposable(words: Sequence[str]) -> bool:
    name = words[0]
    if len(words) > MAX_WORDS or sum(map(len, words)) > MAX_CHARS or not all(word.isprintable() for word in words):
        return False
    if not name or "/" in name or runs_anything(name) or _INTERPRETERS.fullmatch(name):
        return False
    if name in _RUNNERS or name in _REMOVERS or not _names_subcommand(words):
        return False
    # Behind options the subcommand may stand anywhere: which of them take a word is not known.
    is_hidden = words[1:2] and words[1].startswith(("-", "+"))
    if _RUNS.intersection(words[1:] if is_hidden else words[1:2]):
        return False
    return not (name in _WITH_SUBCOMMANDS and words[2:3] and words[2] in ("exec", "run"))  # docker compose run


def _names_subcommand(words: Sequence[str]) -> bool:
    """Say whether a program that has subcommands is named with one, and git with none behind options."""
    if words[0] not in _WITH_SUBCOMMANDS:
        return True
    rest = without_git_options(words) if words[0] == "git" else words
    return len(rest) > 1 and not rest[1].startswith(("-", "+"))


_ESCAPED: Final = re.compile(r'["\\\x00-\x1f\x7f]')


def _quoted(text: str) -> str:
    return '"' + _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + '"'
