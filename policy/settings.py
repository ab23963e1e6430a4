"""The configuration model, and how its layers merge."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from policy.approval import ApprovalPolicy
from policy.sandbox import NetworkAccess, SandboxPolicy, WorkspaceWrite

Preset = Literal["conservative", "moderate", "generous"]


class Environment(BaseModel):
    """Which variables a command gets.

    Attributes:
        inherit: Names, or globs of names, that are taken over from the host.
        exclude: Globs of names that are never taken over; they win over `inherit`.
        set: Variables that every command gets.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    inherit: tuple[str, ...] = ("HOME", "LANG", "LANGUAGE", "LC_*", "LOGNAME", "PATH", "SHELL", "TERM", "TZ", "USER")
    exclude: tuple[str, ...] = ("*KEY*", "*SECRET*", "*TOKEN*", "*PASSWORD*")
    set: dict[str, str] = Field(default_factory=dict)


class Resources(BaseModel):
    """Ceilings of one command; None is no ceiling.

    Attributes:
        memory_bytes: Memory of one process.
        processes: Processes and threads at once.
        file_bytes: Size of one file that is written.
        cpu_time_s: Processor seconds of one process.
        wall_time_s: Longest that a command may ask for.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    memory_bytes: int | None
    processes: int | None
    file_bytes: int | None
    cpu_time_s: int | None
    wall_time_s: int | None


PRESETS: dict[Preset, Resources] = {
    "conservative": Resources(
        memory_bytes=512 * 1024**2, processes=64, file_bytes=1024**3, cpu_time_s=60, wall_time_s=120
    ),
    "moderate": Resources(
        memory_bytes=2 * 1024**3, processes=256, file_bytes=4 * 1024**3, cpu_time_s=300, wall_time_s=600
    ),
    "generous": Resources(
        memory_bytes=8 * 1024**3, processes=1024, file_bytes=16 * 1024**3, cpu_time_s=None, wall_time_s=3600
    ),
}


class Settings(BaseModel):
    """What decides about calls. Every field has a default; unknown names are errors.

    Attributes:
        approval_policy: When a person is asked: a name, or switches for each kind of question.
        sandbox: What commands and file tools may touch.
        network: What may be reached.
        resources: Ceilings of commands.
        environment: Variables of commands.
        readable: Paths that hold secrets by their name and may be read all the same.
        without: Built-in tools that are left out.
        spawn: Detached commands are offered (`tools.spawn.*`).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    approval_policy: ApprovalPolicy = "on-request"
    sandbox: Annotated[SandboxPolicy, Field(default_factory=WorkspaceWrite)]
    network: NetworkAccess = NetworkAccess()
    resources: Preset = "moderate"
    environment: Environment = Environment()
    readable: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    spawn: bool = False
