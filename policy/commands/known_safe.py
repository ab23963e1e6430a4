"""Commands that only read, whatever their arguments: the ones that run unasked even where nothing else does.

A name on the list means the program that the host's own PATH gives for it; the caller has to know that it is
(`judge` does, by `Command.is_from_path`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from policy.commands.parsing import is_shell_script, opened
from policy.commands.wrappers import base_name

_ALWAYS: Final = """
    cat cd cut echo expr false grep head id ls nl numfmt paste pwd rev seq stat tac tail tr true uname wc which whoami
"""
ALWAYS_SAFE: Final = frozenset(_ALWAYS.split())

_FIND_ACTS: Final = ("-exec", "-ok", "-delete", "-fls", "-fprint")
_RG_RUNS: Final = ("--pre", "--hostname-bin", "--search-zip")
_GIT_READS: Final = frozenset({"branch", "diff", "log", "show", "status"})
_GIT_ACTS: Final = ("--output", "--ext-diff", "--textconv", "--exec")
_GIT_BRANCH_READS: Final = frozenset(
    {"--list", "-l", "--show-current", "-a", "--all", "-r", "--remotes", "-v", "-vv", "--verbose"}
)
_SED_RANGE: Final = re.compile(r"[0-9]+(?:,[0-9]+)?p")


def is_known_safe(argv: Sequence[str]) -> bool:
    """Say whether a command, or every command of a plain shell script, only reads.

    Inside of a script a program must be named without a path. A script that goes to another folder and uses git there
    is not known to be safe: the settings of that repository may name programs.
    """
    if is_shell_script(argv):
        commands = opened(argv)
        return commands is not None and is_safe_script(commands)
    return bool(argv) and is_safe_command(argv, name=base_name(argv[0]))


def is_safe_script(commands: Sequence[Sequence[str]]) -> bool:
    """`is_known_safe` for the commands of one plain script."""
    names = {words[0] for words in commands}
    return not {"cd", "git"} <= names and all(is_safe_command(words, name=words[0]) for words in commands)


def is_safe_command(words: Sequence[str], *, name: str) -> bool:
    """Say whether one command only reads, when its first word means the program called `name`."""
    if name in ALWAYS_SAFE:
        return True
    condition = _CONDITIONS.get(name)
    return condition is not None and condition(words[1:])


def _is_safe_base64(arguments: Sequence[str]) -> bool:
    return not any(word.startswith("--o") or (_is_cluster(word) and "o" in word) for word in arguments)


def _is_safe_find(arguments: Sequence[str]) -> bool:
    return not any(word.startswith(_FIND_ACTS) for word in arguments)


def _is_safe_rg(arguments: Sequence[str]) -> bool:
    return not any(word.partition("=")[0] in _RG_RUNS or (_is_cluster(word) and "z" in word) for word in arguments)


def _is_safe_uniq(arguments: Sequence[str]) -> bool:
    """A second operand is the file that it writes. Values of options count as operands, on the strict side."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    before = [word for word in arguments[:end] if word == "-" or not word.startswith("-")]
    return len(before) + len(arguments[end + 1 :]) <= 1


def _is_safe_sed(arguments: Sequence[str]) -> bool:
    """`sed -n N[,M]p [file]`: a file that begins with a dash would be an option, as `-fSCRIPT`."""
    if len(arguments) not in (2, 3) or arguments[0] != "-n" or not _SED_RANGE.fullmatch(arguments[1]):
        return False
    return not any(word.startswith("-") for word in arguments[2:])


def _is_safe_git(arguments: Sequence[str]) -> bool:
    """A subcommand that reads comes first: options before it change the repository, its settings or its programs."""
    if not arguments or arguments[0] not in _GIT_READS:
        return False
    options = arguments[1:]
    if arguments[0] == "branch":
        return all(word in _GIT_BRANCH_READS or word.startswith("--format=") for word in options)
    return not any(map(_is_acting_git_option, options))


def _is_acting_git_option(word: str) -> bool:
    """Git takes any abbreviation that is not ambiguous."""
    name = word.partition("=")[0]
    return len(name) > 2 and any(option.startswith(name) for option in _GIT_ACTS)


def _is_cluster(word: str) -> bool:
    return word.startswith("-") and not word.startswith("--")


_CONDITIONS: Final[Mapping[str, Callable[[Sequence[str]], bool]]] = MappingProxyType(
    {
        "base64": _is_safe_base64,
        "find": _is_safe_find,
        "git": _is_safe_git,
        "rg": _is_safe_rg,
        "sed": _is_safe_sed,
        "uniq": _is_safe_uniq,
    }
)
