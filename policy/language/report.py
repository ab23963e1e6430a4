"""What a check returns: diagnostics, the plan, and the compiled code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import CodeType


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. Lines and columns count from 1, columns in characters; the end is exclusive.

    Attributes:
        code: Stable identifier, an entry of `docs/reference/errors.md`.
        message: One sentence, no trailing period.
        hint: What to change, or None.
        line: Line of the first character.
        column: Column of the first character.
        end_line: Line of the last character.
        end_column: Column behind the last character.
        excerpt: The text of the first line, cut at 200 characters.
    """

    code: str
    message: str
    hint: str | None
    line: int
    column: int
    end_line: int
    end_column: int
    excerpt: str


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """A call of a tool that stands in the script.

    Attributes:
        tool: Name of the tool, as registered.
        line: Line of the call.
        arguments: The arguments by parameter name, or None when not all of them are literal.
    """

    tool: str
    line: int
    arguments: dict[str, object] | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a script can do. `tools` holds at least every tool that a run can call.

    Attributes:
        tools: Names of the reachable tools, sorted.
        calls: The calls that stand in the script, in its order.
    """

    tools: tuple[str, ...]
    calls: tuple[PlannedCall, ...]


@dataclass(frozen=True, slots=True)
class ToolSignature:
    """What the check knows of a tool.

    Attributes:
        name: Name of the tool; dots make namespaces (`spawn.exec`).
        parameters: JSON Schema object; the order of its properties is the order of positional arguments.
        is_exposed: The script may use it.
    """

    name: str
    parameters: Mapping[str, object]
    is_exposed: bool = True


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Every finding of one check, in the order of the script.

    Attributes:
        diagnostics: The findings; a script with one is not run.
        plan: What the script can do, or None when it could not be parsed.
    """

    diagnostics: tuple[Diagnostic, ...]
    plan: Plan | None

    @property
    def ok(self) -> bool:
        """Whether the script may run."""
        return not self.diagnostics


@dataclass(frozen=True, slots=True)
class CompiledScript:
    """A report, and the code when the report is clean.

    Attributes:
        report: What the check found.
        code: A module that defines `guard_names.MAIN`, or None when the script is refused.
    """

    report: CheckReport
    code: CodeType | None
