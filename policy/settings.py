"""The configuration model, and how its layers merge.

From the weakest: defaults, user, project, environment, command line, provider, model. A turn comes last, and only
tightens.

`policy.tightening` holds what a project may change before its folder was trusted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal, TypeAlias, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag

from policy.approval import Granular, NamedPolicy, rejecting
from policy.limits import Limits, Seconds
from policy.mcp import Mcp
from policy.sandbox import NetworkAccess, SandboxPolicy, WorkspaceWrite

Mode = Literal["disabled", "dry-run", "enabled"]
"""From the tightest to the loosest."""
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
        content: Arguments, results and values too, not only names, times and codes.
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


class Overrides(BaseModel):
    """What may differ from provider to provider, from model to model and from turn to turn. Only what is set counts.

    `sandbox` and `network` also take the bare name of a variant, `approval_policy` also `{"reject": {...}}`.

    Attributes:
        mode: "enabled" runs scripts, "dry-run" checks them and says what would be asked, "disabled" refuses them.
        limits: Ceilings of a run.
        expose: Globs of the tools that scripts and structured calls may use.
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

    mode: Mode = "enabled"
    limits: Limits = Limits()
    expose: tuple[str, ...] = ("*",)
    approval_policy: ApprovalSetting = "on-request"
    sandbox: Annotated[SandboxPolicy, _table_of("kind")] = WorkspaceWrite()
    network: Annotated[NetworkAccess, _table_of("mode")] = NetworkAccess()
    resources: Preset = "moderate"
    environment: Environment = Environment()
    readable: tuple[str, ...] = ()
    without: tuple[BuiltInTool, ...] = ()
    spawn: bool = False

    def exposes(self, tool: str, *, is_built_in: bool = False) -> bool:
        """Say whether calls may use a tool of that name."""
        if is_built_in and not self._offers(tool):
            return False
        return any(fnmatchcase(tool, glob) for glob in self.expose)

    def _offers(self, tool: str) -> bool:
        """A built-in tool is there for a provider and a turn although another one does without it."""
        if tool == "http" and self.network.mode == "restricted":
            return False
        return tool not in self.without and (self.spawn or not tool.startswith("spawn."))


class ProviderOverrides(Overrides):
    """What differs for a provider, and for its models.

    Attributes:
        models: By the model's name, or a glob of names.
    """

    models: dict[str, Overrides] = Field(default_factory=dict)


class Settings(Overrides):
    """What decides about scripts and calls. Every field has a default; unknown names are errors.

    Attributes:
        runtime: What executes scripts.
        park_ttl_s: Seconds that a parked run waits to be resumed.
        mcp: The MCP servers.
        telemetry: What spans and metrics carry.
        audit: How the audit record is kept.
        providers: What differs, by the provider's name, or a glob of names.
    """

    runtime: Literal["cpython"] = "cpython"
    park_ttl_s: Seconds = 600
    mcp: Mcp = Mcp()
    telemetry: Telemetry = Telemetry()
    audit: Audit = Audit()
    providers: dict[str, ProviderOverrides] = Field(default_factory=dict)


_Layered = TypeVar("_Layered", bound=Overrides)


def merged(base: _Layered, layer: Overrides) -> _Layered:
    """Put a layer over another one. Only fields that were set in `layer` count.

    `approval_policy`, `sandbox` and `network` are one value each: a layer that sets one says all of it. Of `limits` and
    `environment` each key counts alone, and of `environment.set` each variable; of `mcp.servers` each server; of
    `providers` and `models` each setting of each.
    """
    changes: dict[str, Any] = {name: getattr(layer, name) for name in layer.model_fields_set}
    for name in changes.keys() & _MERGED.keys():
        changes[name] = _MERGED[name](getattr(base, name), changes[name])
    return base.model_copy(update=changes)


