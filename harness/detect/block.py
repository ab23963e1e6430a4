"""One block: what it holds while it is open, and what it turns out to be when it is closed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from harness.detect.markup import (
    ATTRIBUTE,
    BLANK_LINES,
    CLOSING,
    FENCE,
    LEADING_BLANK,
    OPENING,
    SURROGATE,
    Fence,
    Position,
)
from harness.detect.segments import Form, RejectedSegment, ScriptSegment, Segment
from policy.language.report import Diagnostic

_EXCERPT = 120
_SLACK = 1024
"""Bytes that a block may have beyond the script's own limit: the wrapping fence, blank lines around it."""


class Block:
    """An open block: what it holds until it is closed, or only its size once it is too large."""

    def __init__(self, form: Form, opening: str, opened_at: Position, begin: Position, max_bytes: int) -> None:
        self.form: Form = form
        self.opening = opening
        self.opened_at = opened_at
        self.begin = begin
        self.max_bytes = max_bytes
        self.nested_at: int | None = None
        self.size = 0
        self.parts: list[str] = []
        self.overflowed = False

    def add(self, raw: str) -> str:
        """Take in a piece. Return what must be passed on because the block is too large to be kept."""
        self.size += len(raw.encode("utf-8", "surrogatepass"))
        if self.overflowed:
            return raw
        self.parts.append(raw)
        if self.size <= self.max_bytes + _SLACK:
            return ""
        self.overflowed = True
        passed_on = self.opening + "".join(self.parts)
        self.parts.clear()
        return passed_on

    def rest(self) -> str:
        """What was not passed on yet."""
        return "" if self.overflowed else self.opening + "".join(self.parts)

    def closed(self, closing: str, end: Position) -> Segment:
        """Decide what the finished block is."""
        raw = self.rest() + closing
        if self.overflowed:
            return RejectedSegment(raw, self._too_large(self.size, end))
        if self.nested_at is not None:
            return RejectedSegment(raw, self._nested(self.nested_at, end))
        body = _unwrapped("".join(self.parts), self.form)
        if isinstance(body, str):
            return RejectedSegment(raw, self._malformed(body, _WRAP_HINT, end))
        return self._script(body, raw, end)

    def _script(self, body: _Body, raw: str, end: Position) -> Segment:
        start = self.begin.copy()
        start.pass_over("".join(self.parts)[: body.offset])
        if fault := _not_utf8(body.source, start):
            return RejectedSegment(raw, self._malformed(fault, "send the script as UTF-8 text", end))
        size = len(body.source.encode())
        if size > self.max_bytes:
            return RejectedSegment(raw, self._too_large(size, end))
        attributes = tuple(ATTRIBUTE.findall(self.opening)) if self.form == "tag" else ()
        return ScriptSegment(
            raw, body.source, start.line, start.column + body.indent, self.form, attributes, body.indent
        )

    def verdict_if_open(self, end: Position) -> Diagnostic:
        """Say what is wrong with a block that the message ends in."""
        if self.overflowed:
            return self._too_large(self.size, end)
        inside = f", after another opening tag on line {self.nested_at}" if self.nested_at else ""
        return self._diagnostic(
            "script.truncated",
            f"the message ends inside the {self._name()} that begins on line {self.opened_at.line}{inside}; "
            "the script was not run",
            f"send the whole script again and end it with {self._closing()}; shorten it if it was cut off",
            end,
        )

    def _too_large(self, size: int, end: Position) -> Diagnostic:
        return self._diagnostic(
            "script.too_large",
            f"the script is {size:,} bytes long, and {self.max_bytes:,} bytes are allowed",
            "split the work into several shorter scripts, and do not quote long texts in a script",
            end,
        )

    def _nested(self, line: int, end: Position) -> Diagnostic:
        return self._malformed(
            f"another <tool-calls> opens on line {line}, inside the block of line {self.opened_at.line}",
            "close each block with </tool-calls> before the next one; to spell the tag in a script, put the "
            "script into a ```python tool-calls fence; to mention it in text, put it into backticks",
            end,
        )

    def _malformed(self, message: str, hint: str, end: Position) -> Diagnostic:
        return self._diagnostic("script.malformed_block", message, hint, end)

    def _diagnostic(self, code: str, message: str, hint: str, end: Position) -> Diagnostic:
        return diagnostic_at(code, message, hint, begin=self.opened_at, end=end, excerpt=self.opening)

    def _name(self) -> str:
        return "<tool-calls> block" if self.form == "tag" else "script fence"

    def _closing(self) -> str:
        return "</tool-calls>" if self.form == "tag" else "a closing fence on a line of its own"


_WRAP_HINT = "put nothing but the script between the tags, or one fence around all of it"


@dataclass(frozen=True, slots=True)
class _Body:
    """The script of a block: its source, where in the block it begins, and its stripped indentation."""

    source: str
    offset: int
    indent: int = 0


