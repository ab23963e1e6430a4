"""A command as a call asks for it, and as it is decided: program, folder and environment resolved on the host.

What is decided is kept with the arguments that it was decided from, so that the attempt executes what was judged, and
does not look anything up a second time.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, field_validator, model_validator

from harness.errors import CallError
from harness.tools.builtin.programs import host_path, missing_program, resolve_program, with_folder
from harness.tools.builtin.repositories import Repositories
from harness.tools.builtin.workspace import shown
from policy.commands.builtins import OTHER_SHELLS, SHELLS
from policy.effects import Command
from policy.environment import DEFAULT_PATH, command_environment, is_below
from policy.grants import Grants
from policy.settings import PRESETS, Resources, Settings

MAX_WORD_BYTES = 128 * 1024 - 1
"""Longest argument or variable: MAX_ARG_STRLEN of execve(2), without its null byte."""

MAX_COMMAND_BYTES = 1024**2
"""All arguments and the variables that a call sets: half of what execve(2) takes with the usual stack of 8 MiB."""

Argv: TypeAlias = Annotated[
    list[str],
    Field(description='Program and arguments, one word an item: ["ls", "-l"]. A shell line is ["bash", "-lc", "..."].'),
]
Cwd: TypeAlias = Annotated[str | None, Field(description="Folder to start in, relative to the workspace root.")]
Env: TypeAlias = Annotated[dict[str, str] | None, Field(description="Variables to set, by name.")]
SandboxChoice: TypeAlias = Annotated[
    Literal["default", "unsandboxed"],
    Field(description='"unsandboxed" asks to run without the sandbox; say why in justification.'),
]
Justification: TypeAlias = Annotated[
    str, Field(max_length=1_000, description="Why it is needed: what the user reads when asked.")
]


class CommandRequest(BaseModel):
    """What the arguments of `exec` and `spawn.exec` have in common."""

    model_config = ConfigDict(extra="forbid")
    tool_name: ClassVar[str] = "exec"

    if TYPE_CHECKING:  # the fields stand in the models, in the order in which a call may give them without names
        command: list[str]
        cwd: str | None
        env: dict[str, str] | None
        sandbox: Literal["default", "unsandboxed"]
        justification: str

    _decided: Decided | None = PrivateAttr(default=None)

    @field_validator("command", mode="before", check_fields=False)
    @classmethod
    def _is_no_line(cls, command: object) -> object:
        if isinstance(command, str):
            raise _invalid(
                f"tools.{cls.tool_name}: command is a list of words, not a string",
                f'for a shell line write ["bash", "-lc", {shown(command)}]; without a shell, one word an item',
            )
        return command

    @model_validator(mode="after")
    def _is_executable(self) -> CommandRequest:
        faults = [*_argv_faults(self.command), *_env_faults(self.env or {})]
        if self.cwd is not None and (fault := _text_fault(self.cwd)):
            faults.append((f"cwd {fault}", "give the path of a folder"))
        if faults:
            raise _invalid(f"tools.{self.tool_name}: {faults[0][0]}", faults[0][1])
        return self

    def decided(self, workspace: str, settings: Settings, grants: Grants, *, repositories: Repositories) -> Decided:
        """Resolve what the call asks for. The first answer stays, whatever changes on the disk.

        Args:
            workspace: Resolved path of the workspace.
            settings: As they stand when the call begins.
            grants: What the sandbox policy grants.
            repositories: Those that no command has made.

        Raises:
            CallError: `tool.failed`, there is no such program or folder.
        """
        if self._decided is None:
            self._decided = _decide(self, workspace, settings, grants, repositories)
        return self._decided


@dataclass(frozen=True, slots=True)
class Decided:
    """A command to be executed.

    Attributes:
        command: What is judged.
        program: The file to execute.
        path: The host's PATH that it was looked up on.
        settings: As they stood when the call began.
        grants: As they stood then.
    """

    command: Command
    program: str
    path: str
    settings: Settings
    grants: Grants

    @property
    def resources(self) -> Resources:
        """Ceilings."""
        return PRESETS[self.settings.resources]

    def environment(self) -> dict[str, str]:
        """Make the whole environment of the command."""
        return command_environment(
            os.environ,
            self.settings.environment,
            call=dict(self.command.env),
            path=host_path(self.path, self.grants.writable),
            tmpdir=_granted_tmpdir(os.environ, self.grants),
        )


def _decide(
    request: CommandRequest, workspace: str, settings: Settings, grants: Grants, repositories: Repositories
) -> Decided:
    cwd = _working_folder(request.cwd, workspace)
    reach = with_folder(grants, workspace)
    path = os.environ.get("PATH", DEFAULT_PATH)
    name = request.command[0]
    program, is_from_path = resolve_program(name, cwd=cwd, path=path, grants=reach)
    if program is None:
        raise missing_program(name, cwd=cwd, path=path)
    command = Command(
        argv=tuple(request.command),
        program=program,
        cwd=cwd,
        is_from_path=is_from_path and not _reads_planted_profile(name, reach),
        env=tuple(sorted((request.env or {}).items())),
        is_escalated=request.sandbox == "unsandboxed",
        justification=request.justification,
        has_foreign_repository="git" in " ".join(request.command) and repositories.is_foreign(cwd, reach),
    )
    return Decided(command, program, path, settings, reach)


def _reads_planted_profile(name: str, reach: Grants) -> bool:
    """Say whether a shell may read start files that a command could have written: those of a writable home."""
    home = os.path.realpath(os.environ.get("HOME") or os.path.expanduser("~"))
    return is_below(home, reach.writable) and os.path.basename(name) in SHELLS | OTHER_SHELLS


def _granted_tmpdir(host: Mapping[str, str], grants: Grants) -> str | None:
    named = host.get("TMPDIR")
    if not named:
        return None
    real = os.path.realpath(named)
    return real if grants.may_write(real) else None


def _working_folder(cwd: str | None, workspace: str) -> str:
    """The folder without links. It may lie outside of the workspace: commands may read everything."""
    folder = os.path.realpath(os.path.join(workspace, cwd or "."))
    if os.path.isdir(folder):
        return folder
    if os.path.exists(folder):
        raise CallError(
            "tool.failed", f"cwd {shown(cwd or '.')} is a file, not a folder", hint="name the folder it is in"
        )
    raise CallError(
        "tool.failed", f"there is no folder {shown(cwd or '.')} to run in", hint=_nearest(cwd or ".", folder)
    )


def _nearest(cwd: str, folder: str) -> str:
    parent, last = os.path.split(folder)
    folders: list[str] = []
    with suppress(OSError), os.scandir(parent) as entries:
        folders = [entry.name for entry in entries if entry.is_dir() and entry.name.isprintable()]
    near = difflib.get_close_matches(last, folders, n=1, cutoff=0.5)
    if near:
        return f"did you mean {shown(os.path.join(os.path.dirname(cwd.rstrip('/')), near[0]))}?"
    return "cwd is relative to the workspace root; look with tools.list_dir()"


def _argv_faults(argv: list[str]) -> list[tuple[str, str]]:
    if not argv or not argv[0]:
        return [("command names no program", 'the first item is the program: ["ls", "-l"]')]
    named = [(f"command[{at}] {fault}", _WORD_HINT) for at, word in enumerate(argv) if (fault := _text_fault(word))]
    total = sum(len(word.encode("utf-8", "replace")) + 1 for word in argv)
    if not named and total > MAX_COMMAND_BYTES:
        return [(f"command has {total:,} bytes, {MAX_COMMAND_BYTES:,} are allowed", _WORD_HINT)]
    return named


def _env_faults(env: Mapping[str, str]) -> list[tuple[str, str]]:
    for name, value in env.items():
        if not name or "=" in name or _text_fault(name):
            return [(f"env: {shown(name)} cannot be the name of a variable", 'names are like "LC_ALL"')]
        if fault := _text_fault(f"{name}={value}"):
            return [(f"env[{shown(name)}] {fault}", _WORD_HINT)]
    total = sum(len(name.encode()) + len(value.encode()) + 2 for name, value in env.items())
    if total > MAX_COMMAND_BYTES:
        return [(f"env has {total:,} bytes, {MAX_COMMAND_BYTES:,} are allowed", _WORD_HINT)]
    return []


_WORD_HINT = "write what is long or binary to a file of the workspace, and pass its path"


def _text_fault(text: str) -> str | None:
    """Say what keeps a text from being an argument of execve(2)."""
    if "\0" in text:
        return "holds a null byte"
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        return "holds characters that are not valid Unicode"
    return f"has {size:,} bytes, {MAX_WORD_BYTES:,} are allowed" if size > MAX_WORD_BYTES else None


def _invalid(message: str, hint: str) -> CallError:
    return CallError("tool.invalid_arguments", message, hint=hint, details={"problems": [message]})