def resolved(settings: Settings, *, provider: str | None = None, model: str | None = None) -> Settings:
    """Return what holds for a provider and a model: the model's overrides over the provider's over the rest.

    Globs that match count in the order in which they are written, the exact name most. Overrides may loosen.

    Args:
        settings: Of all layers.
        provider: Its name; None matches no name, and the glob `*`.
        model: As `provider`.
    """
    for_provider = _matching(settings.providers, provider)
    for_model = [item for found in for_provider for item in _matching(found.models, model)]
    for layer in (*(_without_models(found) for found in for_provider), *for_model):
        settings = merged(settings, layer)
    return settings


def widest(settings: Settings) -> Settings:
    """Return what any provider or model may come to at most, as far as it must be known before any run.

    That is: limits, the built-in tools there are, further writable folders, paths that may be read.
    """
    layers: list[Overrides] = []
    for provider in settings.providers.values():
        layers += [provider, *provider.models.values()]
    if not layers:
        return settings
    kept = [frozenset(layer.without) for layer in layers if "without" in layer.model_fields_set]
    sandboxes = [layer.sandbox for layer in (settings, *layers)]
    roots = [root for sandbox in sandboxes if isinstance(sandbox, WorkspaceWrite) for root in sandbox.roots]
    open_ones = [layer.network for layer in (settings, *layers) if layer.network.mode != "restricted"]
    changes = {
        "limits": _widest_limits(settings.limits, [layer.limits for layer in layers]),
        "readable": tuple(dict.fromkeys(path for layer in (settings, *layers) for path in layer.readable)),
        "without": tuple(sorted(frozenset(settings.without).intersection(*kept))),
        "spawn": settings.spawn or any(layer.spawn for layer in layers),
        "network": open_ones[0] if open_ones else settings.network,
        "sandbox": WorkspaceWrite(roots=tuple(dict.fromkeys(roots))) if roots else settings.sandbox,
    }
    return settings.model_copy(update=changes)


def _widest_limits(base: Limits, others: Sequence[Limits]) -> Limits:
    most: dict[str, Any] = {}
    for other in others:
        for name in other.model_fields_set:
            most[name] = max(getattr(other, name), most.get(name, getattr(base, name)))
    return base.model_copy(update=most)


_Named = TypeVar("_Named")


def _matching(named: Mapping[str, _Named], name: str | None) -> list[_Named]:
    """Those whose glob matches, as they are written, and the one of exactly this name last."""
    globs = [value for glob, value in named.items() if glob != name and fnmatchcase(name or "", glob)]
    return [*globs, named[name]] if name is not None and name in named else globs


def _without_models(found: ProviderOverrides) -> Overrides:
    return Overrides.model_construct(
        found.model_fields_set - {"models"}, **{name: getattr(found, name) for name in Overrides.model_fields}
    )


def _merged_limits(base: Limits, layer: Limits) -> Limits:
    return base.model_copy(update={name: getattr(layer, name) for name in layer.model_fields_set})


def _merged_environment(base: Environment, layer: Environment) -> Environment:
    changes: dict[str, Any] = {name: getattr(layer, name) for name in layer.model_fields_set}
    return base.model_copy(update=changes | {"set": base.set | layer.set})


def _merged_mcp(base: Mcp, layer: Mcp) -> Mcp:
    return Mcp(servers={**base.servers, **layer.servers})


def _merged_by_name(base: Mapping[str, _Layered], layer: Mapping[str, _Layered]) -> dict[str, _Layered]:
    """Merge what both name; the layer's names come last, so that its globs count more."""
    kept = {name: value for name, value in base.items() if name not in layer}
    return kept | {name: merged(base[name], value) if name in base else value for name, value in layer.items()}


_MERGED: Mapping[str, Callable[[Any, Any], object]] = {
    "limits": _merged_limits,
    "environment": _merged_environment,
    "mcp": _merged_mcp,
    "providers": _merged_by_name,
    "models": _merged_by_name,
}
"""How a field is merged that is more than one value."""
