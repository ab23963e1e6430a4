"""Answers questions of runs that wait in other processes: `toolscript approve`."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from harness.approvals.line_input import LineInput
from harness.approvals.replies import parse_reply
from harness.inbox import MAX_LINE_BYTES, inbox_folder, short_path
from harness.visible_text import unmistakable

_CONNECT_S = 5.0
MOST_SHOWN = 20
"""Questions that are shown together. "all" means those, never one that was not shown."""


class _Host:
    """One host that has questions, at the other end of its socket."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._file = connection.makefile("rb")

    def questions(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._read()["questions"]
        return found

    def reply(self, question: dict[str, Any], typed: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """Send a reply; return what the host says of it, and the questions that are open then."""
        sent = {"run": question["run"], "id": question["id"], "reply": typed}
        self._connection.sendall(json.dumps(sent).encode() + b"\n")
        return self._read(), self.questions()

    def close(self) -> None:
        self._file.close()
        self._connection.close()

    def _read(self) -> dict[str, Any]:
        line = self._file.readline(MAX_LINE_BYTES)
        if not line.endswith(b"\n"):
            raise ConnectionError("the host has left")
        read: dict[str, Any] = json.loads(line)
        return read


def hosts() -> Iterator[_Host]:
    """Connect to every host that listens; sockets that nobody listens on any more are passed over."""
    for path in sorted(inbox_folder().glob("*.sock")):
        host = _connected(path)
        if host is not None:
            yield host
            host.close()


def _connected(path: Path) -> _Host | None:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(_CONNECT_S)
    try:
        with short_path(path) as short:
            connection.connect(short)
    except OSError:
        connection.close()
        return None
    return _Host(connection)


def open_questions() -> list[dict[str, Any]]:
    """Return every open question, as data."""
    found: list[dict[str, Any]] = []
    for host in hosts():
        with suppress(OSError, ValueError):
            found += host.questions()
    return found


async def answer_questions(*, stdin: TextIO | None = None, output: TextIO | None = None) -> int:
    """Show the open questions, those of a run together, and take their answers, until none is open or the input ends.

    Returns:
        How many were answered.
    """
    asking = _Asking(LineInput(sys.stdin if stdin is None else stdin), sys.stdout if output is None else output)
    answered = 0
    for host in hosts():
        with suppress(OSError, ValueError):
            questions = host.questions()
            while questions:
                together = [item for item in questions if item["run"] == questions[0]["run"]][:MOST_SHOWN]
                typed = await asking.typed(together)
                if typed is None:
                    return answered
                for question, reply in _replies(together, typed):
                    said, questions = host.reply(question, reply)
                    answered += "said" in said
                    asking.say(f"-> {unmistakable(str(said.get('said') or said.get('error')))}")
    return answered


def _replies(questions: Sequence[dict[str, Any]], typed: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Give each question the reply that was meant for it: "y all" is for all of those that were shown."""
    reply = parse_reply(typed, has_several=len(questions) > 1)
    if reply is None or not reply.is_for_all:
        yield questions[0], typed
        return
    word, _, *behind = typed.split(maxsplit=2)
    for question in questions:
        yield question, " ".join([word, *behind])


class _Asking:
    """The screen and the keyboard. Questions bear numbers in the order in which they are shown, each once."""

    def __init__(self, lines: LineInput, output: TextIO) -> None:
        self._lines = lines
        self._output = output
        self._numbers: dict[tuple[str, str], int] = {}

    def say(self, text: str, *, end: str = "\n") -> None:
        print(text, end=end, file=self._output, flush=True)

    async def typed(self, questions: Sequence[dict[str, Any]]) -> str | None:
        """Show those that were not shown yet; return what is typed at the first, None when the input ends."""
        for question in questions:
            key = (question["run"], question["id"])
            if key not in self._numbers:
                self._numbers[key] = len(self._numbers) + 1
                self.say(f"\n[{self._numbers[key]}] {question['text']}")
        first = questions[0]
        several = f'; "y all" answers all {len(questions)}' if len(questions) > 1 else ""
        self._lines.forget_typed_ahead()
        while True:
            self.say(f"[{self._numbers[first['run'], first['id']]}] [{first['accepts']}{several}]: ", end="")
            typed = await self._lines.read_line()
            word = "" if typed is None else typed.strip().lower()
            if word not in ("show", "?", "help"):
                return typed
            self.say(first["whole"] if word == "show" else first["help"])
