"""Shell scripts that are nothing but plain commands: what is read here is what the shell would run.

Two readers look at a script, and both must see the same commands: a lexer that knows only text which no shell rewrites,
and tree-sitter's grammar of bash. `tests/property/test_commands.py` compares their answer with what bash itself runs.

Accepted are words, single-quoted text, and double-quoted text without `$`, backtick or backslash, joined by `&&`, `||`,
`;`, `|` and newlines. Everything else is refused, see docs/reference/rules.md, "Plain scripts".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

from policy.commands.builtins import RESERVED, SHELLS, is_harmless
from policy.commands.shell_trees import MAX_SCRIPT_BYTES, parse_tree, text_of
from policy.commands.wrappers import base_name

if TYPE_CHECKING:
    from tree_sitter import Node

Words: TypeAlias = tuple[str, ...]
"""One plain command: its name and its arguments."""

MAX_WORDS: Final = 4096
"""Of one plain script. A person is asked about a longer one as a whole."""
_CACHED_CHARS: Final = 4096
"""Longer scripts are parsed each time, so that the cache stays below some MiB."""

# Control characters mean different things to different shells (bash uses \x01 and \x7f for itself); no program
# receives a lone surrogate.
_UNREADABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
# Outside of quotes, every character that some shell treats as more than itself is missing here. Bytes above 127 are
# missing because some C libraries call parts of them blank.
_BARE: Final = r"[A-Za-z0-9_\-+.,/:=@%^]++"
_PIECE: Final = re.compile(rf"""({_BARE})|'([^']*+)'|"([^"\\$`]*+)\"""")
_TOKEN: Final = re.compile(
    rf"""(?P<blank>[ \t]++)|(?P<joiner>&&|\|\||[;|\n])|(?P<word>(?:{_BARE}|'[^']*+'|"[^"\\$`]*+")++)"""
)
_OPTION: Final = re.compile(r"-l?c")
_ZSH_REWRITES: Final = re.compile(r"\^|''|(?<![^\s;&|])=")
"""Extended globs, the RC_QUOTES option, and `=ls` for the path of ls."""


def parse_plain(script: str, *, shell: str = "bash") -> list[list[str]] | None:
    """Read a script that is nothing but plain commands.

    Any text is accepted, and read in bounded time.

    Args:
        script: What stands behind `-c`.
        shell: "bash", "sh" or "zsh", whose reserved words and rewriting are a little different.

    Returns:
        The words of each command in the order of the text, or None when it cannot be said for sure what the shell
        would run.
    """
    found = read_script(script, shell)
    return None if found is None else [list(words) for words in found]


def plain_commands(argv: Sequence[str]) -> list[list[str]]:
    """The commands that an argv runs: those of a plain `bash|zsh|sh -c|-lc SCRIPT`, else the argv itself."""
    found = opened(argv)
    return [list(argv)] if found is None else [list(words) for words in found]


def opened(argv: Sequence[str]) -> tuple[Words, ...] | None:
    """The plain commands of `bash|zsh|sh -c|-lc SCRIPT`, or None if the argv is something else or not plain."""
    if not is_shell_script(argv):
        return None
    return read_script(argv[2], base_name(argv[0]))


def is_shell_script(argv: Sequence[str]) -> bool:
    """Say whether an argv is a shell with a script, and no more than that: further words would be `$0`, `$1`, ..."""
    return len(argv) == 3 and _OPTION.fullmatch(argv[1]) is not None and base_name(argv[0]) in SHELLS


def read_script(script: str, shell: str) -> tuple[Words, ...] | None:
    """`parse_plain` as values, remembered for scripts of ordinary length."""
    if len(script) > _CACHED_CHARS:
        return _read(script, shell)
    return _remembered(script, shell)


@lru_cache(maxsize=512)
def _remembered(script: str, shell: str) -> tuple[Words, ...] | None:
    return _read(script, shell)


def _read(script: str, shell: str) -> tuple[Words, ...] | None:
    if len(script) > MAX_SCRIPT_BYTES or _UNREADABLE.search(script) or len(script.encode()) > MAX_SCRIPT_BYTES:
        return None
    if shell == "zsh" and _ZSH_REWRITES.search(script):
        return None
    commands = _lexed(script)
    if not commands or not all(_is_plain(words, shell) for words in commands):
        return None
    return commands if _seen_in_tree(script) == commands else None


def _is_plain(words: Words, shell: str) -> bool:
    """No reserved word, assignment, job or option (`bash -c -x` has no script), and no builtin that may be more."""
    name = words[0]
    return not (name in RESERVED or "=" in name or name[:1] in ("", "%", "-", "+")) and is_harmless(words, shell)


def _lexed(script: str) -> tuple[Words, ...] | None:
    commands: list[Words] = []
    words: list[str] = []
    is_awaited = False  # a command must follow
    for kind, text in _tokens(script):
        if kind == "word":
            words.append(_unquoted(text))
            continue
        if kind is None or (not words and text != "\n"):
            return None
        if words:
            commands.append(tuple(words))
            words = []
            is_awaited = text in ("&&", "||", "|")
    if words:
        commands.append(tuple(words))
    elif is_awaited:
        return None
    return tuple(commands) if sum(map(len, commands)) <= MAX_WORDS else None


def _tokens(script: str) -> Iterator[tuple[str | None, str]]:
    """Kind and text of each token; the kind is None where the text is more than the lexer knows."""
    position = 0
    while position < len(script):
        found = _TOKEN.match(script, position)
        if found is None:
            yield None, script[position]
            return
        if found.lastgroup != "blank":
            yield found.lastgroup, found[0]
        position = found.end()


def _unquoted(word: str) -> str:
    return "".join(bare or single or double for bare, single, double in _PIECE.findall(word))


_TREE_BRANCHES: Final = frozenset({"program", "list", "pipeline"})
_TREE_JOINERS: Final = frozenset({"&&", "||", ";", "|", "\n"})


def _seen_in_tree(script: str) -> tuple[Words, ...] | None:
    """The commands as tree-sitter sees them, or None when it sees more than plain ones."""
    root = parse_tree(script)
    if root.has_error:
        return None
    commands: list[Words] = []
    waiting = [root]  # not recursion: a list of n commands is a tree of depth n
    while waiting:
        node = waiting.pop()
        if node.type in _TREE_BRANCHES:
            waiting.extend(reversed(node.children))
        elif node.type == "command":
            words = _tree_words(node, script)
            if words is None:
                return None
            commands.append(words)
        elif node.type not in _TREE_JOINERS:
            return None
    return tuple(commands)


def _tree_words(node: Node, script: str) -> Words | None:
    words = [_tree_word(child, script) for child in node.children]
    return None if None in words else tuple(word for word in words if word is not None)


def _tree_word(node: Node, script: str) -> str | None:
    kind = node.type
    if kind in ("word", "number"):
        return None if node.child_count else text_of(node, script)
    if kind == "raw_string":
        return text_of(node, script)[1:-1]
    if kind == "string":
        return (
            text_of(node, script)[1:-1]
            if all(child.type in ('"', "string_content") for child in node.children)
            else None
        )
    if kind in ("command_name", "concatenation"):
        parts = _tree_words(node, script)
        return None if parts is None else "".join(parts)
    return None
