"""The interface between a session and whatever executes its script.

A runtime gives the script no host function. It reports the calls that the script started, and is told how each of
them settled; what happens in between is the session's business. One exchange covers everything that can go on
at that point: a gather of twelve calls is one `Batch`.

`harness.testing.RuntimeConformance` holds the tests that every implementation must pass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Protocol, Self

from harness.errors import HarnessError
from harness.types import CheckReport, TraceLine
from policy.limits import Limits


@dataclass(frozen=True, slots=True)
class Script:
    """One script to execute.

    Attributes:
        source: The script, as text without a byte order mark.
        limits: The run's own limits, never looser than the runtime's.
        context: What the script may read as `context`; JSON data.
        now: Unix time in seconds that the script's clock starts from.
        seed: Seed of the script's randomness.
        trace: Record every executed line.
        execute: False to check only.
        exposed: Tools that the script may use; None is all of the runtime's.
    """

    source: str
    limits: Limits
    context: Mapping[str, object] = field(default_factory=dict)
    now: float = 0.0
    seed: int = 0
    trace: bool = False
    execute: bool = True
    exposed: tuple[str, ...] | None = None


@dataclass(slots=True)
class StartedCall:
    """A call that the script started. `id` counts from 1; `line` is None where the runtime cannot tell."""

    id: int
    tool: str
    arguments: dict[str, object]
    line: int | None


@dataclass(slots=True)
class Settlement:
    """How a call ended: `value_json` is the result as JSON text, unless there is an error."""

    call_id: int
    value_json: bytes = b"null"
    error: HarnessError | None = None


@dataclass(slots=True)
class Batch:
    """The script cannot go on: what it started and cancelled since the last exchange.

    Attributes:
        calls: Started, in order.
        cancelled: Ids of calls whose results nobody wants any more.
        wake_after_s: The script wants to be woken after this many seconds even if nothing settled; None for never.
    """

    calls: Sequence[StartedCall] = ()
    cancelled: Sequence[int] = ()
    wake_after_s: float | None = None


@dataclass(slots=True)
class Finished:
    """The script ended: with a value, or with an error. `pending` and `not_awaited` are (tool, line) pairs."""

    value: object = None
    error: HarnessError | None = None
    pending: Sequence[tuple[str, int | None]] = ()
    not_awaited: Sequence[tuple[str, int | None]] = ()


@dataclass(frozen=True, slots=True)
class Spent:
    """What the kernel and the meter charged: seconds, steps, bytes above the idle worker."""

    cpu_time_s: float = 0.0
    steps: int = 0
    peak_memory_bytes: int = 0


class Listener(Protocol):
    """Hears what a run says beside the exchange. The methods must not block."""

    def checked(self, report: CheckReport) -> None:
        """The check is done. With diagnostics, or for a script that is not to be executed, the run is over."""

    def logged(self, text: str) -> None:
        """The script printed."""

    def progressed(self, message: str) -> None:
        """The script called `progress`."""

    def traced(self, lines: Sequence[TraceLine]) -> None:
        """Lines were executed, in order."""


class Run(Protocol):
    """One script in one worker."""

    @property
    def barriers(self) -> tuple[str, ...]:
        """The barriers that confine this worker."""

    async def advance(self, settled: Sequence[Settlement]) -> Batch | Finished:
        """Tell the script what settled and wait until it can go no further.

        The first call, with nothing settled, starts the script.
        """

    def cpu_time_s(self) -> float:
        """Processor seconds spent so far."""

    async def stop(self) -> Spent:
        """End the worker, whatever it is doing, and return what was spent."""

    def kill(self) -> None:
        """End the worker at once, without accounting. May be called at any time, from any state."""


class Runtime(Protocol):
    """Starts runs. Entered and left by the harness, as an async context manager."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...

    async def start(self, script: Script, listener: Listener) -> Run:
        """Take a worker for the script, waiting for one if `max_workers` are busy.

        Raises:
            SandboxError: a demanded barrier cannot be had.
        """
