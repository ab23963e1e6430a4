"""Every command that can be found inside of an argv: behind wrappers, in scripts, in scripts inside of those.

This is for the strict side alone: what is found may be forbidden, asked about or called dangerous, and never allowed.
What a script computes (`$cmd -rf x`) is not found; the sandbox holds what rules cannot see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from policy.commands.builtins import OTHER_SHELLS, SHELLS
from policy.commands.parsing import Words, read_script
from policy.commands.shell_trees import nodes_in, parse_tree, text_of
from policy.commands.wrappers import base_name, commands_behind, script_of

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_DEPTH: Final = 8
"""Scripts inside of scripts. Deeper text is split roughly."""
MAX_COMMANDS: Final = 4096
MAX_WORDS: Final = 250_000
"""Found in one argv, all commands together. What has more is not followed to its end, and counts as dangerous."""
MAX_PARSED_CHARS: Final = 8 * 1024
"""Of one script; a longer one is split roughly. Some texts take the parser time that grows with the square of their
length: 0.2 s for 8 KiB, 20 s for 64 KiB."""
_PARSED_CHARS: Final = 2 * MAX_PARSED_CHARS
"""Of all scripts in one argv."""
_CACHED_CHARS: Final = 4096

_SHELLS: Final = SHELLS | OTHER_SHELLS
_SHELL_VALUED: Final = frozenset({"--rcfile", "--init-file"})
_COMMAND_OPTION: Final = re.compile(r"--(?:init-)?commands?(?:=(.*))?", re.DOTALL)
"""Of fish and nu."""
_CALLBACKS: Final = frozenset({"compgen", "complete", "mapfile", "readarray"})
"""Builtins that run the text behind `-C`."""
_EVALUATING: Final = frozenset({"[", "declare", "let", "local", "printf", "read", "test", "typeset", "unset"})
"""Builtins that take `a[$(id)]` for a variable, and run id."""
_CONTINUATION: Final = "\\\n"
_SUBSTITUTION: Final = re.compile(r"\$\(|`")
_BACKTICKS: Final = re.compile(r"`([^`]*)`")
_BREAKS: Final = re.compile(r"[;&|\n(){}`<>]+|\b(?:then|do|else|elif|if|while|until|time|in)\s")
_QUOTES: Final = str.maketrans("", "", "'\"\\")


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    Attributes:
        commands: The argv itself, then every command inside of it, outermost first.
        is_complete: The search came to its end.
    """

    commands: tuple[Words, ...]
    is_complete: bool = True


def search(argv: Sequence[str]) -> Found:
    """Find every command inside of an argv, in bounded time for any text."""
    found: list[Words] = []
    words_left, chars_left = MAX_WORDS, _PARSED_CHARS
    waiting = [(tuple(argv), 0)] if argv else []
    while waiting:
        words, depth = waiting.pop()
        words_left -= len(words)
        if words_left < 0 or len(found) >= MAX_COMMANDS:
            return Found(tuple(found), is_complete=False)
        found.append(words)
        inner = [(item, depth) for item in commands_behind(words) if item]
        for text in _scripts(base_name(words[0]), words) if depth <= MAX_DEPTH else ():
            chars_left -= len(text)
            is_rough = depth == MAX_DEPTH or chars_left < 0 or len(text) > MAX_PARSED_CHARS
            inner.extend((item, depth + 1) for item in (_roughly(text) if is_rough else _in_script(text)))
        waiting.extend(reversed(inner))
    return Found(tuple(found))


def _scripts(name: str, words: Words) -> Iterator[str]:
    """Texts that a command has a shell run."""
    if name in _SHELLS:
        yield from _shell_scripts(words)
    elif name == "eval":
        yield " ".join(words[2:] if words[1:2] == ("--",) else words[1:])
    elif name == "alias":
        yield from [word.partition("=")[2] for word in words[1:]]
    elif name in _CALLBACKS:
        yield from [text for option, text in pairwise(words) if option == "-C"]
    elif name == "trap":
        yield from [word for word in words[1:] if not word.startswith("-")][:1]
    elif " " in words[0] or "\n" in words[0]:  # watch 'rm x', flock FILE 'rm x'
        yield words[0]
    if name in _EVALUATING:
        yield from [word for word in words[1:] if _SUBSTITUTION.search(word)]
    handed = script_of(words)
    if handed is not None:
        yield handed


def _shell_scripts(words: Words) -> Iterator[str]:
    """The first operand, or a later one if options before it take values."""
    for index, word in enumerate(words[1:], 1):
        found = _COMMAND_OPTION.fullmatch(word)
        if found is not None:
            yield from words[index + 1 : index + 2] if found[1] is None else (found[1],)
    options = [word for word in words[1:] if word[:1] in ("-", "+")]
    if not any("c" in option and not option.startswith("--") for option in options):
        return
    operands = [word for word in words[1:] if word[:1] not in ("-", "+")]
    valued = sum(option in _SHELL_VALUED or option[-1:] in ("o", "O") for option in options)
    yield from operands[: 1 + valued]


def _in_script(text: str) -> tuple[Words, ...]:
    return _remembered(text) if len(text) <= _CACHED_CHARS else _found_in_script(text)


