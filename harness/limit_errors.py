"""The errors of limits that the host notices, each with what was used and what is allowed."""

from __future__ import annotations

from harness.errors import LimitError, Location


def wall_time_error(used_s: float, allowed_s: float) -> LimitError:
    """The run took longer than it may."""
    return LimitError(
        "limit.wall_time",
        f"the script ran for {used_s:.2f} s, {allowed_s:g} s are allowed",
        hint="do less in one script, or run slow calls at once with asyncio.gather",
        details={"limit": "wall_time_s", "used": round(used_s, 3), "allowed": allowed_s},
    )


def cpu_time_error(used_s: float, allowed_s: float) -> LimitError:
    """The script used more processor time than it may."""
    return LimitError(
        "limit.cpu_time",
        f"the script used {used_s:.2f} s of processor time, {allowed_s:g} s are allowed",
        hint="do less work, or let a tool do it",
        details={"limit": "cpu_time_s", "used": round(used_s, 3), "allowed": allowed_s},
    )


def memory_error(used: int, allowed: int) -> LimitError:
    """The script took more memory than it may."""
    return LimitError(
        "limit.memory",
        f"the script used {used} bytes of memory, {allowed} are allowed",
        hint="keep less at a time: filter early, use generators, ask tools for less",
        details={"limit": "memory_bytes", "used": used, "allowed": allowed},
    )


def tool_calls_error(used: int, allowed: int, location: Location | None = None) -> LimitError:
    """The script started more calls than it may."""
    return LimitError(
        "limit.tool_calls",
        f"the script started {used} calls, {allowed} are allowed",
        hint="ask each tool for more at once, or do the work in several scripts",
        location=location,
        details={"limit": "tool_calls", "used": used, "allowed": allowed},
    )


def return_value_error(used: int, allowed: int) -> LimitError:
    """The script's value is larger than it may be."""
    return LimitError(
        "limit.return_value",
        f"the value takes {used} bytes of JSON, {allowed} are allowed",
        hint="return less: a summary, a count, a file's path",
        phase="finishing",
        details={"limit": "return_bytes", "used": used, "allowed": allowed},
    )