def _unwrapped(content: str, form: Form) -> _Body | str:
    """Find the script in what stands between tags or fences, or say why there is none."""
    if form == "tag":
        return _inside_of_tag(content, 0, may_be_fenced=True)
    start = _first_text(content)
    if opening := OPENING.match(content, start + _blanks(content[start:])):
        closing = CLOSING.search(content, opening.end())
        if closing is None or content[closing.end() :].strip():
            return "the <tool-calls> tag inside the script fence does not enclose all of it"
        inside = content[opening.end() : closing.start()]
        return _inside_of_tag(inside, opening.end(), may_be_fenced=False)
    return _dedented(_without_last_newline(content), 0)


def _inside_of_tag(content: str, offset: int, *, may_be_fenced: bool) -> _Body | str:
    start = _first_text(content)
    opening = FENCE.fullmatch(content[start:].partition("\n")[0]) if may_be_fenced else None
    if opening is not None and not opening["prefix"].strip():
        fenced = _inside_of_fence(content, start, opening)
        if fenced is not None:
            return fenced
        if opening["ticks"]:
            return "the fence inside the <tool-calls> block does not enclose all of it"
    blank = LEADING_BLANK.match(content)
    if blank is not None:
        return _dedented(_without_last_newline(content[blank.end() :]), offset + blank.end())
    inline = content.lstrip(" \t")
    trimmed = _without_last_newline(inline) if "\n" in inline else inline.rstrip(" \t").rstrip("\r")
    return _Body(trimmed, offset + len(content) - len(inline))


def _inside_of_fence(content: str, start: int, opening: re.Match[str]) -> _Body | None:
    """Return what a fence encloses, or None if it is not the whole rest of the block."""
    fence = Fence(opening["prefix"], opening["ticks"] or opening["tildes"])
    begin = at = start + opening.end() + 1
    for line in content[begin:].split("\n"):
        if fence.is_closed_by(line):
            whole = not content[at + len(line) :].strip()
            return _dedented(_without_last_newline(content[begin:at]), begin) if whole else None
        at += len(line) + 1
    return None


def _first_text(content: str) -> int:
    """Return where the first line that is not blank begins."""
    blank_lines = BLANK_LINES.match(content)
    return blank_lines.end() if blank_lines else 0


def _without_last_newline(text: str) -> str:
    """Cut the last newline, and the indentation of the closing tag behind it.

    Carriage returns at the end go too: before a newline, which `render` adds, they would be the end of the line.
    """
    newline = text.rfind("\n")
    if newline < 0:
        return text.rstrip(" \t") if not text.strip(" \t") else text.rstrip("\r")
    return (text if text[newline:].strip() else text[:newline]).rstrip("\r")


def _dedented(source: str, offset: int) -> _Body:
    """Strip the indentation that all lines share, so that a position moves by the same distance in each."""
    lines = source.split("\n")
    shared = _shared_prefix([line[: _blanks(line)] for line in lines if line.strip()])
    if shared == 0:
        return _Body(source, offset)
    stripped = [line[shared:] if line.strip() else line[min(shared, _blanks(line)) :] for line in lines]
    return _Body("\n".join(stripped), offset, shared)


def _shared_prefix(indents: list[str]) -> int:
    """Return how many characters all have in common at the front: as many as the first and last in order have."""
    first, last = min(indents, default=""), max(indents, default="")
    return next((at for at, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), len(first))


def _blanks(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _not_utf8(source: str, begin: Position) -> str | None:
    found = SURROGATE.search(source)
    if found is None:
        return None
    line = source.count("\n", 0, found.start())
    return f"line {begin.line + line} of the message holds characters that are not valid UTF-8"


def stray_closing_tag(position: Position, tag: str) -> Diagnostic:
    end = position.copy()
    end.pass_over(tag)
    return diagnostic_at(
        "script.malformed_block",
        f"the </tool-calls> on line {position.line} closes no block",
        "begin each script with <tool-calls>; a block ends at the first closing tag, so put a script that "
        "spells the tag into a ```python tool-calls fence, and a tag that you only mention into backticks",
        begin=position,
        end=end,
        excerpt=tag,
    )


def swallowed_tag(fence: Fence) -> Diagnostic:
    return diagnostic_at(
        "script.malformed_block",
        f"the <tool-calls> on line {fence.tag} was not run: the fence that begins on line "
        f"{fence.position.line} is never closed, so all that follows it is text",
        f"close the fence with {fence.run} on a line of its own before the script begins",
        begin=fence.position,
        end=fence.position,
        excerpt=fence.prefix + fence.run,
    )


def diagnostic_at(code: str, message: str, hint: str, *, begin: Position, end: Position, excerpt: str) -> Diagnostic:
    shown = SURROGATE.sub("\ufffd", excerpt.partition("\n")[0].rstrip("\r"))[:_EXCERPT]
    return Diagnostic(code, message, hint, begin.line, begin.column, end.line, end.column, shown)
