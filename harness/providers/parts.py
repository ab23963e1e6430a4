"""From the parts of a response to its segments, all at once or as far as a stream has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from harness.detect import Detector
from harness.providers.sdk_objects import as_documented, response_data
from harness.providers.segments import ProviderSegment, merged


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a response: text in which scripts may stand, or a segment of its own.

    Attributes:
        text: Assistant's text so far, or None.
        segment: What the part is, or None for text; neither of them ends a text.
        is_done: False while a stream may still change it.
    """

    text: str | None = None
    segment: ProviderSegment | None = None
    is_done: bool = True


END_OF_TEXT = Part()


class Assembly:
    """Gives the segments of parts, in their order, each once. Neighbouring texts are one text."""

    def __init__(self, *, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._detector: Detector | None = None
        self._at = 0
        self._sent = 0
        self._out: list[ProviderSegment] = []

    def advance(self, parts: Sequence[Part]) -> list[ProviderSegment]:
        """Return what has become known since the last call.

        Args:
            parts: All parts from the first on, as far as they have come.
        """
        while self._at < len(parts):
            part = parts[self._at]
            if part.text is not None:
                self._read(part.text[self._sent :])
                self._sent = len(part.text)
            if not part.is_done:
                break
            if part.text is None:
                self._end_text()
            if part.segment is not None:
                self._out.append(part.segment)
            self._at += 1
            self._sent = 0
        return self._taken()

    def close(self) -> list[ProviderSegment]:
        """Return the rest: nothing more will come."""
        self._end_text()
        return self._taken()

    def _read(self, text: str) -> None:
        if self._detector is None:
            self._detector = Detector(max_bytes=self._max_bytes)
        self._out += self._detector.feed(text)

    def _end_text(self) -> None:
        if self._detector is not None:
            self._out += self._detector.close()
            self._detector = None

    def _taken(self) -> list[ProviderSegment]:
        taken, self._out = self._out, []
        return taken


def segments_of(parts: Sequence[Part], *, max_bytes: int) -> list[ProviderSegment]:
    """Return the segments of a whole response.

    Args:
        parts: All of them.
        max_bytes: Largest accepted script, in bytes of UTF-8.
    """
    assembly = Assembly(max_bytes=max_bytes)
    return merged(assembly.advance(parts) + assembly.close())


class StreamState(Protocol):
    """What one provider's reader keeps of a stream."""

    def take(self, event: dict[str, object]) -> None:
        """Add an event. Events of unknown types are passed over."""

    def parts(self, *, is_over: bool) -> list[Part]:
        """Return the parts so far. `is_over`: nothing more will come, so all of them are done."""

    def response(self) -> dict[str, object]:
        """Return the response so far, in the shape of one that was not streamed."""


class StreamReader:
    """Reads the events of a stream as they come. Nothing is run: that is for `respond`, with `response()`.

    Args:
        state: What the provider's events add up to.
        max_bytes: Largest accepted script, in bytes of UTF-8.
    """

    def __init__(self, state: StreamState, *, max_bytes: int) -> None:
        self._state = state
        self._assembly = Assembly(max_bytes=max_bytes)

    def feed(self, event: object) -> list[ProviderSegment]:
        """Take an event, an object of the SDK or a dict, and return the segments that are known by now.

        Text comes in pieces, everything else whole.

        Raises:
            ConfigError: `config.invalid`, it is no event, or has not the shape that the provider documents.
        """
        with as_documented("an event of the stream"):
            self._state.take(response_data(event))
            return self._assembly.advance(self._state.parts(is_over=False))

    def close(self) -> list[ProviderSegment]:
        """Return the segments that only the end of the stream decides."""
        with as_documented("the stream"):
            return self._assembly.advance(self._state.parts(is_over=True)) + self._assembly.close()

    def response(self) -> dict[str, object]:
        """Return the response, for `Harness.respond`. One whose stream ended too early says so, and is not run."""
        return self._state.response()
