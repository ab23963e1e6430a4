"""What a command writes: passed on while it runs, and kept within a cap, its beginning and its end.

References:
    pipe(7); The Unicode Standard, section 3.9, on the replacement of ill-formed sequences.
"""

from __future__ import annotations

import codecs
import os
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import anyio
from anyio.lowlevel import checkpoint
from pydantic_core import to_json

CHUNK = 8 * 1024
MAX_DELTAS = 10_000
"""Deltas of one call; output beyond them is kept as usual, and not passed on."""

EVIDENCE_BYTES = 16 * 1024
"""Bytes at the end of a stream in which the reason of a failure is looked for."""

_BREATH_S = 0.002
"""Rest after a read that emptied the pipe. Output that trickles makes 500 deltas a second and stream at most, which
uses up `MAX_DELTAS` in the default timeout of 10 s; a full pipe of 64 KiB still passes 500 times a second."""

_CHUNKS_A_TURN = 8  # a pipe's worth, then others have their turn
_CONTINUATION = range(0x80, 0xC0)


class Output(Protocol):
    """Takes in one stream of a command."""

    def add(self, chunk: bytes) -> None:
        """Take in what came next."""

    def last(self) -> str:
        """The end of it as text, at most `EVIDENCE_BYTES` of it."""


@dataclass(slots=True)
class KeptOutput:
    """One stream's beginning and end, within a cap.

    Attributes:
        max_bytes: Bytes that are kept; half of them for the beginning.
        total_bytes: Bytes that came.
    """

    max_bytes: int
    total_bytes: int = 0
    _head: bytearray = field(default_factory=bytearray)
    _tail: deque[bytes] = field(default_factory=deque)
    _tail_bytes: int = 0

    def add(self, chunk: bytes) -> None:
        """Take in what came next."""
        self.total_bytes += len(chunk)
        room = self.max_bytes // 2 - len(self._head)
        self._head += chunk[: max(0, room)]
        if rest := chunk[max(0, room) :]:
            self._tail.append(rest)
            self._tail_bytes += len(rest)
            # Whole chunks fall off, so up to one chunk more than the cap is held.
            while self._tail_bytes - len(self._tail[0]) >= self.max_bytes - self.max_bytes // 2:
                self._tail_bytes -= len(self._tail.popleft())

    def last(self) -> str:
        """The end of it as text."""
        return _decoded((bytes(self._head) + b"".join(self._tail))[-EVIDENCE_BYTES:])

    def kept(self, *, max_json_bytes: int | None = None) -> Kept:
        """Make the text of it, shorter if JSON would need more than so many bytes for it."""
        head, tail = bytes(self._head), b"".join(self._tail)
        cap = self.max_bytes
        while True:
            kept = _cut(head, tail, cap, self.total_bytes)
            size = len(to_json(kept.text))
            if max_json_bytes is None or size <= max_json_bytes or cap == 0:
                return kept
            # Escapes and replacements need up to six bytes for one.
            held = min(cap, len(head) + len(tail))
            cap = min(held * 9 // 10, held * max_json_bytes // size)


@dataclass(slots=True)
class OutputSinceLastLook:
    """One stream of a command that is looked at again and again.

    Attributes:
        max_bytes: Bytes that are kept between two looks.
    """

    max_bytes: int
    _new: KeptOutput = field(init=False)
    _part: bytes = b""
    _end: bytes = b""

    def __post_init__(self) -> None:
        self._new = KeptOutput(self.max_bytes)

    def add(self, chunk: bytes) -> None:
        """Take in what came next."""
        self._end = (self._end + chunk)[-EVIDENCE_BYTES:]
        data = self._part + chunk
        whole = _without_part_at_end(data)
        self._part = data[len(whole) :]
        self._new.add(whole)

    def last(self) -> str:
        """The end of all of it as text, however often it was looked at."""
        return _decoded(self._end)

    def taken(self, *, final: bool) -> KeptOutput:
        """Return what is new, and begin anew. A character that is not complete yet waits for its rest."""
        if final:
            self._new.add(self._part)
            self._part = b""
        taken, self._new = self._new, KeptOutput(self.max_bytes)
        return taken


@dataclass(frozen=True, slots=True)
class Kept:
    """The text of a stream.

    Attributes:
        text: Decoded as UTF-8, what is ill-formed replaced; a line in the middle says what was left out.
        dropped_bytes: Bytes that were left out.
    """

    text: str
    dropped_bytes: int


def _cut(head: bytes, tail: bytes, cap: int, total: int) -> Kept:
    if total <= cap:
        return Kept(_decoded(head + tail), 0)
    if cap == 0:
        return Kept(f"\n... [{total} bytes dropped] ...\n", total)
    is_whole = total == len(head) + len(tail)
    first = _without_part_at_end(head[: cap // 2])
    last = _without_part_at_start((head + tail if is_whole else tail)[-(cap - cap // 2) :])
    dropped = total - len(first) - len(last)
    return Kept(f"{_decoded(first)}\n... [{dropped} bytes dropped] ...\n{_decoded(last)}", dropped)


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _without_part_at_end(data: bytes) -> bytes:
    """Leave out a character that the cut went through."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    decoder.decode(data)
    pending = len(decoder.getstate()[0])
    return data[: len(data) - pending]


def _without_part_at_start(data: bytes) -> bytes:
    part = 0
    while part < min(3, len(data)) and data[part] in _CONTINUATION:
        part += 1
    return data[part:]


@dataclass(slots=True)
class Deltas:
    """Passes output on, both streams together up to `MAX_DELTAS` times.

    Attributes:
        emit: `emit(stream, text)`.
    """

    emit: Callable[[str, str], None]
    _left: int = MAX_DELTAS

    def pass_on(self, stream: str, text: str) -> None:
        """Pass text on, or say once that no more will come."""
        if not text or self._left <= 0:
            return
        self._left -= 1
        last = "" if self._left else "\n... [further output is kept, and not shown while it runs] ...\n"
        self.emit(stream, text + last)


async def pump(fd: int, take: Callable[[bytes], None], show: Callable[[str], None] = lambda text: None) -> None:
    """Read a non-blocking pipe to its end.

    Args:
        fd: Read end of the pipe.
        take: Gets every chunk, of 8 KiB at most.
        show: Gets every chunk as text; a character that a chunk ends within comes with the next.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    turn = 0
    while True:
        try:
            chunk = os.read(fd, CHUNK)
        except BlockingIOError:
            await anyio.wait_readable(fd)
            continue
        take(chunk)
        show(decoder.decode(chunk, final=not chunk))
        if not chunk:
            return
        turn += 1
        if len(chunk) < CHUNK:
            await anyio.sleep(_BREATH_S)
        elif turn % _CHUNKS_A_TURN == 0:
            await checkpoint()
