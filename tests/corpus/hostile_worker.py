"""A hostile worker: conversations that begin as honest ones and were changed, and a runtime that plays them to the host.

The host's side is the real one, from the socket up. In the worker's place is a list of pieces of bytes; a sleeping
process lends its pid.
"""

from __future__ import annotations

import itertools
import json
import socket
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

import anyio
from hypothesis import strategies as st

from harness import Harness
from harness.runtimes.cpython.channel import open_channel
from harness.runtimes.cpython.child import Child, Exit
from harness.runtimes.cpython.launch import Launched
from harness.runtimes.cpython.run import CPythonRun
from harness.runtimes.runtime import Listener, Run, Runtime, Script

MAX_FRAME = 200_000

# What honest workers say, one of each shape.
PLAN = {"tools": ["add"], "calls": [{"tool": "add", "line": 1, "arguments": {"a": 1, "b": 2}}]}
CHECKED = {"t": "checked", "diagnostics": [], "plan": PLAN, "code": None}
REFUSED = {
    "t": "checked",
    "diagnostics": [
        {
            "code": "script.syntax",
            "message": "invalid syntax",
            "hint": None,
            "line": 1,
            "column": 1,
            "end_line": 1,
            "end_column": 2,
            "excerpt": "x",
        }
    ],
    "plan": None,
    "code": None,
}
LOG = {"t": "log", "text": "hello\n"}
PROGRESS = {"t": "progress", "message": "half"}
TRACE = {"t": "trace", "events": [{"line": 1, "steps": 0, "changed": {"x": "1"}, "calls": ["add"]}]}
HELLO = {"t": "hello", "idle_rss_bytes": 1, "barriers": ["seccomp"]}
FINISHED = {"t": "finished", "ok": True, "value": {"a": [1, None]}, "steps": 3, "pending": [], "unawaited": []}
ERROR = {
    "code": "script.runtime",
    "message": "KeyError: 'a'",
    "hint": None,
    "line": 1,
    "column": 1,
    "retryable": False,
    "details": {"exception": "KeyError"},
    "traceback": [{"line": 1, "function": "<module>", "text": "x"}],
}
FAILED = {
    "t": "finished",
    "ok": False,
    "value": None,
    "error": ERROR,
    "steps": 3,
    "pending": [["add", 1]],
    "unawaited": [["add", None]],
}
BESIDE = (LOG, PROGRESS, TRACE)
SHAPES = (CHECKED, REFUSED, LOG, PROGRESS, TRACE, HELLO, FINISHED, FAILED)


def batch(first: int, calls: int, cancelled: Sequence[int] = ()) -> dict[str, Any]:
    """A batch of calls whose ids go on from `first`."""
    started = [[number, "add", {"a": number, "b": 1}, 1] for number in range(first, first + calls)]
    return {"t": "batch", "calls": started, "cancelled": list(cancelled), "wake_after_s": 0.0, "steps": first}


class Raw(str):
    """JSON text as it stands, or text that only looks like JSON."""


ODD = [
    Raw(text)
    for text in (
        *("null", "true", "-1", "0", "1", "1.5", "-0.0", "9007199254740992", "1e400", "NaN", "-Infinity", "9" * 5000),
        *('""', '"x"', '"\\ud800"', '"\\u0000"', '"\ufeff"', '"internal.bug"', '"limit.steps"', '"tool.failed"'),
        *(
            "[]",
            "[[]]",
            "{}",
            '{"":1}',
            '{"a":1,"a":2}',
            '{"t":"log"}',
            "[" * 250 + "]" * 250,
            "[" * 5000,
            "]",
            "{",
            "\\",
        ),
        *('"' + "x" * 70_000 + '"', "[" + ",".join(["0"] * 30_000) + "]", "[" + ",".join(["{}"] * 30_000) + "]"),
    )
]


def dumped(value: object) -> str:
    """JSON text of a value that may hold raw parts."""
    if isinstance(value, Raw):
        return value
    if isinstance(value, dict):
        return "{" + ",".join(f"{dumped(key)}:{dumped(part)}" for key, part in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(dumped, value)) + "]"
    return json.dumps(value)


def framed(body: bytes) -> bytes:
    """The length in front."""
    return len(body).to_bytes(4, "big") + body


def framed_json(value: object) -> bytes:
    """A frame of JSON text."""
    return framed(dumped(value).encode("utf-8", "surrogatepass"))


@st.composite
def changed(draw: st.DrawFn, value: Any) -> Any:
    """A JSON value with one change somewhere inside: another value, a part more, a part less, a part twice."""
    if isinstance(value, dict) and value and draw(st.integers(0, 4)):
        key = draw(st.sampled_from(sorted(value)))
        action = draw(st.sampled_from(["inside", "inside", "drop", "add", "rename"]))
        if action == "inside":
            return {**value, key: draw(changed(value[key]))}
        if action == "add":
            return {**value, draw(st.sampled_from(["extra", "t ", "", "error", "value"])): draw(st.sampled_from(ODD))}
        rest = {name: part for name, part in value.items() if name != key}
        return rest if action == "drop" else {**rest, key.upper(): value[key]}
    if isinstance(value, list) and value and draw(st.integers(0, 4)):
        at = draw(st.integers(0, len(value) - 1))
        action = draw(st.sampled_from(["inside", "inside", "drop", "twice", "many"]))
        middle = {"drop": [], "twice": [value[at]] * 2, "many": [value[at]] * 3000}
        new = middle[action] if action != "inside" else [draw(changed(value[at]))]
        return [*value[:at], *new, *value[at + 1 :]]
    return draw(st.sampled_from(ODD))


