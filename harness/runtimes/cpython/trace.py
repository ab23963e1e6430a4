"""`trace=True`: every executed line of the script, with the names it changed and the tools it called.

The trace is what step-through views show; it counts nothing. Reprs are taken of plain data only, so that recording
never runs code of the script.
"""

from __future__ import annotations

import opcode
import sys
import types
from collections.abc import Mapping
from typing import Any

from harness.runtimes.cpython.meter import Meter
from harness.runtimes.cpython.script_file import SCRIPT_FILE
from harness.runtimes.cpython.wire import MAX_TRACE_LINES, TRACE, WorkerChannel

_LINES_PER_FRAME = 100
_MAX_REPR_CHARS = 80
_MAX_ITEMS = 6
_MAX_NAMES = 20
_RETURN = opcode.opmap["RETURN_VALUE"]
_TOOL_ID = 3  # of sys.monitoring; the low ones belong to debuggers and profilers

Seen = dict[str, str]
_BRACKETS: tuple[tuple[Any, str], ...] = ((list, "[]"), (tuple, "()"), (set, "{}"), (frozenset, "{}"))


def shortened(value: object, depth: int = 2) -> str:
    """A short repr, of plain data; anything else is named by its class."""
    kind = type(value)
    if kind in (int, float, bool, type(None)):
        return "a big integer" if kind is int and value.bit_length() > 256 else repr(value)  # type: ignore[attr-defined]  # an int has it
    if kind in (str, bytes):
        cut = value[:_MAX_REPR_CHARS]  # type: ignore[index]  # both can be cut
        return repr(cut) + ("..." if len(cut) < len(value) else "")  # type: ignore[arg-type]
    if isinstance(value, dict):
        pairs = [
            f"{shortened(key, depth - 1)}: {shortened(item, depth - 1)}" for key, item in _first(dict.items(value))
        ]
        return _in_brackets("{}", pairs, dict.__len__(value), depth)
    for base, brackets in _BRACKETS:
        if isinstance(value, base):
            items = [shortened(item, depth - 1) for item in _first(base.__iter__(value))] if depth else []
            return _in_brackets(brackets, items, base.__len__(value), depth)
    return f"<{type.__dict__['__name__'].__get__(kind)}>"


def _first(items: Any) -> list[Any]:
    return [item for item, _ in zip(items, range(_MAX_ITEMS), strict=False)]


def _in_brackets(brackets: str, items: list[str], length: int, depth: int) -> str:
    if depth <= 0 and length:
        return f"{brackets[0]}...{brackets[1]}"
    more = ["..."] if length > len(items) else []
    text = brackets[0] + ", ".join(items + more) + brackets[1]
    return text if len(text) <= 2 * _MAX_REPR_CHARS else text[: 2 * _MAX_REPR_CHARS] + "..."


class Recorder:
    """Collects executed lines and sends them in chunks, up to a number of lines."""

    def __init__(self, channel: WorkerChannel, meter: Meter) -> None:
        self._channel = channel
        self._meter = meter
        self._left = MAX_TRACE_LINES
        self._lines: list[dict[str, Any]] = []
        self._current: dict[str, Any] | None = None
        self._current_frame: types.FrameType | None = None
        self._announced: tuple[types.FrameType, int] | None = None
        self._seen: dict[types.FrameType, Seen] = {}

    def started(self, frame: types.FrameType, number: int) -> None:
        """A function begins with this line, which may be reported once more."""
        self.line(frame, number)
        self._announced = (frame, number)

    def line(self, frame: types.FrameType, number: int) -> None:
        """A line is about to run. What the line before it changed is known now."""
        announced, self._announced = self._announced, None
        if announced == (frame, number):
            return
        self._close_line()
        if self._left <= 0:
            return
        self._left -= 1
        self._current = {"line": number, "steps": self._meter.used, "changed": {}, "calls": []}
        self._current_frame = frame

    def returned(self, frame: types.FrameType) -> None:
        """A function of the script ends."""
        if frame is self._current_frame:
            self._close_line()
        self._seen.pop(frame, None)

    def called(self, tool: str) -> None:
        """The current line called a tool."""
        if self._current is not None and len(self._current["calls"]) < _MAX_NAMES:
            self._current["calls"].append(tool)

    def flush(self) -> None:
        """Send what is left."""
        self._close_line()
        if self._lines:
            self._channel.send({"t": TRACE, "events": self._lines})
            self._lines = []

    def _close_line(self) -> None:
        if self._current is None or self._current_frame is None:
            return
        self._current["changed"] = self._changes(self._current_frame)
        self._lines.append(self._current)
        self._current = self._current_frame = None
        if len(self._lines) >= _LINES_PER_FRAME:
            self._channel.send({"t": TRACE, "events": self._lines})
            self._lines = []

    def _changes(self, frame: types.FrameType) -> Seen:
        now = _visible(frame)
        before = self._seen.get(frame, {})
        self._seen[frame] = now
        return {name: text for name, text in now.items() if before.get(name) != text}


