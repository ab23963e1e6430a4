"""What is wrong with the configuration: every problem at once, each with its file and line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from harness.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        place: The file's path, or "the command line".
        message: What is wrong, without a trailing period.
        line: Of the file, from 1; None when no line is at fault.
        hint: What to do about it, or None.
    """

    place: str
    message: str
    line: int | None = None
    hint: str | None = None

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.line is None else f"{self.place}:{self.line}: {self.message}"


def config_error(problems: Sequence[Problem]) -> ConfigError:
    """Make one error of at least one problem.

    Returns:
        `config.invalid`; `details["problems"]` has `place`, `line`, `message` and `hint` of each.
    """
    details = {"problems": [asdict(problem) for problem in problems]}
    if len(problems) == 1:
        (problem,) = problems
        return ConfigError("config.invalid", str(problem), hint=problem.hint, phase="checking", details=details)
    said = "; ".join(f"{problem} ({problem.hint})" if problem.hint else str(problem) for problem in problems)
    message = f"the configuration has {len(problems)} problems: {said}"
    return ConfigError("config.invalid", message, hint="correct each of them", phase="checking", details=details)
