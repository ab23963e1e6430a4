"""A run as an async iterator of events."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from types import TracebackType

import anyio
import anyio.abc

from harness.events import Event, RunFinished
from harness.session import Session
from harness.types import Outcome

MakeSession = Callable[[Callable[[Event], None]], Session]


class EventStream:
    """Iterate over it for the events of a run; the last is `run_finished`.

    The run begins with the first event asked for, in a task of the stream's own. It never waits for a slow reader:
    events are kept until they are read. Leaving the loop early needs `aclose()`, or `async with`, which ends the run.
    """

    def __init__(self, make_session: MakeSession) -> None:
        self._session = make_session(self._received)
        self._events: deque[Event] = deque()
        self._something = anyio.Event()
        self._tasks: anyio.abc.TaskGroup | None = None
        self._over = False

    def __aiter__(self) -> EventStream:
        return self

    async def __anext__(self) -> Event:
        if self._tasks is None and not self._over:
            self._tasks = anyio.create_task_group()
            await self._tasks.__aenter__()
            self._tasks.start_soon(self._session.run)
        while not self._events:
            if self._over:
                raise StopAsyncIteration
            try:
                await self._something.wait()
            except BaseException:
                await self.aclose()
                raise
        event = self._events.popleft()
        if isinstance(event, RunFinished):
            await self.aclose()
        return event

    async def __aenter__(self) -> EventStream:
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
        self._over = True
        tasks, self._tasks = self._tasks, None
        if tasks is not None:
            tasks.cancel_scope.cancel()
            await tasks.__aexit__(None, None, None)

    def _received(self, event: Event) -> None:
        self._events.append(event)
        self._something.set()
        self._something = anyio.Event()
