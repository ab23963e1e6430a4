"""Answers questions of runs that wait in other processes: `toolscript approve`."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from harness.approvals.line_input import LineInput
from harness.inbox import MAX_LINE_BYTES, inbox_folder, short_path
from harness.visible_text import unmistakable

_CONNECT_S = 5.0


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
    """Show each open question and take its answer, until none is open or the input ends.

    Returns:
        How many were answered.
    """
    lines = LineInput(sys.stdin if stdin is None else stdin)
    shown = sys.stdout if output is None else output
    answered = 0
    for host in hosts():
        with suppress(OSError, ValueError):
            questions = host.questions()
            while questions:
                typed = await _typed(questions[0], lines, shown)
                if typed is None:
                    return answered
                said, questions = host.reply(questions[0], typed)
                answered += "said" in said
                print(f"-> {unmistakable(str(said.get('said') or said.get('error')))}", file=shown, flush=True)
    return answered


async def _typed(question: dict[str, Any], lines: LineInput, shown: TextIO) -> str | None:
    print(f"\n{question['text']}", file=shown)
    lines.forget_typed_ahead()
    while True:
        print(f"[{question['accepts']}]: ", end="", file=shown, flush=True)
        typed = await lines.read_line()
        if typed is None or typed.strip().lower() != "show":
            return typed
        print(question["whole"], file=shown)
