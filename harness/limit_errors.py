"""The errors of limits that the host notices, each with what was used and what is allowed."""

from __future__ import annotations

from harness.errors import LimitError, Location, Phase


def wall_time_error(used_s: float, allowed_s: float) -> LimitError:
    """The run took longer than it may."""
    return _reached(
        "limit.wall_time",
        "wall_time_s",
        round(used_s, 3),
        allowed_s,
        f"the script ran for {used_s:.2f} s, {allowed_s:g} s are allowed",
        hint="do less in one script, or run slow calls at once with asyncio.gather",
    )


def cpu_time_error(used_s: float, allowed_s: float) -> LimitError:
    """The script used more processor time than it may."""
    return _reached(
        "limit.cpu_time",
        "cpu_time_s",
        round(used_s, 3),
        allowed_s,
        f"the script used {used_s:.2f} s of processor time, {allowed_s:g} s are allowed",
        hint="do less work, or let a tool do it",
    )


def memory_error(used: int, allowed: int) -> LimitError:
    """The script took more memory than it may."""
    return _reached(
        "limit.memory",
        "memory_bytes",
        used,
        allowed,
        f"the script used {used} bytes of memory, {allowed} are allowed",
        hint="keep less at a time: filter early, use generators, ask tools for less",
    )


def tool_calls_error(used: int, allowed: int, location: Location | None = None) -> LimitError:
    """The script started more calls than it may; `location` is that of the first one too many."""
    return _reached(
        "limit.tool_calls",
        "tool_calls",
        used,
        allowed,
        f"the script started {used} calls, {allowed} are allowed",
        hint="ask each tool for more at once, or do the work in several scripts",
        location=location,
    )


def return_value_error(used: int, allowed: int) -> LimitError:
    """The script's value is larger than it may be."""
    return _reached(
        "limit.return_value",
        "return_bytes",
        used,
        allowed,
        f"the value takes {used} bytes of JSON, {allowed} are allowed",
        hint="return less: a summary, a count, a file's path",
        phase="finishing",
    )


def _reached(
    code: str,
    limit: str,
    used: float,
    allowed: float,
    message: str,
    *,
    hint: str,
    location: Location | None = None,
    phase: Phase = "running",
) -> LimitError:
    details = {"limit": limit, "used": used, "allowed": allowed}
    return LimitError(code, message, hint=hint, location=location, phase=phase, details=details)
