"""The views of a run that need no terminal: plain text, one JSON object, JSON lines."""

from __future__ import annotations

import json
import os
import select
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import anyio

from harness.cli import plain_text
from harness.cli.given import Block, Given
from harness.events import CallFinished, Event, Logged, Progress
from harness.types import Outcome
from harness.visible_text import visible


def print_json(value: object, *, indent: int | None = None) -> None:
    """Print plain data as JSON that any encoding can carry."""
    print(json.dumps(value, indent=indent), flush=True)


async def write_as_it_is_read(text: str) -> None:
    """Print; into a pipe piece by piece, as there is room, so that a slow reader stops nothing else."""
    sys.stdout.flush()
    fd = sys.stdout.fileno()
    if not stat.S_ISFIFO(os.fstat(fd).st_mode) and not stat.S_ISSOCK(os.fstat(fd).st_mode):
        print(text, end="", flush=True)
        return
    data = text.encode("ascii")
    while data:
        await anyio.wait_writable(fd)
        data = data[os.write(fd, data[: select.PIPE_BUF]) :]  # a pipe with room takes this much at once


class PlainView:
    """The value on standard output; calls, progress, prints and errors on standard error.

    Args:
        given: The file.
        trace: Show the executed lines too.
        is_output_taken: Standard output is for something else: the value goes to standard error, too.
    """

    def __init__(self, given: Given, *, trace: bool = False, is_output_taken: bool = False) -> None:
        self._is_output_taken = is_output_taken
        self._given = given
        self._trace = trace
        self._source = ""
        self._held_back: list[str] | None = None  # what is to be said while a person is asked

    def begin(self, block: Block) -> None:
        """Name the script, if the message has several."""
        source = block.source
        self._source = source.decode("utf-8", "replace") if isinstance(source, bytes) else source
        if len(self._given.blocks) > 1:
            self._say(f"== script on line {block.line}")

    def show(self, event: Event) -> None:
        """Tell what happened, on a line of its own."""
        if isinstance(event, CallFinished):
            self._say(plain_text.call_line(event.call))
        elif isinstance(event, Progress):
            self._say(f"progress: {visible(event.message)}")
        elif isinstance(event, Logged):
            self._write(visible(event.text))

    def end(self, outcome: Outcome) -> None:
        """Print the value, or why there is none."""
        self._release()
        if self._trace and outcome.trace:
            self._say(plain_text.trace_text(outcome.trace, self._source))
        for line in plain_text.leftovers(outcome):
            self._say(line)
        if outcome.ok and outcome.mode == "dry-run":
            self._print_value(plain_text.dry_run_text(outcome))
        elif outcome.ok:
            text = plain_text.value_text(outcome.value)
            self._print_value(text)
        else:
            self._say(plain_text.failure_text(outcome))

    def _print_value(self, text: str) -> None:
        if self._is_output_taken:
            self._say(visible(text))
        else:
            print(visible(text) if sys.stdout.isatty() else text, flush=True)

    async def written(self) -> None:
        """It was written at once."""

    @property
    def is_suspended(self) -> bool:
        """A person is asked something."""
        return self._held_back is not None

    @contextmanager
    def suspended(self) -> Iterator[None]:
        """Say nothing meanwhile: a script must not print among the lines of a question."""
        self._held_back = []
        try:
            yield
        finally:
            self._release()

    def _release(self) -> None:
        said, self._held_back = self._held_back or [], None
        self._write("".join(said))

    def _say(self, line: str) -> None:
        self._write(line + "\n")

    def _write(self, text: str) -> None:
        if self._held_back is not None:
            self._held_back.append(text)
            return
        sys.stderr.write(text)
        sys.stderr.flush()


class SilentView:
    """Shows nothing: the outcome is printed as one object at the end."""

    async def written(self) -> None:
        """Nothing."""

    is_suspended = False

    @contextmanager
    def suspended(self) -> Iterator[None]:
        """Questions go elsewhere, so nothing is held back."""
        self.is_suspended = True
        try:
            yield
        finally:
            self.is_suspended = False

    def begin(self, block: Block) -> None:
        """Nothing."""

    def show(self, event: Event) -> None:
        """Nothing."""

    def end(self, outcome: Outcome) -> None:
        """Nothing."""


class EventsView(SilentView):
    """Every event as a line of JSON; the last of each script carries the outcome."""

    def __init__(self) -> None:
        self._unwritten: list[str] = []

    def show(self, event: Event) -> None:
        """Take the event; `written` prints it."""
        self._unwritten.append(json.dumps(event.to_wire()) + "\n")

    async def written(self) -> None:
        """Print what was shown, as fast as it is read: the run goes on meanwhile."""
        lines, self._unwritten = "".join(self._unwritten), []
        await write_as_it_is_read(lines)

    def end(self, outcome: Outcome) -> None:
        """A block that is no script has no events: its outcome is the only line."""
        if not outcome.script_id:
            print_json({"kind": "run_finished", "outcome": outcome.to_wire()})
