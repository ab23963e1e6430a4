"""What a script catches when a tool says no."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.errors import CallError, DeniedError

CODES = frozenset(CallError.codes + DeniedError.codes)


class ToolError(Exception):
    """A tool call failed.

    Attributes:
        code: Stable identifier of the cause.
        message: What went wrong, in one sentence.
        hint: What to change, or None.
        retryable: True if the identical call may succeed when made again.
        details: Plain data, by cause.
    """

    def __init__(
        self,
        message: object = "",
        *,
        code: str = "tool.failed",
        hint: str | None = None,
        retryable: bool = False,
        details: object = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.hint = hint
        self.retryable = retryable
        self.details = {} if details is None else details


class ToolDenied(ToolError):
    """Policy or a person said no."""


class ToolNotFound(ToolError):
    """There is no such tool here."""


class ToolInvalidArguments(ToolError):
    """The arguments do not fit the tool."""


class ToolTimeout(ToolError):
    """The tool took too long."""


CLASSES: tuple[type[ToolError], ...] = (
    ToolError,
    ToolDenied,
    ToolNotFound,
    ToolInvalidArguments,
    ToolTimeout,
)
for _class in CLASSES:
    _class.__module__ = "builtins"  # where a script finds them, and what their repr says

_BY_CODE: dict[str, type[ToolError]] = {
    "tool.not_found": ToolNotFound,
    "tool.not_exposed": ToolNotFound,
    "tool.invalid_arguments": ToolInvalidArguments,
    "tool.malformed_call": ToolInvalidArguments,
    "tool.wrong_payload": ToolInvalidArguments,
    "tool.timeout": ToolTimeout,
}


def tool_error(wire: Mapping[str, Any]) -> ToolError:
    """Build the exception for an error that the host sent."""
    code = wire["code"]
    denied = ToolDenied if code in DeniedError.codes else ToolError
    return _BY_CODE.get(code, denied)(
        wire["message"],
        code=code,
        hint=wire.get("hint"),
        retryable=wire.get("retryable") is True,
        details=wire.get("details"),
    )
