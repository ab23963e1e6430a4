"""Where the events of a run, or of one structured call, come from: numbered, stamped, handed on in order."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Final, Protocol, Self, TypeAlias

from harness.events import Event, Progress

Receiver: TypeAlias = Callable[[Event], object]

PROGRESS_INTERVAL_S: Final = 0.5
"""Least time between two progress events of the script, and of each call."""

_MAX_MESSAGE = 2_000
_log = logging.getLogger("toolscript")


class Watch(Protocol):
    """Follows a run from its beginning to its end, however it ends."""

    def __enter__(self) -> object:
        """The run begins, in the task that asked for it."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None, /
    ) -> object:
        """It is over; with an error, it has no outcome."""

    def heard(self, event: Event, /) -> None:
        """Take one event."""

    def around(self, call_id: str, /) -> AbstractContextManager[object]:
        """Make a context for the handler of a call."""


class EventSource:
    """Makes events and hands each to every receiver; without one none is made. A context manager, for the run's time.

    Args:
        script_id: The run; "" for a structured call.
        receive: Whose run it is. Must not block.
        on_event: Hears the events of every run. An error of it is logged, and ends nothing.
        watch: Follows the run, or None.
        progress_events: Most progress events of the run.
    """

    def __init__(
        self,
        script_id: str,
        *,
        receive: Receiver | None = None,
        on_event: Receiver | None = None,
        watch: Watch | None = None,
        progress_events: int = 50,
    ) -> None:
        self._script_id = script_id
        self._receive = receive
        heard = None if watch is None else watch.heard
        self._beside: list[Receiver] = [each for each in (on_event, heard) if each is not None]
        self._watch = watch
        self.is_heard = receive is not None or bool(self._beside)
        self.around = None if watch is None else watch.around
        self._seq = 0
        self._progress_left = progress_events
        self._last_progress: dict[str | None, float] = {}

    def __enter__(self) -> Self:
        if self._watch is not None:
            self._watch.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._watch is not None:
            self._watch.__exit__(kind, error, traceback)

    def emit(self, kind: type[Event], **fields: object) -> None:
        """Make an event, and hand it on."""
        if not self.is_heard:
            return
        event = kind(seq=self._seq, time=time.time(), script_id=self._script_id, **fields)
        self._seq += 1
        if self._receive is not None:
            self._receive(event)
        for receive in self._beside:
            try:
                receive(event)
            except Exception:  # noqa: BLE001  # who only listens must not end a run (tests/integration/test_events.py)
                _log.exception("a receiver of events failed at %s", event.kind)

    def progress(self, message: str, call_id: str | None = None) -> None:
        """Pass progress on, unless it comes too soon after the last or there was too much."""
        now = time.monotonic()
        last = self._last_progress.get(call_id, -PROGRESS_INTERVAL_S)
        if self._progress_left > 0 and now - last >= PROGRESS_INTERVAL_S * 0.9:
            self._last_progress[call_id] = now
            self._progress_left -= 1
            self.emit(Progress, message=message[:_MAX_MESSAGE], call_id=call_id)
