"""Tags, fences and positions: what marks a script in Markdown."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MAX_LINE = 512
"""Longest line, in characters, that can open or close a fence, and longest tag: what is held back at most."""

OPENING = re.compile(r'<tool-calls(?P<attributes>(?:[ \t]+[A-Za-z_][\w.-]*="[^"<>\n]*")*)[ \t]*>')
CLOSING = re.compile(r"</tool-calls[ \t]*>")
PARTIAL_TAG = re.compile(r"</?(?:t(?:o(?:o(?:l(?:-(?:c(?:a(?:l(?:l(?:s(?:[ \t][^<>\n]*)?)?)?)?)?)?)?)?)?)?)?")
ATTRIBUTE = re.compile(r'([\w.-]+)="([^"]*)"')
_PREFIX = r"(?P<prefix>(?:[ \t>]|(?:[-+*]|[0-9]{1,9}[.)])(?=[ \t]))*)"
FENCE = re.compile(_PREFIX + r"(?:(?P<ticks>`{3,})(?P<info>[^`]*)|(?P<tildes>~{3,})(?P<tilde_info>.*))", re.DOTALL)
PARTIAL_FENCE = re.compile(_PREFIX + r"(?:[-+*]|[0-9]{1,9}[.)]?|`{1,2}|~{1,2}|`{3,}[^`]*|~{3,}.*)?", re.DOTALL)
CLOSING_FENCE = re.compile(r"(?P<prefix>[ \t>]*)(?P<run>`{3,}|~{3,})[ \t\r]*")
PARTIAL_CLOSING_FENCE = re.compile(r"[ \t>]*(?:`+|~+)?[ \t\r]*")
QUOTED_TAG = re.compile(r"[ \t>]*<tool-calls[ \t>]")
PARTIAL_QUOTED_TAG = re.compile(r"[ \t>]*(?:" + PARTIAL_TAG.pattern + ")?")
IN_TEXT = re.compile(r"\n|`+|\\|<(?:(?=/?tool-calls)|(?=/?[tol\-ca]*\Z))")
IN_SPAN = re.compile(r"\n|`+")
IN_BLOCK = re.compile(r"<(?:(?=/?tool-calls)|(?=/?[tol\-ca]*\Z))")
SURROGATE = re.compile("[\ud800-\udfff]")
LEADING_BLANK = re.compile(r"[ \t]*\r?\n")
BLANK_LINES = re.compile(r"(?:[ \t\r]*\n)*")


@dataclass(slots=True)
class Position:
    """Where in the message: line and column, 1-based."""

    line: int = 1
    column: int = 1

    def pass_over(self, text: str) -> None:
        newlines = text.count("\n")
        if newlines:
            self.line += newlines
            self.column = len(text) - text.rfind("\n")
        else:
            self.column += len(text)

    def copy(self) -> Position:
        return Position(self.line, self.column)


@dataclass(slots=True)
class Fence:
    """An open fence: what stood before its run on the opening line, the run, and a tag seen inside."""

    prefix: str
    run: str
    position: Position = field(default_factory=Position)
    tag: int | None = None

    def is_closed_by(self, line: str) -> bool:
        closing = CLOSING_FENCE.fullmatch(line.rstrip("\n"))
        if closing is None or not closing["run"].startswith(self.run):
            return False
        return len(closing["prefix"]) <= len(self.prefix) + 3


def is_script_fence(opening: re.Match[str]) -> bool:
    words = (opening["info"] or opening["tilde_info"] or "").split()
    if "tool-calls" not in words or ">" in opening["prefix"]:
        return False
    return words[0].lower() in ("python", "python3", "py", "tool-calls")
