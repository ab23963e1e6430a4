"""Findings for what CPython's own parser and compiler refuse."""

from __future__ import annotations

import re
from typing import Final

from policy.language.report import Diagnostic
from policy.language.source import Source

_HINTS: Final = (
    (r"outside async function", "make the function around it an `async def`"),
    (r"asynchronous comprehension", "make the function around it an `async def`"),
    (r"Missing parentheses in call to", "print is a function: print(...)"),
    (r"inconsistent use of tabs", "indent with spaces only"),
    (r"unindent does not match|unexpected indent|expected an indented block", "indent each block by four spaces"),
    (r"'return' outside function", "a class body returns nothing"),
    (r"was never closed|does not match opening|unmatched", "count the brackets"),
    (r"unterminated (triple-quoted )?(f-)?string", "close the string; text of several lines needs triple quotes"),
    (r"too many nested|too many statically nested", "name parts of it in variables, or move a block into a function"),
    (r"cannot assign to .*Maybe you meant '=='", "compare with =="),
    (r"Exceeds the limit .* for integer string conversion", "write the number in hexadecimal, or compute it"),
)
_FOREIGN: Final = (
    (r"^\s*(const|let|var)\s+\w+\s*=", "this is Python: write `name = value`"),
    (r"^\s*(async\s+)?function\b", "this is Python: write `def name(...):`"),
    (r"=>", "this is Python: write `lambda x: ...` or a def"),
    (r"^\s*//|/\*", "this is Python: comments begin with #"),
    (r"\S\s*(&&|\|\|)\s*\S", "this is Python: write `and`, `or`"),
    (r"^\s*(}|.*\)\s*{\s*$)", "this is Python: blocks begin with a colon and are indented"),
    (r"^\s*```", "send the code without the fence"),
    (r"^\s*</?[\w-]+>", "send the code without the tags"),
)
_MISPLACED_COMPILER_TEXT: Final = re.compile(r" \(<script>, line \d+\)$")


def describe(error: SyntaxError, text: Source, *, compiling: bool = False) -> Diagnostic:
    """The finding for a SyntaxError.

    Args:
        error: As raised by `ast.parse` or `compile`.
        text: The script.
        compiling: True if the compiler raised it; it counts columns in UTF-8 bytes, the parser in characters.
    """
    message = _MISPLACED_COMPILER_TEXT.sub("", error.msg or "invalid syntax")
    start = _position(error.lineno, error.offset, text, compiling=compiling)
    end = _position(error.end_lineno, error.end_offset, text, compiling=compiling)
    line = text.lines[min(max(start[0], 1), len(text.lines)) - 1]
    return text.diagnostic("script.syntax", message, _hint(message, line), start, max(start, end))


def _position(line: int | None, offset: int | None, text: Source, *, compiling: bool) -> tuple[int, int]:
    if not line or line < 1:
        return (1, 1)
    if not offset or offset < 1:
        return (line, 1)
    return text.from_utf8(line, offset - 1) if compiling else (line, offset)


def _hint(message: str, line: str) -> str | None:
    for pattern, hint in _HINTS:
        if re.search(pattern, message):
            return hint
    for pattern, hint in _FOREIGN:
        if re.search(pattern, line):
            return hint
    return None
