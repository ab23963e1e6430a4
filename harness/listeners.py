"""Who hears of the runs and structured calls of one harness."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.event_source import EventSource
    from harness.events import Event
    from policy.limits import Limits


class Listeners:
    """The program's receiver of events, and its telemetry; for each run, whoever reads its stream.

    Args:
        on_event: Hears the events of every run and structured call, or None.
        describe: Gives the description of a tool, None of one that does not exist.
        content: Whether telemetry says arguments and results too.
    """

    def __init__(
        self,
        on_event: Callable[[Event], object] | None,
        *,
        describe: Callable[[str], str | None],
        content: Callable[[], bool],
    ) -> None:
        self._on_event = on_event
        self._describe = describe
        self._content = content

    def source(
        self,
        script_id: str,
        limits: Limits,
        *,
        context: Mapping[str, object] | None = None,
        receive: Callable[[Event], None] | None = None,
    ) -> EventSource | None:
        """Return what tells of a run, or of a structured call, to whoever listens; None if nobody does.

        Args:
            script_id: The run; "" for a structured call.
            limits: The run's.
            context: The run's: session, provider and model.
            receive: Reads the run's stream.
        """
        from harness.telemetry import watch

        watching = watch(script_id, describe=self._describe, context=context, content=self._content)
        if receive is None and watching is None and self._on_event is None:
            return None
        from harness.event_source import EventSource

        return EventSource(
            script_id,
            receive=receive,
            on_event=self._on_event,
            watch=watching,
            progress_events=limits.progress_events,
        )
