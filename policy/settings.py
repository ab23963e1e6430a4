"""The configuration model, and how its layers merge: defaults, user, project, command line.

`policy.tightening` holds what a project may change before its folder was trusted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag

from policy.approval import Granular, NamedPolicy, rejecting
from policy.limits import Seconds
from policy.mcp import Mcp
from policy.sandbox import NetworkAccess, SandboxPolicy, WorkspaceWrite

Preset = Literal["conservative", "moderate", "generous"]
Fsync = Literal["always", "decisions", "never"]
"""From the tightest to the loosest."""
BuiltInTool = Literal[
    "apply_patch", "edit_file", "exec", "file_search", "grep_files", "http", "list_dir", "read_file", "write_file"
]


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
"""From the tightest to the loosest."""


def _granular_of_reject(value: object) -> object:
    """Read `{reject = {...}}`, the older spelling, which names what may not be asked."""
    if not isinstance(value, Mapping) or "reject" not in value:
        return value
    switches = value["reject"]
    if len(value) > 1 or not isinstance(switches, Mapping):
        raise ValueError("reject is a table of switches, and stands alone")
    for name, rejected in switches.items():
        if name not in Granular.model_fields:
            raise ValueError(f"reject has no switch {name!r}; there are {', '.join(Granular.model_fields)}")
        if not isinstance(rejected, bool):
            raise ValueError(f"reject.{name} is neither true nor false")
    return rejecting(switches)


def _spelling_of_approval(value: object) -> str:
    return "switches" if isinstance(value, (Mapping, Granular)) else "name"


def _table_of(key: str) -> BeforeValidator:
    """Accept the bare name of a variant where a table could stand."""
    return BeforeValidator(lambda value: {key: value} if isinstance(value, str) else value)


ApprovalSetting: TypeAlias = Annotated[
    Annotated[NamedPolicy, Tag("name")] | Annotated[Granular, Tag("switches")],
    Discriminator(_spelling_of_approval),
    BeforeValidator(_granular_of_reject),
]


class Telemetry(BaseModel):
    """What spans and metrics carry.

    Attributes:
        content: Arguments, results and scripts too, not only names, times and codes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    content: bool = False


class Audit(BaseModel):
    """How the audit record is kept.

    Attributes:
        fsync: After which records the disk is waited for: "always", after "decisions", or "never".
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    fsync: Fsync = "never"


class Settings(BaseModel):
    """What decides about calls. Every field has a default; unknown names are errors.

    `sandbox` and `network` also take the bare name of a variant, `approval_policy` also `{"reject": {...}}`.

    Attributes:
        approval_policy: When a person is asked: a name, or switches for each kind of question.
        sandbox: What commands and file tools may touch.
        network: What may be reached.
        resources: Ceilings of commands.
        environment: Variables of commands.
        readable: Paths that hold secrets by their name and may be read all the same.
        without: Built-in tools that are left out.
        spawn: Detached commands are offered (`tools.spawn.*`).
        park_ttl_s: Seconds that a parked run waits to be resumed.
        mcp: The MCP servers.
        telemetry: What spans and metrics carry.
        audit: How the audit record is kept.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    approval_policy: ApprovalSetting = "on-request"
    sandbox: Annotated[SandboxPolicy, _table_of("kind")] = WorkspaceWrite()
    network: Annotated[NetworkAccess, _table_of("mode")] = NetworkAccess()
    resources: Preset = "moderate"
    environment: Environment = Environment()
    readable: tuple[str, ...] = ()
    without: tuple[BuiltInTool, ...] = ()
    spawn: bool = False
    park_ttl_s: Seconds = 600
    mcp: Mcp = Mcp()
    telemetry: Telemetry = Telemetry()
    audit: Audit = Audit()


def merged(base: Settings, layer: Settings) -> Settings:
    """Put a layer over another one. Only fields that were set in `layer` count.

    `approval_policy`, `sandbox` and `network` are one value each: a layer that sets one says all of it. Of
    `environment` each key counts alone, and of `environment.set` each variable; of `mcp.servers` each server.
    """
    changes: dict[str, Any] = {name: getattr(layer, name) for name in layer.model_fields_set}
    if "environment" in changes:
        changes["environment"] = _merged_environment(base.environment, layer.environment)
    if "mcp" in changes:
        changes["mcp"] = Mcp(servers={**base.mcp.servers, **layer.mcp.servers})
    return base.model_copy(update=changes)


def _merged_environment(base: Environment, layer: Environment) -> Environment:
    changes: dict[str, Any] = {name: getattr(layer, name) for name in layer.model_fields_set}
    return base.model_copy(update=changes | {"set": base.set | layer.set})
