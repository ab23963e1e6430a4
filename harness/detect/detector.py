"""The scanner: a message goes in piece by piece, segments come out."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from typing import Literal

from harness.detect.block import Block, stray_closing_tag, swallowed_tag
from harness.detect.markup import (
    CLOSING,
    FENCE,
    IN_BLOCK,
    IN_SPAN,
    IN_TEXT,
    MAX_LINE,
    OPENING,
    PARTIAL_CLOSING_FENCE,
    PARTIAL_FENCE,
    PARTIAL_QUOTED_TAG,
    PARTIAL_TAG,
    QUOTED_TAG,
    Fence,
    Position,
    is_script_fence,
)
from harness.detect.segments import Form, RejectedSegment, Segment, TextSegment

MAX_BYTES = 65_536


class Detector:
    """Finds scripts in a message that arrives in pieces.

    Text is passed on as soon as it cannot be the beginning of a tag or of a fence, a script when its block is
    closed. At most `MAX_LINE` characters of text and one block up to its limit are held. Any way of cutting a
    message gives the same segments once they are merged (tests/property/test_detect.py).
    """

    def __init__(self, *, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._state: Callable[[], bool] = self._at_line_start
        self._buffer = ""
        self._at = 0
        self._final = False
        self._position = Position()
        self._out: list[Segment] = []
        self._text: list[str] = []
        self._span = 0
        self._run = 0
        self._fence = Fence("", "")
        self._block: Block | None = None

    def feed(self, chunk: str | bytes) -> list[Segment]:
        """Take the next piece of the message and return what is decided by now."""
        text = self._decoder.decode(chunk) if isinstance(chunk, bytes) else chunk
        return self._advance(text)

    def close(self) -> list[Segment]:
        """Return the rest. A block that is still open becomes a rejected segment."""
        self._final = True
        segments = self._advance(self._decoder.decode(b"", final=True))
        if self._block is not None:
            segments.append(self._cut_off(self._block))
            self._block = None
        elif self._fence.tag is not None:
            segments.append(RejectedSegment("", swallowed_tag(self._fence)))
            self._fence = Fence("", "")
        return segments

    def _advance(self, text: str) -> list[Segment]:
        self._buffer = self._buffer[self._at :] + text
        self._at = 0
        while self._at < len(self._buffer) and self._state():
            pass
        self._flush_text()
        segments, self._out = self._out, []
        return segments

    # Each state consumes something and returns True, or returns False to wait for more of the message.

    def _at_line_start(self) -> bool:
        line, complete = self._line()
        if not complete and len(line) < MAX_LINE and PARTIAL_FENCE.fullmatch(line):
            return False
        opening = FENCE.fullmatch(line.rstrip("\n")) if complete else None
        self._state = self._in_text
        if opening is None:
            return True
        self._fence = Fence(opening["prefix"], opening["ticks"] or opening["tildes"], self._position.copy())
        if is_script_fence(opening):
            self._open_block(len(line), form="fence")
        else:
            self._pass_text(len(line))
            self._state = self._in_fence
        return True

    def _in_text(self) -> bool:
        if self._run and self._buffer[self._at] != "`":
            self._toggle_span()
        token = (IN_SPAN if self._span else IN_TEXT).search(self._buffer, self._at)
        if token is None:
            self._pass_text(len(self._buffer) - self._at)
            return True
        self._pass_text(token.start() - self._at)
        return self._read_token(token[0])

    def _read_token(self, token: str) -> bool:
        if token == "<":
            return self._read_tag()
        if token == "\\":
            return self._read_escape()
        if token == "\n":
            self._span = self._run = 0
            self._state = self._at_line_start
        else:
            self._run += len(token)
        self._pass_text(len(token))
        return True

    def _toggle_span(self) -> None:
        if self._span == 0:
            self._span = self._run
        elif self._span == self._run:
            self._span = 0
        self._run = 0

    def _read_escape(self) -> bool:
        following = self._buffer[self._at + 1 : self._at + 2]
        if not following and not self._final:
            return False
        self._pass_text(2 if following in ("`", "<", "\\") else 1)
        return True

    def _read_tag(self) -> bool:
        kind, tag = self._tag()
        if kind == "partial":
            return False
        if kind == "opening":
            self._open_block(len(tag), form="tag")
        elif kind == "closing":
            position = self._position.copy()
            self._emit(RejectedSegment(self._take(len(tag)), stray_closing_tag(position, tag)))
        else:
            self._pass_text(1)
        return True

    def _in_fence(self) -> bool:
        line, complete = self._line()
        if not complete and len(line) < MAX_LINE and self._may_matter_in_fence(line):
            return False
        if QUOTED_TAG.match(line) and self._fence.tag is None:
            self._fence.tag = self._position.line
        closed = complete and self._fence.is_closed_by(line)
        if closed:
            self._fence = Fence("", "")
        self._pass_text(len(line))
        self._state = self._at_line_start if closed else self._after(line, self._in_fence)
        return True

    def _may_matter_in_fence(self, line: str) -> bool:
        return bool(PARTIAL_CLOSING_FENCE.fullmatch(line) or PARTIAL_QUOTED_TAG.fullmatch(line))

    def _in_fence_line(self) -> bool:
        self._pass_text(self._rest_of_line(self._in_fence))
        return True

    def _in_script_fence(self) -> bool:
        line, complete = self._line()
        if not complete and len(line) < MAX_LINE and PARTIAL_CLOSING_FENCE.fullmatch(line):
            return False
        if complete and self._fence.is_closed_by(line):
            # The newline after the fence belongs to the text.
            self._close_block(len(line.rstrip("\n")))
        else:
            self._add_to_block(len(line))
            self._state = self._after(line, self._in_script_fence)
        return True

    def _in_script_fence_line(self) -> bool:
        self._add_to_block(self._rest_of_line(self._in_script_fence))
        return True

    def _after(self, line: str, state: Callable[[], bool]) -> Callable[[], bool]:
        if line.endswith("\n"):
            return state
        return self._in_fence_line if state == self._in_fence else self._in_script_fence_line

    def _rest_of_line(self, next_line: Callable[[], bool]) -> int:
        end = self._buffer.find("\n", self._at)
        if end < 0:
            return len(self._buffer) - self._at
        self._state = next_line
        return end + 1 - self._at

    def _in_tag(self) -> bool:
        token = IN_BLOCK.search(self._buffer, self._at)
        if token is None:
            self._add_to_block(len(self._buffer) - self._at)
            return True
        self._add_to_block(token.start() - self._at)
        kind, tag = self._tag()
        if kind == "partial":
            return False
        if kind == "closing":
            self._close_block(len(tag))
            return True
        if kind == "opening" and self._block is not None and self._block.nested_at is None:
            self._block.nested_at = self._position.line
        self._add_to_block(len(tag) if kind == "opening" else 1)
        return True

    def _line(self) -> tuple[str, bool]:
        """Return the line at hand, newline included, at most `MAX_LINE` of it, and whether that is all."""
        limit = self._at + MAX_LINE
        end = self._buffer.find("\n", self._at, limit)
        if end >= 0:
            return self._buffer[self._at : end + 1], True
        return self._buffer[self._at : limit], self._final and len(self._buffer) < limit

    def _tag(self) -> tuple[Literal["opening", "closing", "partial", "none"], str]:
        limit = self._at + MAX_LINE
        if found := OPENING.match(self._buffer, self._at, limit):
            return "opening", found[0]
        if found := CLOSING.match(self._buffer, self._at, limit):
            return "closing", found[0]
        if not self._final and len(self._buffer) < limit and PARTIAL_TAG.fullmatch(self._buffer, self._at):
            return "partial", ""
        return "none", ""

    def _take(self, length: int) -> str:
        raw = self._buffer[self._at : self._at + length]
        self._at += length
        self._position.pass_over(raw)
        return raw

    def _pass_text(self, length: int) -> None:
        if length:
            self._text.append(self._take(length))

    def _flush_text(self) -> None:
        if self._text:
            self._out.append(TextSegment("".join(self._text)))
            self._text.clear()

    def _emit(self, segment: Segment) -> None:
        self._flush_text()
        self._out.append(segment)

    def _open_block(self, length: int, *, form: Form) -> None:
        opened_at = self._position.copy()
        opening = self._take(length)
        self._block = Block(form, opening, opened_at, self._position.copy(), self._max_bytes)
        self._state = self._in_tag if form == "tag" else self._in_script_fence

    def _add_to_block(self, length: int) -> None:
        assert self._block is not None
        if length and (overflow := self._block.add(self._take(length))):
            self._emit(RejectedSegment(overflow, None))

    def _close_block(self, length: int) -> None:
        assert self._block is not None
        self._emit(self._block.closed(self._take(length), self._position))
        self._block = None
        self._fence = Fence("", "")
        self._span = self._run = 0
        self._state = self._in_text

    def _cut_off(self, block: Block) -> RejectedSegment:
        return RejectedSegment(block.rest(), block.verdict_if_open(self._position))