def _visible(frame: types.FrameType) -> Seen:
    """Names of the frame with short reprs; the script's own top level shows its globals."""
    names: Mapping[str, Any] = frame.f_globals if frame.f_code.co_name == "<module>" else frame.f_locals
    shown: Seen = {}
    for name, value in list(names.items()):
        if "." in name or name[:2] == "__" or isinstance(value, (types.FunctionType, types.ModuleType, type)):
            continue
        shown[name] = shortened(value)
        if len(shown) >= _MAX_NAMES:
            break
    return shown


def start_recording(recorder: Recorder) -> None:
    """Report every line of the script to `recorder` from now on."""
    if sys.version_info >= (3, 12):
        _monitor(recorder)
    else:
        _settrace(recorder)


def _settrace(recorder: Recorder) -> None:
    def local(frame: types.FrameType, event: str, argument: object) -> Any:
        if event == "line":
            recorder.line(frame, frame.f_lineno)
        elif event == "return" and frame.f_code.co_code[frame.f_lasti] == _RETURN:  # and no await or yield
            recorder.returned(frame)
        return local

    def on_call(frame: types.FrameType, event: str, argument: object) -> Any:
        return local if frame.f_code.co_filename == SCRIPT_FILE else None

    sys.settrace(on_call)


def _monitor(recorder: Recorder) -> None:
    monitoring: Any = sys.monitoring  # type: ignore[attr-defined,unused-ignore]  # since Python 3.12
    events = monitoring.events

    def line(code: types.CodeType, number: int) -> Any:
        if code.co_filename != SCRIPT_FILE:
            return monitoring.DISABLE
        recorder.line(sys._getframe(1), number)
        return None

    def started(code: types.CodeType, offset: int) -> Any:
        if code.co_filename != SCRIPT_FILE:
            return monitoring.DISABLE
        if _starts_on_own_line(code):
            recorder.started(sys._getframe(1), code.co_firstlineno)
        return None

    def returned(code: types.CodeType, offset: int, value: object) -> Any:
        if code.co_filename != SCRIPT_FILE:
            return monitoring.DISABLE
        recorder.returned(sys._getframe(1))
        return None

    monitoring.use_tool_id(_TOOL_ID, "toolscript")
    monitoring.register_callback(_TOOL_ID, events.LINE, line)
    monitoring.register_callback(_TOOL_ID, events.PY_RETURN, returned)
    wanted = events.LINE | events.PY_RETURN
    if sys.version_info >= (3, 13):
        monitoring.register_callback(_TOOL_ID, events.PY_START, started)
        wanted |= events.PY_START
    monitoring.set_events(_TOOL_ID, wanted)


def _starts_on_own_line(code: types.CodeType) -> bool:
    """Whether a function's first statement stands on its first line, which Python 3.13 may not report then."""
    for line, _, _, end in code.co_positions():
        if end:
            return line == code.co_firstlineno
    return False
