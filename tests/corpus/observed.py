"""What can be seen of a script, whichever way it was run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harness import Outcome


@dataclass(frozen=True, slots=True)
class Observed:
    """What a script did, as far as both ways of running it can be compared.

    Attributes:
        value: The value as JSON data; None when the script failed.
        printed: Everything it printed.
        error_type: Name of the type of the exception that nobody caught, or None.
        error_message: `str()` of that exception, or None.
        traceback: Lines of the script that the exception passed, outermost first, as `line function`; the last ten.
    """

    value: Any
    printed: str
    error_type: str | None = None
    error_message: str | None = None
    traceback: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, outcome: Outcome) -> Observed:
        """The part of an outcome that plain CPython has too. An error of ours shows its code as its type."""
        error = outcome.error
        if error is None:
            return cls(outcome.value, outcome.logs)
        kind = str(error.details.get("exception", error.code))
        message = "" if error.message == kind else error.message.removeprefix(f"{kind}: ")
        frames = error.details.get("traceback")
        lines = [f"{frame['line']} {frame['function']}" for frame in frames] if isinstance(frames, list) else []
        return cls(None, outcome.logs, kind, message, lines)
