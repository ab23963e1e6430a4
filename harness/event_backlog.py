"""Events that nobody has read yet: all of them, but for output, of which there is a ceiling."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import Final

from harness.events import Event, OutputDelta, RunFinished

MAX_UNREAD_OUTPUT: Final = 1_048_576
"""Characters of output that wait to be read; each event of output counts 256 beside its text. What is past this is
dropped: a run produces any amount of output, and no other kind of event without a limit of its own."""

MAX_JOINED: Final = 8_192
"""Unread pieces of one stream become one event of up to so many characters."""

_EVENT: Final = 256


class EventBacklog:
    """A queue of events that a run fills without ever waiting, and that stays bounded however slowly it is emptied."""

    def __init__(self) -> None:
        self._events: deque[Event] = deque()
        self._output = 0
        self._dropped: dict[str, int] = {}  # by call, since its last event of output
        self._dropped_in_all = 0
        self._taken = 0

    def __bool__(self) -> bool:
        return bool(self._events)

    def add(self, event: Event) -> None:
        """Put an event at the end; output is joined to what waits there, or dropped and counted."""
        if isinstance(event, OutputDelta):
            self._add_output(event)
        elif isinstance(event, RunFinished):
            self._events.append(replace(event, dropped_deltas=self._dropped_in_all))
        else:
            self._events.append(event)

    def take(self) -> Event:
        """Take the first event. Those that are taken are numbered without a gap."""
        event = self._events.popleft()
        if isinstance(event, OutputDelta):
            self._output -= len(event.text) + _EVENT
        seq, self._taken = self._taken, self._taken + 1
        return event if event.seq == seq else replace(event, seq=seq)

    def _add_output(self, event: OutputDelta) -> None:
        last = self._events[-1] if self._events else None
        if self._output + len(event.text) + _EVENT > MAX_UNREAD_OUTPUT:
            self._dropped[event.call_id] = self._dropped.get(event.call_id, 0) + 1
            self._dropped_in_all += 1
        elif isinstance(last, OutputDelta) and self._continues(last, event):
            self._events[-1] = replace(last, text=last.text + event.text)
            self._output += len(event.text)
        else:
            self._events.append(replace(event, dropped=self._dropped.pop(event.call_id, 0)))
            self._output += len(event.text) + _EVENT

    def _continues(self, last: OutputDelta, event: OutputDelta) -> bool:
        return (
            (last.call_id, last.stream) == (event.call_id, event.stream)
            and event.call_id not in self._dropped
            and len(last.text) + len(event.text) <= MAX_JOINED
        )
