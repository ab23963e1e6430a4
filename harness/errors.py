"""Every error of the package: one class per reaction, one stable code per cause.

This module is imported by the worker too, so it needs nothing but the standard library.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import ClassVar, Literal

Phase = Literal["detecting", "checking", "running", "finishing"]


@dataclass(frozen=True, slots=True)
class Location:
    """Where in the script an error lies. Lines and columns count from 1, columns in characters."""

    line: int
    column: int = 1
    end_line: int | None = None
    end_column: int | None = None
    excerpt: str = ""


class HarnessError(Exception):
    """Base of every error this package raises. Catch a subclass to react, read `code` to look it up.

    Attributes:
        code: Stable identifier, the anchor in `docs/reference/errors.md`.
        message: One sentence, no trailing period, no host paths.
        hint: What the script's author can change, or None.
        location: Where in the script, or None when no line is at fault.
        retryable: True if the identical request may succeed when sent again.
        phase: "detecting", "checking", "running" or "finishing".
        details: Facts for programs: `limit`, `used`, `allowed`; `exception`; `traceback`; plain JSON data.
    """

    codes: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self,
        code: str,
        message: str,
        *,
        hint: str | None = None,
        location: Location | None = None,
        retryable: bool = False,
        phase: Phase = "running",
        details: Mapping[str, object] | None = None,
    ) -> None:
        if code not in type(self).codes:
            raise ValueError(f"{code!r} is not a code of {type(self).__name__}")
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.hint = hint
        self.location = location
        self.retryable = retryable
        self.phase: Phase = phase
        self.details: dict[str, object] = dict(details or {})

    def __str__(self) -> str:
        place = f"line {self.location.line}: " if self.location else ""
        lines = [f"{place}{self.code}: {self.message}"]
        if self.location and self.location.excerpt:
            lines += _underlined(self.location)
        if self.hint:
            lines.append(f"hint: {self.hint}")
        return "\n".join(lines)

    def to_wire(self) -> dict[str, object]:
        """Return the error as plain JSON data: what a model, the command, MCP and the audit log read."""
        return {
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
            "location": asdict(self.location) if self.location else None,
            "retryable": self.retryable,
            "phase": self.phase,
            "details": self.details,
        }


def _underlined(location: Location) -> list[str]:
    same_line = location.end_line in (None, location.line)
    end = location.end_column if same_line and location.end_column else len(location.excerpt) + 1
    width = max(1, end - location.column)
    return [location.excerpt, " " * (location.column - 1) + "~" * width]


class ScriptError(HarnessError):
    """The script is at fault: change the script."""

    codes = (
        "script.syntax",
        "script.too_large",
        "script.forbidden_syntax",
        "script.forbidden_name",
        "script.forbidden_attribute",
        "script.forbidden_import",
        "script.runtime",
        "script.deadlock",
        "script.unserializable",
        "script.malformed_block",
        "script.truncated",
        "script.not_run",
    )


class CallError(HarnessError):
    """A tool call failed. Inside a script it is raised as `ToolError` or one of its subclasses."""

    codes = (
        "tool.not_found",
        "tool.not_exposed",
        "tool.invalid_arguments",
        "tool.malformed_call",
        "tool.wrong_payload",
        "tool.failed",
        "tool.timeout",
        "tool.cancelled",
        "tool.not_awaited",
        "tool.result_too_large",
    )


class DeniedError(HarnessError):
    """Policy or a person said no."""

    codes = (
        "approval.denied",
        "approval.timeout",
        "approval.aborted",
        "policy.forbidden",
        "sandbox.denied",
    )


class LimitError(HarnessError):
    """A limit was reached: do less. `details` holds `limit`, `used` and `allowed`."""

    codes = (
        "limit.wall_time",
        "limit.cpu_time",
        "limit.steps",
        "limit.memory",
        "limit.recursion",
        "limit.tool_calls",
        "limit.arguments",
        "limit.return_value",
        "limit.output",
    )


class WorkerError(HarnessError):
    """The worker process failed, or broke the protocol and was killed."""

    codes = ("worker.crashed", "worker.protocol", "worker.violation")


class RunError(HarnessError):
    """The run itself: it was cancelled, is no longer there to be resumed, or cannot be kept."""

    codes = ("run.cancelled", "run.lost", "run.crowded")


class SandboxError(HarnessError):
    """A demanded barrier cannot be had on this machine."""

    codes = ("sandbox.unavailable",)


class ConfigError(HarnessError):
    """The configuration is at fault: settings, limits, tools."""

    codes = ("config.invalid", "harness.disabled", "audit.unavailable")


class InternalError(HarnessError):
    """A bug of this package."""

    codes = ("internal.bug",)


CLASSES: tuple[type[HarnessError], ...] = (
    ScriptError,
    CallError,
    DeniedError,
    LimitError,
    WorkerError,
    RunError,
    SandboxError,
    ConfigError,
    InternalError,
)
CLASS_BY_CODE: Mapping[str, type[HarnessError]] = {code: cls for cls in CLASSES for code in cls.codes}


def error_for(
    code: str,
    message: str,
    *,
    hint: str | None = None,
    location: Location | None = None,
    retryable: bool = False,
    phase: Phase = "running",
    details: Mapping[str, object] | None = None,
) -> HarnessError:
    """Build the error of the class that `code` belongs to.

    Raises:
        KeyError: `code` is in no class.
    """
    return CLASS_BY_CODE[code](
        code, message, hint=hint, location=location, retryable=retryable, phase=phase, details=details
    )
