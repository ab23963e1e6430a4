"""The view of a run on a terminal: its calls with their lines, progress, output, in place while it goes on."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass

from rich.console import Console, Group, RenderableType
from rich.highlighter import JSONHighlighter
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from harness.cli import plain_text
from harness.cli.given import Block, Given
from harness.events import CallFinished, CallRequested, Event, Logged, Progress
from harness.types import CallRecord, Outcome
from harness.visible_text import visible

MOST_ROWS = 12
MARKS = {"ok": ("✓", "green"), "failed": ("✗", "red"), "denied": ("⊘", "yellow"), "cancelled": ("–", "yellow")}


@dataclass(slots=True)
class _Row:
    line: int | None
    tool: str
    arguments: str
    began: float
    record: CallRecord | None = None


class LiveView:
    """Draws on standard output. What has happened stays above; what goes on is redrawn below.

    Args:
        given: The file.
        trace: Show the executed lines at the end.
    """

    def __init__(self, given: Given, *, trace: bool = False) -> None:
        self._console = Console(highlight=False)
        self._given = given
        self._trace = trace
        self._source = ""
        self._rows: dict[str, _Row] = {}
        self._progress = ""
        self._unfinished_line = ""
        self._live: Live | None = None

    def begin(self, block: Block) -> None:
        """Start drawing."""
        source = block.source
        self._source = source.decode("utf-8", "replace") if isinstance(source, bytes) else source
        self._rows, self._progress, self._unfinished_line = {}, "", ""
        if len(self._given.blocks) > 1:
            self._console.print(Text(f"script on line {block.line}", style="bold"))
        self._live = Live(get_renderable=self._render, console=self._console, refresh_per_second=8, transient=True)
        self._live.start()

    def show(self, event: Event) -> None:
        """Take one event."""
        if isinstance(event, CallRequested):
            arguments = plain_text.short_arguments(event.arguments)
            self._rows[event.call_id] = _Row(event.line, event.tool, arguments, time.monotonic())
        elif isinstance(event, CallFinished):
            row = self._rows.get(event.call.id)
            if row is not None:
                row.record = event.call
        elif isinstance(event, Progress):
            self._progress = visible(event.message)
        elif isinstance(event, Logged):
            self._print_log(event.text)

    def end(self, outcome: Outcome) -> None:
        """Stop drawing, and print what stays: calls, value or error, what was spent."""
        if self._live is not None:
            self._live.stop()
            self._live = None
        self._print_log("\n" if self._unfinished_line else "")
        if self._rows:
            self._console.print(self._table(list(self._rows.values())))
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
            self._console.print(Text(visible(line)))

    def _result(self, outcome: Outcome) -> RenderableType:
        if not outcome.ok:
            return Text(plain_text.failure_text(outcome), style="red")
        if isinstance(outcome.value, str):
            return Text(visible(outcome.value))
        shown = Text(visible(json.dumps(outcome.value, indent=2, ensure_ascii=False)))
        JSONHighlighter().highlight(shown)  # in the terminal's own colours
        return shown

    def _render(self) -> RenderableType:
        rows = list(self._rows.values())
        parts: list[RenderableType] = []
        if len(rows) > MOST_ROWS:
            parts.append(Text(f"... {len(rows) - MOST_ROWS} earlier calls", style="dim"))
        if rows:
            parts.append(self._table(rows[-MOST_ROWS:]))
        parts.append(Spinner("dots", Text(self._progress or "running", style="cyan")))
        return Group(*parts)

    def _table(self, rows: list[_Row]) -> Table:
        table = Table(box=None, pad_edge=False, show_header=False)
        table.add_column(justify="right", style="dim", no_wrap=True)
        table.add_column(no_wrap=True)
        table.add_column(ratio=1, overflow="ellipsis", no_wrap=True)
        table.add_column(justify="right", no_wrap=True)
        for row in rows:
            table.add_row(*_cells(row))
        return table


def _cells(row: _Row) -> tuple[str | Text, ...]:
    place = f"line {row.line}" if row.line is not None else ""
    call = Text.assemble((f"tools.{row.tool}", "bold"), (f"({row.arguments})", ""))
    if row.record is None:
        return place, Text("·", style="cyan"), call, f"{time.monotonic() - row.began:.1f} s"
    mark, style = MARKS[row.record.status]
    if row.record.error is not None:
        call.append(f" {visible(row.record.error.code)}", style=style)
    return place, Text(mark, style=style), call, f"{row.record.duration_s * 1e3:.0f} ms"
