"""What a call would do to the world: the facts that approval, sandbox and rules decide about.

A tool states the effect of a call from validated arguments, after the host has resolved paths and programs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Reads:
    """Reads what may be read; the tool itself refuses the rest when it opens a path."""

    kind: Literal["reads"] = field(default="reads", init=False)


@dataclass(frozen=True, slots=True)
class Writes:
    """Changes files.

    Attributes:
        paths: Absolute, links of their folders resolved; None when the tool cannot say where it writes.
    """

    paths: tuple[str, ...] | None = None
    kind: Literal["writes"] = field(default="writes", init=False)


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it would be executed.

    Attributes:
        argv: As the call gave it.
        program: Absolute path of the file that argv[0] was resolved to, or None when there is no such program.
        is_from_path: The program is what the host's own PATH gives for its base name, outside every writable folder.
            A rule or a list that says "git" means such a program, not a file of that name elsewhere.
        cwd: Absolute folder it starts in.
        env: Variables that the call sets, by name.
        is_escalated: The call asks to leave the sandbox.
        justification: Why the call says it is needed, "" if it does not.
        has_foreign_repository: In its folder, git would read settings that a command could have written, and run the
            programs that they name.
    """

    argv: tuple[str, ...]
    program: str | None
    cwd: str
    is_from_path: bool = False
    env: tuple[tuple[str, str], ...] = ()
    is_escalated: bool = False
    justification: str = ""
    has_foreign_repository: bool = False


@dataclass(frozen=True, slots=True)
class Executes:
    """Runs a program.

    Attributes:
        command: The command, or None when the tool runs something of its own, outside of the command sandbox.
    """

    command: Command | None = None
    kind: Literal["executes"] = field(default="executes", init=False)


@dataclass(frozen=True, slots=True)
class Reaches:
    """Talks to another machine.

    Attributes:
        hosts: Lower-case names or addresses, with ":port" unless it is the scheme's own; None when it cannot say.
    """

    hosts: tuple[str, ...] | None = None
    kind: Literal["reaches"] = field(default="reaches", init=False)


Effect: TypeAlias = Reads | Writes | Executes | Reaches


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a tool comes from, as far as decisions depend on it.

    Attributes:
        is_foreign: An MCP server provides it.
        is_trusted: The user trusts that server, so that its own word "read-only" counts.
        is_destructive: It says that it destroys.
    """

    is_foreign: bool = False
    is_trusted: bool = False
    is_destructive: bool = False


OWN = Origin()
__all__ = ["OWN", "Command", "Effect", "Executes", "Origin", "Reaches", "Reads", "Writes"]
