"""The parts of a message."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from harness.detect.markup import SURROGATE
from policy.language.report import Diagnostic

Form = Literal["tag", "fence"]


@dataclass(frozen=True, slots=True)
class TextSegment:
    """Text around scripts.

    Attributes:
        raw: As it was written. Bytes that are not UTF-8 stand as lone surrogates ("surrogateescape").
    """

    raw: str

    @property
    def text(self) -> str:
        """The text to show: what is not UTF-8 is replaced by U+FFFD."""
        return SURROGATE.sub("\ufffd", self.raw)


@dataclass(frozen=True, slots=True)
class ScriptSegment:
    """A script, and where it stands.

    Attributes:
        raw: The whole block as it was written, tags or fences included.
        source: The script.
        line: Line of the message on which the source begins, 1-based.
        column: Column of the message at which the source begins, 1-based, in characters.
        form: "tag" or "fence".
        attributes: Attributes of the opening tag.
        indent: Characters of shared indentation that were stripped from each line.
    """

    raw: str
    source: str
    line: int
    column: int
    form: Form
    attributes: tuple[tuple[str, str], ...] = ()
    indent: int = 0

    def locate(self, line: int, column: int) -> tuple[int, int]:
        """Turn a position in the source into the position in the message, both 1-based."""
        offset = self.column - 1 if line == 1 else self.indent
        return self.line + line - 1, column + offset


@dataclass(frozen=True, slots=True)
class RejectedSegment:
    """A block that is no script.

    Attributes:
        raw: As it was written; empty when the fault lies in text that was passed on already.
        diagnostic: What is wrong. None in a stream for every piece of an oversized block but the last.
    """

    raw: str
    diagnostic: Diagnostic | None


Segment = TextSegment | ScriptSegment | RejectedSegment


@dataclass(frozen=True, slots=True)
class Detection:
    """A message in parts: `"".join(segment.raw for segment in segments)` is the message.

    Attributes:
        segments: In order; no two texts are neighbours.
        diagnostics: Those of the rejected segments, in order.
    """

    segments: tuple[Segment, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def scripts(self) -> tuple[ScriptSegment, ...]:
        """The scripts, in order."""
        return tuple(segment for segment in self.segments if isinstance(segment, ScriptSegment))


def merge(segments: Iterable[Segment]) -> list[Segment]:
    """Join the pieces of a stream: neighbouring texts, and the pieces of one rejected block."""
    merged: list[Segment] = []
    run: list[Segment] = []
    for segment in segments:
        if run and not _continues(run[-1], segment):
            merged.append(_joined(run))
            run = []
        run.append(segment)
    return [*merged, _joined(run)] if run else merged


def _continues(first: Segment, second: Segment) -> bool:
    if isinstance(first, TextSegment):
        return isinstance(second, TextSegment)
    return isinstance(first, RejectedSegment) and first.diagnostic is None


def _joined(run: list[Segment]) -> Segment:
    last = run[-1]
    raw = "".join(segment.raw for segment in run)
    if isinstance(last, TextSegment):
        return TextSegment(raw)
    return RejectedSegment(raw, last.diagnostic) if isinstance(last, RejectedSegment) else last
