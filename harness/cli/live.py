"""The view of a run on a terminal: its calls with their lines, progress, output, in place while it goes on."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console, Group, RenderableType
from rich.highlighter import JSONHighlighter
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from harness.cli import plain_text
from harness.cli.given import Block, Given
from harness.events import (
    ApprovalRequested,
    ApprovalResolved,
    CallFinished,
    CallRequested,
    Event,
    Logged,
    OutputDelta,
    Progress,
)
from harness.types import CallRecord, Outcome
from harness.visible_text import visible

MOST_ROWS = 12
MOST_OUTPUT_LINES = 4
MOST_LINE_CHARACTERS = 500
MARKS = {"ok": ("✓", "green"), "failed": ("✗", "red"), "denied": ("⊘", "yellow"), "cancelled": ("–", "yellow")}


@dataclass(slots=True)
class _Row:
    line: int | None
    tool: str
    arguments: str
    began: float
    record: CallRecord | None = None
    is_waiting: bool = False  # for the answer of a person
    output: tuple[str, ...] = ("",)

    def add_output(self, text: str) -> None:
        """Keep the last lines. A line that is written anew from its beginning (progress bars) is shown as it is now."""
        first, *others = text.split("\n")
        lines = [*self.output[:-1], self.output[-1] + first, *others]
        # One new value: rich draws in a thread of its own.
        self.output = tuple(map(_latest, lines[-MOST_OUTPUT_LINES:]))


class LiveView:
    """Draws on standard output. What has happened stays above; what goes on is redrawn below.

    Args:
        given: The file.
        trace: Show the executed lines at the end.
        console: Draws; standard output by default.
    """

    def __init__(self, given: Given, *, trace: bool = False, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False)
        self._given = given
        self._trace = trace
        self._source = ""
        self._rows: dict[str, _Row] = {}
        self._progress = ""
        self._unfinished_line = ""
        self._live: Live | None = None
        self._is_drawing = False
        self._held_back: list[str] | None = None  # what the script prints while a person is asked

    def begin(self, block: Block) -> None:
        """Start drawing."""
        source = block.source
        self._source = source.decode("utf-8", "replace") if isinstance(source, bytes) else source
        self._rows, self._progress, self._unfinished_line = {}, "", ""
        if len(self._given.blocks) > 1:
            self._console.print(Text(f"script on line {block.line}", style="bold"))
        self._is_drawing = True
        self._start()

    def _start(self) -> None:
        # A new one each time: rich would erase as many lines as it drew before, which others have written since.
        self._live = Live(get_renderable=self.drawing, console=self._console, refresh_per_second=8, transient=True)
        self._live.start()

    def _stop(self) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None

    async def written(self) -> None:
        """It was drawn at once."""

    @property
    def is_suspended(self) -> bool:
        """A person is asked something."""
        return self._held_back is not None

    @contextmanager
    def suspended(self) -> Iterator[None]:
        """Draw nothing meanwhile. A script must not print among the lines of a question either: they wait."""
        self._stop()
        self._held_back = []
        try:
            yield
        finally:
            self._release()
            if self._is_drawing:
                self._start()

    def _release(self) -> None:
        lines, self._held_back = self._held_back or [], None
        for line in lines:
            self._print_line(line)

    def show(self, event: Event) -> None:
        """Take one event."""
        if isinstance(event, CallRequested):
            arguments = plain_text.short_arguments(event.arguments)
            self._rows[event.call_id] = _Row(event.line, event.tool, arguments, time.monotonic())
        elif isinstance(event, CallFinished):
            row = self._rows.get(event.call.id)
            if row is not None:
                row.record = event.call
        elif isinstance(event, (ApprovalRequested, ApprovalResolved)):
            row = self._rows.get(event.call_id or "")
            if row is not None:
                row.is_waiting = isinstance(event, ApprovalRequested)
        elif isinstance(event, OutputDelta):
            row = self._rows.get(event.call_id)
            if row is not None:
                row.add_output(event.text)
        elif isinstance(event, Progress):
            self._progress = visible(event.message)
        elif isinstance(event, Logged):
            self._print_log(event.text)

    def end(self, outcome: Outcome) -> None:
        """Stop drawing, and print what stays: calls, value or error, what was spent."""
        self._is_drawing = False
        self._stop()
        self._release()
        self._print_log("\n" if self._unfinished_line else "")
        if self._rows:
            self._console.print(self._table(list(self._rows.values()), has_output=False))
        if self._trace and outcome.trace:
            self._console.print(Text(plain_text.trace_text(outcome.trace, self._source), style="dim"))
        for line in plain_text.leftovers(outcome):
            self._console.print(Text(line, style="yellow"))
        self._console.print(self._result(outcome))
        mark, style = ("✓", "green") if outcome.ok else ("✗", "red")
        self._console.print(Text.assemble((mark, style), " ", (plain_text.usage_line(outcome), "dim")))

    def _print_log(self, text: str) -> None:
        """Print whole lines above what is redrawn; rich has no half lines there."""
        *lines, self._unfinished_line = (self._unfinished_line + text).split("\n")
        for line in lines:
            if self._held_back is None:
                self._print_line(line)
            else:
                self._held_back.append(line)

    def _print_line(self, line: str) -> None:
        self._console.print(Text(visible(line)))

    def _result(self, outcome: Outcome) -> RenderableType:
        if not outcome.ok:
            return Text(plain_text.failure_text(outcome), style="red")
        if outcome.mode == "dry-run":
            return Text(plain_text.dry_run_text(outcome))
        if isinstance(outcome.value, str):
            return Text(visible(outcome.value))
        shown = Text(visible(json.dumps(outcome.value, indent=2, ensure_ascii=False)))
        JSONHighlighter().highlight(shown)  # in the terminal's own colours
        return shown

    def drawing(self) -> RenderableType:
        """Return what goes on now: the last calls, their output, progress."""
        rows = list(self._rows.values())
        parts: list[RenderableType] = []
        if len(rows) > MOST_ROWS:
            parts.append(Text(f"... {len(rows) - MOST_ROWS} earlier calls", style="dim"))
        if rows:
            parts.append(self._table(rows[-MOST_ROWS:], has_output=True))
        parts.append(Spinner("dots", Text(self._progress or "running", style="cyan")))
        return Group(*parts)

    def _table(self, rows: list[_Row], *, has_output: bool) -> Table:
        table = Table(box=None, pad_edge=False, show_header=False)
        table.add_column(justify="right", style="dim", no_wrap=True)
        table.add_column(no_wrap=True)
        table.add_column(ratio=1, overflow="ellipsis", no_wrap=True)
        table.add_column(justify="right", no_wrap=True)
        for row in rows:
            table.add_row(*_cells(row))
            if has_output and row.record is None:
                for line in row.output:
                    if line:
                        table.add_row("", "", Text(visible(line), style="dim"), "")
        return table


def _cells(row: _Row) -> tuple[str | Text, ...]:
    place = f"line {row.line}" if row.line is not None else ""
    call = Text.assemble((f"tools.{row.tool}", "bold"), (f"({row.arguments})", ""))
    if row.record is None and row.is_waiting:
        call.append(" waits for an answer", style="yellow")
        return place, Text("?", style="yellow"), call, f"{time.monotonic() - row.began:.1f} s"
    if row.record is None:
        return place, Text("·", style="cyan"), call, f"{time.monotonic() - row.began:.1f} s"
    mark, style = MARKS[row.record.status]
    if row.record.error is not None:
        call.append(f" {visible(row.record.error.code)}", style=style)
    if row.record.approval is not None:
        call.append(f" {plain_text.approval_text(row.record.approval)}", style="dim")
    return place, Text(mark, style=style), call, f"{row.record.duration_s * 1e3:.0f} ms"


def _latest(line: str) -> str:
    return line.rstrip("\r").rpartition("\r")[2][-MOST_LINE_CHARACTERS:]
