"""An exception that nobody caught, as the error that the host is told.

Only the script's own lines appear: no frame of ours or of the standard library, and no path of the host.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from types import TracebackType
from typing import Any

from harness.runtimes.cpython import tool_errors
from harness.runtimes.cpython.script_file import SCRIPT_FILE
from harness.runtimes.cpython.values import TooLargeError, UnserializableError, json_text, plain_text
from harness.runtimes.cpython.wire import MAX_LINE_CHARS, MAX_MESSAGE_CHARS, MAX_TRACEBACK_LINES

Wire = dict[str, Any]
_MAX_DETAIL_BYTES = 65_536
_MAX_GROUPED = 10
_HOST_PATHS = tuple(
    sorted(
        {sys.prefix, sys.base_prefix, str(PurePath(__file__).parents[3]), str(PurePath(resource.__file__).parent)},
        key=len,
        reverse=True,
    )
)


def wire_error(
    code: str,
    message: str,
    *,
    hint: str | None = None,
    line: int | None = None,
    column: int | None = None,
    retryable: bool = False,
    details: Mapping[str, object] | None = None,
    traceback: list[Wire] | None = None,
) -> Wire:
    """Build an error as it stands in a `finished` frame."""
    return {
        "code": code,
        "message": message,
        "hint": hint,
        "line": line,
        "column": column,
        "retryable": retryable,
        "details": dict(details or {}),
        "traceback": traceback,
    }


def limit_error(code: str, limit: str, message: str, *, used: int, allowed: int, hint: str, line: int | None) -> Wire:
    """Build the error of a limit that was reached."""
    details = {"limit": limit, "used": used, "allowed": allowed}
    return wire_error(code, message, hint=hint, line=line, details=details)


class Failures:
    """Turns exceptions into errors, for one script.

    Args:
        source: The script, or None when only its code is known; then no excerpt and no column is given.
        limits: The run's limits, by name.
        idle_rss_bytes: Resident bytes before the script ran.
    """

    def __init__(self, source: str | None, limits: Mapping[str, int], idle_rss_bytes: int) -> None:
        self._lines = source.splitlines() if source is not None else None
        self._limits = limits
        self._idle_rss_bytes = idle_rss_bytes

    def uncaught(self, error: BaseException) -> Wire:
        """The error for an exception that left the script."""
        try:
            return self._uncaught(error)
        except BaseException:  # noqa: BLE001  # what is read of it may be a property of the script
            name = _clean(_name_of(error))
            return wire_error("script.runtime", name, details={"exception": name})

    def _uncaught(self, error: BaseException) -> Wire:
        if isinstance(error.__cause__, StopIteration) and not list(_script_frames(error.__traceback__)):
            error = error.__cause__  # Python replaced it because the script is a coroutine; a module would not be
        if isinstance(error, RecursionError):
            return self._recursion(error)
        if isinstance(error, MemoryError):
            return self._memory(error)
        if isinstance(error, tool_errors.ToolError):
            code: object = error.code
            if type(code) is str and code in tool_errors.CODES:
                return self._tool(error, code)
        if isinstance(error, UnserializableError):
            text = _clean(_text_of(error))
            return self._located(error, "script.unserializable", text, hint=_optional_text(error.hint))
        details: dict[str, object] = {"exception": _clean(_name_of(error))}
        if isinstance(error, BaseExceptionGroup):
            details["exceptions"] = [_with_line(item) for item in error.exceptions[:_MAX_GROUPED]]
        return self._located(error, "script.runtime", _described(error), details=details)

    def unserializable(self, error: UnserializableError) -> Wire:
        """The script's value has no JSON form."""
        text = _clean(f"the value: {_text_of(error)}")
        return wire_error("script.unserializable", text, hint=_optional_text(error.hint))

    def too_large_value(self, error: TooLargeError) -> Wire:
        """The script's value is over its limit."""
        what, limit = _measure(error)
        allowed = self._limits[limit]
        return limit_error(
            "limit.return_value",
            limit,
            f"the value {what.format(error.used)}, {allowed} are allowed",
            used=error.used,
            allowed=allowed,
            hint="return less: a summary, a count, a file's path",
            line=None,
        )

    def too_large_arguments(self, tool: str, line: int | None, error: TooLargeError) -> Wire:
        """The arguments of a call are over their limit."""
        what, limit = _measure(error)
        limit = "argument_bytes" if limit == "return_bytes" else limit
        allowed = self._limits[limit]
        return limit_error(
            "limit.arguments",
            limit,
            f"the arguments of {tool} {_plural(what).format(error.used)}, {allowed} are allowed",
            used=error.used,
            allowed=allowed,
            hint="pass less: make several calls, or let the tool read the data itself",
            line=line,
        )

    def too_many_steps(self, line: int | None) -> Wire:
        """The script took every step it may."""
        allowed = self._limits["steps"]
        return limit_error(
            "limit.steps",
            "steps",
            f"the script took {allowed} steps, all that it may take",
            used=allowed,
            allowed=allowed,
            hint="loop less: look for a loop that never ends, or let a tool do the work",
            line=line,
        )

    def _recursion(self, error: RecursionError) -> Wire:
        allowed = self._limits["recursion"]
        wire = self._located(error, "limit.recursion", f"the script recursed deeper than {allowed} frames")
        wire["details"] = {"limit": "recursion", "used": allowed, "allowed": allowed}
        wire["hint"] = "use a loop, or make sure that the recursion ends"
        return wire

    def _memory(self, error: MemoryError) -> Wire:
        allowed = self._limits["memory_bytes"]
        used = max(0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - self._idle_rss_bytes)
        wire = self._located(
            error, "limit.memory", f"the script needed more than the {allowed} bytes of memory it may use"
        )
        wire["details"] = {"limit": "memory_bytes", "used": used, "allowed": allowed}
        wire["hint"] = "keep less at a time: filter early, use generators, ask tools for less"
        return wire

    def _tool(self, error: tool_errors.ToolError, code: str) -> Wire:
        wire = self._located(error, code, _clean(_text_of(error)), hint=_optional_text(error.hint))
        wire["retryable"] = error.retryable is True
        try:
            wire["details"] = json.loads(json_text(error.details, max_bytes=_MAX_DETAIL_BYTES, max_depth=20))
        except (UnserializableError, TooLargeError):
            wire["details"] = {}
        return wire

    def _located(
        self,
        error: BaseException,
        code: str,
        message: str,
        *,
        hint: str | None = None,
        details: Mapping[str, object] | None = None,
    ) -> Wire:
        frames = list(_script_frames(error.__traceback__))
        line, column = self._place(frames[-1]) if frames else (None, None)
        traceback = [self._frame(frame) for frame in frames[-MAX_TRACEBACK_LINES:]]
        return wire_error(code, message, hint=hint, line=line, column=column, details=details, traceback=traceback)

    def _frame(self, frame: TracebackType) -> Wire:
        return {
            "line": frame.tb_lineno,
            "function": frame.tb_frame.f_code.co_name[:MAX_LINE_CHARS],
            "text": self._text_at(frame.tb_lineno).strip()[:MAX_LINE_CHARS],
        }

    def _place(self, frame: TracebackType) -> tuple[int, int | None]:
        line = frame.tb_lineno
        text = self._text_at(line).encode()
        start = _start_of(frame)
        if not text or start is None or start > len(text):
            return line, None
        return line, len(text[:start].decode("utf-8", "ignore")) + 1

    def _text_at(self, line: int | None) -> str:
        if self._lines is None or line is None or not 1 <= line <= len(self._lines):
            return ""
        return self._lines[line - 1]