@lru_cache(maxsize=512)
def _remembered(text: str) -> tuple[Words, ...]:
    return _found_in_script(text)


def _found_in_script(text: str) -> tuple[Words, ...]:
    plain = read_script(text, "bash")
    if plain is not None:
        return plain + _piped(plain)
    if _CONTINUATION in text:  # bash removes it, also inside of a word; the grammar takes it for a blank
        return _in_tree(text) + _in_tree(text.replace(_CONTINUATION, ""))
    return _in_tree(text)


def _in_tree(text: str) -> tuple[Words, ...]:
    tree = parse_tree(text)
    behind = _behind_redirections(tree, text)
    nodes = nodes_in(tree, "command")
    found = tuple(words for node in nodes for words in _of_node(node, text, behind.get(node.end_byte, ())) if words)
    if any(map(_reads_script, found)):  # as in cat <<EOF | bash
        documents = [text_of(node, text) for node in nodes_in(tree, "heredoc_redirect")]
        found += tuple(words for document in documents for words in _roughly(document))
    found += _piped(found) + tuple(words for inner in _BACKTICKS.findall(text) for words in _roughly(inner))
    return found + _roughly(text) if tree.has_error else found


def _piped(commands: Sequence[Words]) -> tuple[Words, ...]:
    """What `echo 'rm -f x' | sh` has the shell run: words of echo and printf, where a shell has no other script."""
    if not any(_reads_script(words) for words in commands):
        return ()
    texts = [" ".join(words[1:]) for words in commands if base_name(words[0]) in ("echo", "printf")]
    return tuple(words for text in texts for words in _roughly(text))


def _reads_script(words: Words) -> bool:
    """Say whether a command is a shell that takes its script from its standard input, sudo or the like before it."""
    return any(
        base_name(item[0]) in _SHELLS and not [word for word in item[1:] if word[:1] not in ("-", "+")]
        for item in (words, *commands_behind(words))
        if item
    )


def _roughly(text: str) -> tuple[Words, ...]:
    """Words between anything that may separate commands, for text that has no grammar."""
    chunks = (tuple(chunk.translate(_QUOTES).split()) for chunk in _BREAKS.split(text))
    return tuple(words for words in chunks if words)


def _of_node(command: Node, script: str, behind: Words) -> Iterator[Words]:
    words = tuple(_word(child, script) for child in command.children if _is_word(child))
    words += behind
    yield words
    if words and (base_name(words[0]) in _SHELLS or words[0] in (".", "source")):
        yield from _fed(command, script)


def _is_word(node: Node) -> bool:
    return node.is_named and node.type not in ("variable_assignment", "file_redirect", "herestring_redirect")


def _behind_redirections(tree: Node, script: str) -> dict[int, Words]:
    """Arguments behind a redirection, as in `rm 2>log -f x`, by the end of their command.

    The grammar takes them for more files of the redirection.
    """
    found: dict[int, Words] = {}
    for statement in nodes_in(tree, "redirected_statement"):
        body = statement.child_by_field_name("body")
        nodes: list[Node] = []
        for redirection in statement.children_by_field_name("redirect"):
            nodes += redirection.children_by_field_name("destination")[1:]
            nodes += redirection.children_by_field_name("argument")  # of a here-document
        if body is not None and nodes:
            found[body.end_byte] = tuple(_word(node, script) for node in nodes)
    return found


def _fed(command: Node, script: str) -> Iterator[Words]:
    """What stands in a here-document or here-string that a shell reads as its script."""
    statement = command.parent
    siblings = statement.children if statement is not None and statement.type == "redirected_statement" else []
    for node in (*command.children, *siblings):
        if node.type in ("heredoc_redirect", "herestring_redirect"):
            yield from _roughly(text_of(node, script))


def _word(node: Node, script: str) -> str:
    """A word as far as it is literal; what is computed stays as its source."""
    kind, text = node.type, text_of(node, script)
    if kind == "raw_string":
        return text[1:-1]
    if kind == "ansi_c_string":
        return _ansi_c(text[2:-1])
    if kind in ("string", "translated_string"):
        return re.sub(r'\\([$`"\\\n])', r"\1", text.removeprefix("$")[1:-1])
    if kind in ("command_name", "concatenation"):
        return "".join(_word(child, script) for child in node.children) if node.child_count else text
    return re.sub(r"\\(.)", r"\1", text.replace("\\\n", ""), flags=re.DOTALL) if kind == "word" else text


_ESCAPE: Final = re.compile(
    r"\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|(.))", re.DOTALL
)
_NAMED_ESCAPES: Final = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "a": "\a",
    "b": "\b",
    "e": "\x1b",
    "E": "\x1b",
    "f": "\f",
    "v": "\v",
}


def _ansi_c(text: str) -> str:
    return _ESCAPE.sub(_decoded, text)


def _decoded(escape: re.Match[str]) -> str:
    hexadecimal, octal, short, long, sign = escape.groups()
    if sign is not None:
        return _NAMED_ESCAPES.get(sign, sign)
    code = int(octal, 8) & 0xFF if octal else int(hexadecimal or short or long, 16)
    return chr(code) if code < 0x110000 else ""