@st.composite
def honest_conversations(draw: st.DrawFn) -> list[dict[str, Any]]:
    """What an honest worker might say from its check to its end."""
    said: list[dict[str, Any]] = [draw(st.sampled_from([CHECKED, CHECKED, CHECKED, REFUSED]))]
    started = 0
    for calls in draw(st.lists(st.sampled_from([2, 1, 3, 0]), min_size=draw(st.sampled_from([1, 1, 0])), max_size=3)):
        said += draw(st.lists(st.sampled_from(BESIDE), max_size=2))
        cancelled = draw(st.lists(st.integers(1, started), max_size=2)) if started else []
        said.append(batch(started + 1, calls, cancelled))
        started += calls
    return [*said, draw(st.sampled_from([FINISHED, FAILED]))]


@st.composite
def hostile_bytes(draw: st.DrawFn) -> bytes:
    """A conversation that was changed: inside its frames, in their order, or byte by byte."""
    said: list[Any] = draw(honest_conversations())
    for how in draw(st.lists(st.sampled_from(["inside", "inside", "order", "twice", "drop", "other"]), max_size=3)):
        batches = [number for number, frame in enumerate(said) if isinstance(frame, dict) and frame.get("calls")]
        at = draw(st.one_of(st.integers(0, len(said) - 1), st.sampled_from(batches or [0]))) if said else 0
        if how == "inside" and said:
            said[at] = draw(changed(said[at]))
        elif how == "order":
            said = draw(st.permutations(said))
        elif how == "twice" and said:
            said = said[: at + 1] + said[at:]
        elif how == "drop":
            said = said[:at] + said[at + 1 :]
        else:
            said.insert(at, draw(st.sampled_from(SHAPES)))
    return draw(broken_bytes(b"".join(map(framed_json, said))))


@st.composite
def broken_bytes(draw: st.DrawFn, data: bytes) -> bytes:
    """Bytes with a few of them replaced, cut out or put in; most often none."""
    for how in draw(
        st.lists(st.sampled_from(["flip", "cut", "insert", "length"]), max_size=draw(st.sampled_from([0, 0, 2])))
    ):
        at = draw(st.integers(0, len(data)))
        if how == "cut":
            data = data[:at] + data[at + draw(st.integers(1, 60)) :]
        elif how == "insert":
            data = data[:at] + draw(st.binary(min_size=1, max_size=20)) + data[at:]
        elif how == "flip":
            data = data[:at] + draw(st.binary(min_size=1, max_size=1)) + data[at + 1 :]
        else:
            length = draw(st.sampled_from([0, 1, MAX_FRAME, MAX_FRAME + 1, 2**31, 2**32 - 1]))
            data = data[:at] + length.to_bytes(4, "big") + data[at:]
    return data


@st.composite
def in_pieces(draw: st.DrawFn, whole: st.SearchStrategy[bytes]) -> list[bytes]:
    """Bytes that are cut anywhere."""
    data = draw(whole)
    edges = sorted({0, len(data), *draw(st.lists(st.integers(0, len(data)), max_size=5))})
    return [data[begin:end] for begin, end in itertools.pairwise(edges)]


class HostileRuntime:
    """Hands out runs whose worker says `pieces`, then closes its end, or falls silent when `is_silent`."""

    def __init__(self) -> None:
        self.pieces: Iterable[bytes] = ()
        self.is_silent = False
        self._runs = ExitStack()

    async def __aenter__(self) -> Self:
        self._tasks = await anyio.create_task_group().__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.end_workers()
        self._tasks.cancel_scope.cancel()
        await self._tasks.__aexit__(None, None, None)

    async def start(self, script: Script, listener: Listener) -> Run:
        ours, theirs = socket.socketpair()
        process = self._runs.enter_context(subprocess.Popen(["sleep", "60"]))  # noqa: ASYNC220  # two milliseconds
        self._runs.callback(process.kill)
        self._runs.enter_context(theirs)
        child = Child(process.pid, open_channel(ours, max_frame_bytes=MAX_FRAME))
        child.exited(Exit(1, None, 0, 0.0))
        run = CPythonRun(child, script, listener, compiled=None, on_end=lambda ended: None)
        self._runs.callback(run.kill)
        self._tasks.start_soon(self._say, theirs)
        return run

    def end_workers(self) -> None:
        """End what stands for the workers of earlier runs."""
        self._runs.close()

    async def _say(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        try:
            for piece in self.pieces:
                await _send_all(sock, piece)
                await anyio.lowlevel.checkpoint()
            if not self.is_silent:
                sock.shutdown(socket.SHUT_WR)
        except OSError:
            return  # the host had enough


async def _send_all(sock: socket.socket, data: bytes) -> None:
    view = memoryview(data)
    while view:
        try:
            view = view[sock.send(view) :]
        except BlockingIOError:
            await anyio.wait_writable(sock)


class HostileHarness(Harness):
    """A harness, whole, in front of a hostile worker."""

    def __init__(self, runtime: HostileRuntime, **options: Any) -> None:
        super().__init__(**options)
        self._hostile = runtime

    def _new_runtime(self, launched: Launched) -> Runtime:
        launched.kill()
        return self._hostile


def endless(frames: Sequence[dict[str, Any]], repeated: dict[str, Any] | bytes) -> Iterator[bytes]:
    """Frames, and then one more again and again."""
    yield from map(framed_json, frames)
    again = repeated if isinstance(repeated, bytes) else framed_json(repeated)
    piece = again * max(1, 60_000 // len(again))
    while True:
        yield piece