def _script_frames(traceback: TracebackType | None) -> Iterator[TracebackType]:
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == SCRIPT_FILE and traceback.tb_lineno is not None:
            yield traceback
        traceback = traceback.tb_next


def _start_of(frame: TracebackType) -> int | None:
    """Offset in UTF-8 bytes where the failing instruction's source begins, if it is on the failing line."""
    for index, (line, _, start, _) in enumerate(frame.tb_frame.f_code.co_positions()):
        if index == frame.tb_lasti // 2:
            return start if line == frame.tb_lineno else None
    return None


def _measure(error: TooLargeError) -> tuple[str, str]:
    if error.limit == "depth":
        return "is nested {} deep", "return_depth"
    return "takes {} bytes of JSON", "return_bytes"


def _plural(what: str) -> str:
    return what.replace("is ", "are ").replace("takes", "take")


def _name_of(error: BaseException) -> str:
    return str(type.__dict__["__name__"].__get__(type(error)))


def _with_line(error: BaseException) -> str:
    lines = [frame.tb_lineno for frame in _script_frames(error.__traceback__)]
    return f"line {lines[-1]}: {_described(error)}" if lines else _described(error)


def _described(error: BaseException) -> str:
    text = _text_of(error)
    return _clean(f"{_name_of(error)}: {text}" if text else _name_of(error))


def _text_of(error: BaseException) -> str:
    try:
        return plain_text(error)
    except BaseException:  # noqa: BLE001  # the script's own __str__ may raise anything
        return "<its text cannot be read>"


def _optional_text(value: object) -> str | None:
    return _clean(str.__str__(value)) if isinstance(value, str) else None


def _clean(text: str) -> str:
    """Without host paths, without lone surrogates, not too long."""
    text = text[:MAX_MESSAGE_CHARS].encode("utf-8", "backslashreplace").decode()
    for path in _HOST_PATHS:
        text = text.replace(path, "<python>")
    return text
