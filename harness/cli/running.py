"""Runs the scripts of a file one after the other, shows each as it goes, and stops cleanly when told to."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol

import anyio
import anyio.abc

from harness.approvals.approver import Approver
from harness.cli.given import Block, Given
from harness.config import Loaded, append_amendment
from harness.event_stream import EventStream
from harness.events import Event, RunFinished
from harness.harness import Harness
from harness.options import Confinement, LanguageMode
from harness.source import error_of_report
from harness.tools.binding import Tool
from harness.types import CheckReport, Outcome
from policy.settings import resolved


class View(Protocol):
    """Shows a run while it goes on."""

    @property
    def is_suspended(self) -> bool:
        """A person is asked something on the terminal."""

    def begin(self, block: Block) -> None:
        """A script is about to run."""

    def show(self, event: Event) -> None:
        """Take one event."""

    async def written(self) -> None:
        """Wait until what was shown is written. The run goes on meanwhile."""

    def end(self, outcome: Outcome) -> None:
        """The script has its outcome."""

    def suspended(self) -> AbstractContextManager[None]:
        """Make a context in which nothing is written to the terminal: a person is asked something there."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the user set for the harness, on the command line and in the files of settings.

    Attributes:
        loaded: Settings and rules of all layers.
        context: Of the runs; it names provider and model.
        turn: Settings that no override of a provider or model may loosen.
    """

    loaded: Loaded
    workspace: str | None = None
    tools: tuple[Tool, ...] = ()
    limits: dict[str, object] = field(default_factory=dict)
    confinement: Confinement = "required"
    language: LanguageMode = "standard"
    approvals: str | None = None
    audit: str | None = None
    plan_approval: bool = False
    context: dict[str, object] = field(default_factory=dict)
    turn: dict[str, object] | None = None

    @property
    def is_disabled(self) -> bool:
        """Whether the settings switch off every script of this command."""
        if self.turn is not None and self.turn.get("mode") == "disabled":
            return True
        named = {name: value for name, value in self.context.items() if isinstance(value, str)}
        found = resolved(self.loaded.settings, provider=named.get("provider"), model=named.get("model"))
        return found.mode == "disabled"

    @asynccontextmanager
    async def with_servers(self) -> AsyncIterator[Options]:
        """Run the MCP servers of the settings, and yield the options with their tools; none while scripts are disabled.

        Raises:
            ConfigError: `config.invalid`, a server does not start.
        """
        if self.is_disabled:
            yield self
            return
        from harness.mcp.client import McpServers

        async with McpServers(self.loaded.settings.mcp.servers) as mcp:
            for note in mcp.notes:
                print(f"toolscript: {note}", file=sys.stderr)
            yield replace(self, tools=(*self.tools, *mcp.tools))

    def open(self, **options: Any) -> Harness:
        """Make the harness; `options` go to it as they are.

        Raises:
            ConfigError: `config.invalid`.
        """
        return Harness(
            self.tools,
            settings=self.loaded.settings,
            rules=self.loaded.rules,
            on_amendment=append_amendment,
            workspace=self.workspace,
            limits=self.limits or None,
            confinement=self.confinement,
            language=self.language,
            approvals=self.approvals,
            audit=self.audit,
            **options,
        )


async def with_all_tools(options: Options) -> Harness:
    """Make a harness that knows the tools of the MCP servers too. It is for looking at: the servers have ended."""
    async with options.with_servers() as served:
        return served.open()


@dataclass(slots=True)
class Report:
    """What running a file came to.

    Attributes:
        outcomes: Of the blocks that were looked at, in order; never empty unless a signal came first.
        not_run: Blocks behind the first that failed.
        interrupted: A signal ended it.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    not_run: int = 0
    interrupted: bool = False


