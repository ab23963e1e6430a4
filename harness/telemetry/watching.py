"""Follows a run with the providers that the program has set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from types import TracebackType

from opentelemetry.metrics import MeterProvider, get_meter_provider
from opentelemetry.trace import Tracer, TracerProvider, get_tracer_provider

from harness.events import Event
from harness.telemetry import attributes as names
from harness.telemetry.metrics import Instruments, Metrics
from harness.telemetry.spans import Spans


def make_watch(
    script_id: str, *, describe: Callable[[str], str | None], context: Mapping[str, object], content: Callable[[], bool]
) -> Watching | None:
    """Return what follows a run, or None while neither provider is set. See `harness.telemetry.watch`."""
    tracers, meters = get_tracer_provider(), get_meter_provider()
    spans = metrics = None
    if _is_set(tracers):
        told = {names.CONVERSATION: "session_id", names.PROVIDER: "provider", names.MODEL: "model"}
        attributes = {name: str(context[key]) for name, key in told.items() if context.get(key)}
        spans = Spans(_tracer(tracers), script_id, describe=describe, attributes=attributes, content=content())
    if _is_set(meters):
        metrics = Metrics(_instruments(meters), describe=describe)
    return Watching(spans, metrics, is_run=bool(script_id)) if spans or metrics else None


def _is_set(provider: object) -> bool:
    """Say whether a provider does anything: those of the API itself do nothing."""
    return not type(provider).__module__.startswith(("opentelemetry.trace", "opentelemetry.metrics"))


@lru_cache(maxsize=2)
def _tracer(provider: TracerProvider) -> Tracer:
    return provider.get_tracer(names.SCOPE, _version())


@lru_cache(maxsize=2)
def _instruments(provider: MeterProvider) -> Instruments:
    return Instruments(provider.get_meter(names.SCOPE, _version()))


def _version() -> str | None:
    try:
        return version("toolscript")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return None


class Watching:
    """Hands the events of a run to its spans and metrics."""

    def __init__(self, spans: Spans | None, metrics: Metrics | None, *, is_run: bool) -> None:
        self._spans = spans
        self._metrics = metrics
        self._counted = metrics if is_run else None

    def __enter__(self) -> None:
        if self._spans is not None:
            self._spans.begin()
        if self._counted is not None:
            self._counted.change_active(1)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._spans is not None:
            self._spans.end(error)
        if self._counted is not None:
            self._counted.change_active(-1)

    def heard(self, event: Event) -> None:
        """Take one event."""
        if self._spans is not None:
            self._spans.heard(event)
        if self._metrics is not None:
            self._metrics.heard(event)

    def around(self, call_id: str) -> AbstractContextManager[object]:
        """Make a context for the handler of a call."""
        return nullcontext() if self._spans is None else self._spans.around(call_id)
