"""A regular expression of a script's author, matched against lines in linear time.

RE2 does it: no input makes it backtrack, it compiles within a memory cap, and it lets other threads of the host run
while it matches. google-re2 is kept by RE2's own authors and has wheels for every Python and machine we support.
Why not the others: Python's `re` would need a process to kill for each search; ripgrep walks by path names, so a
folder that is swapped for a link would lead it out of the workspace, and it would need a process as well.

Linear is not fast: the worst patterns that pass `MAX_PROGRAM` take some 20 s a MiB. So a search hands over pieces
of at most 32 KiB and asks its `Patience` between them.

References:
    https://github.com/google/re2/wiki/Syntax
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NoReturn

from harness.errors import CallError

MAX_PATTERN = 1_000
"""Longest pattern in characters."""

MAX_PROGRAM = 10_000
"""Instructions a pattern may compile to: what bounds the time for one byte of text."""

_MAX_MEMORY = 8 * 1024**2
_NOT_BY_BLOCK = re.compile(r"\\[Az]|\(\?[a-zA-Z]*-")
_HINTS = (
    ("(?<", "look-behind and look-ahead are not supported: match more, and filter the lines in the script"),
    ("(?=", "look-ahead is not supported: match more, and filter the lines in the script"),
    ("(?!", "look-ahead is not supported: match more, and filter the lines in the script"),
    ("(?P=", "back-references are not supported: match more, and filter the lines in the script"),
    ("\\Z", "write $ or \\z for the end of a line"),
    ("\\", "back-references are not supported; write \\\\ for a backslash, or pass literal=True"),
)
_HINT = "use RE2 syntax, or pass literal=True to search for the text itself"


class LinePattern:
    """A compiled pattern that matches within one line.

    Args:
        pattern: RE2 syntax, at most `MAX_PATTERN` characters.
        literal: Take the pattern as text.
        ignore_case: Let upper and lower case match each other.

    Raises:
        CallError: `tool.invalid_arguments`, with the position in the message and in `details["position"]`, 1-based.
    """

    def __init__(self, pattern: str, *, literal: bool = False, ignore_case: bool = False) -> None:
        import re2

        if len(pattern) > MAX_PATTERN:
            _refuse(f"it is {len(pattern):,} characters long, {MAX_PATTERN:,} are allowed", None, _SHORTER)
        source = re2.escape(pattern) if literal else pattern
        options = re2.Options()
        options.max_mem = _MAX_MEMORY
        options.log_errors = False
        options.never_capture = True
        options.case_sensitive = not ignore_case
        _compiled(source, options, pattern)  # as it was written, so that positions in errors are right
        self._regexp = _compiled(f"(?m){source}", options, pattern)
        self._may_skip_blocks = literal or not _NOT_BY_BLOCK.search(pattern)

    def find_lines(self, block: bytes) -> Iterator[tuple[int, int]]:
        """Yield `(begin of a line, begin of the match)` for each line that matches, as offsets in the block.

        Args:
            block: Whole lines with "\\n" between them, small enough not to ask for patience in between.
        """
        if self._may_skip_blocks and self._regexp.search(block) is None:
            return  # no line matches that the block does not: it only adds newlines around it
        begin = 0
        for line in block.split(b"\n"):
            found = self._regexp.search(line)
            if found is not None:
                yield begin, begin + found.start()
            begin += len(line) + 1


def _compiled(source: str, options: Any, pattern: str) -> Any:
    import re2

    try:
        compiled = re2.compile(source, options)
        size = max(compiled.programsize, compiled.reverseprogramsize)
    except re2.error as error:
        _refuse_syntax(pattern, _text_of(error))
    except UnicodeEncodeError:
        _refuse("it holds characters that are not valid Unicode", None, "send the pattern as UTF-8 text")
    finally:
        re2.purge()  # its cache would keep the memory of a script's patterns
    if size > MAX_PROGRAM:
        _refuse("it is too large when its repetitions are written out", None, _SHORTER)
    return compiled


_SHORTER = "search for a shorter or simpler pattern, and filter the lines in the script"


def _text_of(error: Exception) -> str:
    text = error.args[0] if error.args else ""
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)


def _refuse_syntax(pattern: str, said: str) -> NoReturn:
    """Turn RE2's "what is wrong: the part at fault" into a position and a hint."""
    what, _, part = said.partition(": ")
    at = pattern.find(part) if part else -1
    hint = next((hint for sign, hint in _HINTS if part.startswith(sign)), _HINT)
    _refuse(what, at + 1 if at >= 0 else None, _SHORTER if "too large" in what else hint)


def _refuse(why: str, position: int | None, hint: str) -> NoReturn:
    where = f" at character {position}" if position else ""
    raise CallError(
        "tool.invalid_arguments",
        f"the pattern cannot be used{where}: {why}",
        hint=hint,
        details={"position": position},
    )