async def run_given(given: Given, options: Options, view: View, *, approver: Approver | None, trace: bool) -> Report:
    """Run every script of a file until one fails or a signal comes."""
    report = Report()
    async with (
        stopped_by_signals() as switch,
        options.with_servers() as served,
        served.open(pool_size=1, approver=approver) as harness,
    ):
        for number, block in enumerate(given.blocks):
            view.begin(block)
            start = partial(
                harness.stream,
                trace=trace,
                plan_approval=options.plan_approval,
                context=options.context,
                settings=options.turn,
            )
            outcome = await run_block(block, start, view, switch)
            report.outcomes.append(outcome)
            await wait_until_free(view)
            view.end(outcome)
            report.not_run = len(given.blocks) - number - 1
            if not outcome.ok or switch.thrown:
                break
        report.interrupted = switch.thrown and not report.outcomes[-1].ok
    return report


async def wait_until_free(view: View) -> None:
    """Let a question that the end of the run settled be taken back: the outcome stands below it."""
    with anyio.move_on_after(1):
        while view.is_suspended:  # noqa: ASYNC110  # a view knows no event loop, and this is a turn or two of it
            await anyio.sleep(0.002)


async def run_block(block: Block, start: Callable[[str | bytes], EventStream], view: View, switch: Switch) -> Outcome:
    """Run one script and show its events, until it ends or the switch stops it."""
    if block.rejected is not None:
        report = CheckReport((block.rejected,), None)
        return Outcome(ok=False, error=error_of_report(report), diagnostics=report.diagnostics)
    async with start(block.source) as stream:
        with switch.stops(stream.stop):
            async for event in stream:
                view.show(event)
                await view.written()
                if isinstance(event, RunFinished):
                    return event.outcome
    raise AssertionError("a stream ends with run_finished")


class Switch:
    """Remembers that a signal came, and passes it on to what goes on: the innermost of what it was told of."""

    def __init__(self) -> None:
        self._signal: signal.Signals | None = None
        self._stops: list[Callable[[], object]] = []

    @property
    def thrown(self) -> bool:
        """A signal came, and was not taken back."""
        return self._signal is not None

    def throw(self, number: signal.Signals) -> None:
        """Stop what goes on."""
        self._signal = number
        if self._stops:
            self._stops[-1]()

    def take_back(self) -> None:
        """Let a Ctrl-C have been for what has stopped by now, and for nothing else. SIGTERM stays."""
        if self._signal is signal.SIGINT:
            self._signal = None

    @contextmanager
    def stops(self, stop: Callable[[], object]) -> Iterator[None]:
        """Make a context for something that `stop` ends."""
        self._stops.append(stop)
        try:
            if self.thrown:
                stop()
            yield
        finally:
            self._stops.pop()


@asynccontextmanager
async def stopped_by_signals() -> AsyncIterator[Switch]:
    """Yield a switch that Ctrl-C and SIGTERM throw. A second signal does not wait for the run's clean end."""
    switch = Switch()
    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async with anyio.create_task_group() as tasks:

            async def listen() -> None:
                async for number in signals:
                    if switch.thrown:
                        # It tears every task: what asyncio says of them is of no use to the user.
                        asyncio.get_running_loop().set_exception_handler(lambda *_: None)
                        raise KeyboardInterrupt
                    switch.throw(number)

            tasks.start_soon(listen)
            yield switch
            tasks.cancel_scope.cancel()


def run_with_loop(function: Callable[..., Any], *arguments: object) -> Any:
    """Run an async function to its end; one error comes out of task groups alone."""
    try:
        return anyio.run(function, *arguments)
    except BaseExceptionGroup as group:
        raise _first(group) from None


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def located(given: Given, outcomes: Sequence[Outcome]) -> dict[str, object]:
    """Return the outcome of the last script as plain data; `earlier` has those before it, if there are."""
    *earlier, last = outcomes
    wire = last.to_wire()
    if given.is_message:
        wire["message_line"] = given.blocks[len(earlier)].line
    if earlier:
        wire["earlier"] = [outcome.to_wire() for outcome in earlier]
    return wire
