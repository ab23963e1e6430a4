"""A run as an async iterator of events."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Self

import anyio

from harness.event_backlog import EventBacklog
from harness.events import Event, RunFinished
from harness.session import Session
from harness.types import Outcome


class EventStream:
    """Iterate over it for the events of a run; the last is `run_finished`.

    The run begins with the first event asked for, in a task of the harness. It never waits for a slow reader: events
    are kept until they are read, output up to 1 MiB; what is past that is dropped, and its events are counted. Whoever
    leaves the loop early calls `stop()` or `aclose()`, or the run goes on to its own end.
    """

    def __init__(
        self,
        make_session: Callable[[Callable[[Event], None]], Session],
        start: Callable[[Callable[[], Coroutine[object, object, None]]], None],
    ) -> None:
        self._session = make_session(self._received)
        self._start = start
        self._started = False
        self._events = EventBacklog()
        self._something = anyio.Event()
        self._error: Exception | None = None
        self._closed = False

    @property
    def script_id(self) -> str:
        """Names the run in events, questions and records, from before it begins."""
        return self._session.script_id

    def __aiter__(self) -> EventStream:
        return self

    async def __anext__(self) -> Event:
        if self._closed:
            raise StopAsyncIteration
        if not self._started:
            self._started = True
            self._start(self._run)
        while not self._events:
            if self._error is not None:
                raise self._error
            await self._something.wait()
        event = self._events.take()
        self._closed = isinstance(event, RunFinished)
        return event

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    def stop(self) -> None:
        """End the run: it still gives its outcome, as the last event, with `run.cancelled`."""
        self._session.stop()

    async def outcome(self) -> Outcome:
        """Read on to the end and return the outcome."""
        async for event in self:
            if isinstance(event, RunFinished):
                return event.outcome
        raise RuntimeError("the stream was closed before the run ended")

    async def aclose(self) -> None:
        """End the run if it still goes on. Nothing more can be read."""
        self._closed = True
        self._session.stop()

    async def _run(self) -> None:
        try:
            await self._session.run()
        except Exception as error:  # noqa: BLE001  # belongs to the reader, not to the harness whose task this is
            self._error = error
            self._wake()

    def _received(self, event: Event) -> None:
        if not self._closed:
            self._events.add(event)
        self._wake()

    def _wake(self) -> None:
        self._something.set()
        self._something = anyio.Event()
