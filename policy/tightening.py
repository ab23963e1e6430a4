"""What a project's settings may change before the user trusted its folder, and a turn's own: they may only tighten.

Tighter is defined field by field, by what runs without anybody's consent (tests/property/test_settings.py):

- `mode`: disabled, dry-run, enabled. `limits`: lower. `expose`: less.
- `approval_policy`: of each kind of call, run is looser than ask, and ask looser than forbid. on-failure is looser than
  on-request, that looser than unless-trusted and never. unless-trusted and never do not compare: one asks about what
  the other runs in the sandbox, and forbids nothing. Switches are tighter the more of them are off; never is all of
  them off, on-failure all of them on.
- `sandbox`: read-only, workspace-write, external-sandbox, danger-full-access; less of its roots.
- `network`: restricted, limited, full; less of its hosts and private ranges.
- `resources`: conservative, moderate, generous.
- `environment`: less of `inherit`, more of `exclude`; `set` can steer any program, so nothing is added to it.
- `readable`: less. `without`: more. `spawn`: off. `park_ttl_s`: shorter.
- `mcp`: no server is added or changed, since a server is a program that is started; trust in one may be taken back.
- `telemetry.content`: off. `audit.fsync`: always, decisions, never. `runtime`: the same.
- `providers`: nothing is applied. Which of several globs counts more would have to be compared, too.
"""

from __future__ import annotations

import ipaddress
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from itertools import product
from typing import Any, TypeAlias, get_args

from policy.approval import ApprovalPolicy, Granular
from policy.limits import Limits
from policy.mcp import Mcp
from policy.sandbox import NetworkAccess, SandboxPolicy, WorkspaceWrite
from policy.settings import (
    PRESETS,
    Audit,
    Environment,
    Fsync,
    Mode,
    Overrides,
    Preset,
    ProviderOverrides,
    Settings,
    Telemetry,
)

Refused: TypeAlias = list[str]
Covers: TypeAlias = Callable[[str, str], bool]

_SANDBOXES = ("read-only", "workspace-write", "external-sandbox", "danger-full-access")
_MODES = ("restricted", "limited", "full")
_SCRIPT_MODES: tuple[Mode, ...] = get_args(Mode)
_FSYNCS: tuple[Fsync, ...] = get_args(Fsync)
_RUN, _ASK, _FORBID = 0, 1, 2
_MAGIC = frozenset("*?[")


def tightened(base: Settings, project: Settings) -> tuple[Settings, tuple[str, ...]]:
    """Apply what tightens, and nothing that loosens.

    Args:
        base: The settings so far.
        project: Of an untrusted project; only fields that were set count.

    Returns:
        The settings, none looser than in `base`, and a note about each thing that was not applied.
    """
    settings, refused = tighter_of(base, project)
    notes = tuple(f"{item}: not applied before `toolscript trust` was run for the project" for item in refused)
    return settings, notes


def tighter_of(base: Settings, asked: Overrides) -> tuple[Settings, tuple[str, ...]]:
    """Apply what tightens, as `tightened`, and return what would loosen without a word about trust.

    Args:
        base: The settings so far.
        asked: Of a turn; only fields that were set count.
    """
    changes: dict[str, object] = {}
    refused: Refused = []
    for name in Settings.model_fields:
        if name in asked.model_fields_set:
            changes[name], beyond = TIGHTER[name](getattr(base, name), getattr(asked, name))
            refused += beyond
    return base.model_copy(update=changes), tuple(refused)


def is_tighter_or_equal(one: ApprovalPolicy, other: ApprovalPolicy) -> bool:
    """Say whether `one` runs or asks nothing that `other` asks or forbids."""
    return all(mine >= theirs for mine, theirs in zip(_strictness(one), _strictness(other), strict=True))


def _strictness(policy: ApprovalPolicy) -> tuple[int, ...]:
    """What is done of: a write inside, a sandboxed command, each kind of question, a retry without the sandbox."""
    if policy == "never":
        return (_RUN, _RUN, _FORBID, _FORBID, _FORBID, _FORBID, _FORBID)
    if policy == "unless-trusted":  # it retries too, but what it retries a person had seen, or only reads
        return (_ASK, _ASK, _ASK, _ASK, _ASK, _ASK, _FORBID)
    if isinstance(policy, Granular):
        switches = (policy.sandbox_approval, policy.rules, policy.request_permissions, policy.mcp_elicitations)
        asked = [_ASK if is_on else _FORBID for is_on in switches]
        return (_RUN, _RUN, *asked, asked[0])
    return (_RUN, _RUN, _ASK, _ASK, _ASK, _ASK, _ASK if policy == "on-failure" else _FORBID)


def _approval_policy(base: ApprovalPolicy, asked: ApprovalPolicy) -> tuple[ApprovalPolicy, Refused]:
    if isinstance(base, Granular) and isinstance(asked, Granular):
        both = {name: getattr(base, name) and getattr(asked, name) for name in Granular.model_fields}
        raised = [name for name in sorted(asked.model_fields_set) if getattr(asked, name) and not both[name]]
        return Granular(**both), [f"`approval_policy.{name}` would allow questions that are off" for name in raised]
    if is_tighter_or_equal(base, asked):
        said = [_looser("approval_policy", _named(asked), _named(base))]
        return base, [] if is_tighter_or_equal(asked, base) else said
    if is_tighter_or_equal(asked, base):
        return asked, []
    return base, [f"`approval_policy` {_named(asked)} is in some cases looser than {_named(base)}"]


def _named(policy: ApprovalPolicy) -> str:
    return "with switches" if isinstance(policy, Granular) else f'"{policy}"'


def _looser(name: str, asked: str, base: str) -> str:
    return f"`{name}` {asked} is looser than {base}"


def _sandbox(base: SandboxPolicy, asked: SandboxPolicy) -> tuple[SandboxPolicy, Refused]:
    if isinstance(base, WorkspaceWrite) and isinstance(asked, WorkspaceWrite):
        return _workspace_write(base, asked)
    if _SANDBOXES.index(asked.kind) <= _SANDBOXES.index(base.kind):
        return asked, []
    return base, [_looser("sandbox", f'"{asked.kind}"', f'"{base.kind}"')]


def _workspace_write(base: WorkspaceWrite, asked: WorkspaceWrite) -> tuple[WorkspaceWrite, Refused]:
    roots, outside = _less(base.roots, asked.roots, _is_path_above)
    refused = [f"`sandbox.roots` {item!r} is not writable so far" for item in outside]
    switches = [name for name in ("tmp", "tmpdir") if name in asked.model_fields_set]
    refused += [f"`sandbox.{name}` is off so far" for name in switches if getattr(asked, name) > getattr(base, name)]
    changed = WorkspaceWrite(roots=roots, tmp=base.tmp and asked.tmp, tmpdir=base.tmpdir and asked.tmpdir)
    return changed, refused


def _network(base: NetworkAccess, asked: NetworkAccess) -> tuple[NetworkAccess, Refused]:
    if _MODES.index(asked.mode) > _MODES.index(base.mode):
        refused = [_looser("network", f'"{asked.mode}"', f'"{base.mode}"')]
    else:
        refused = []
    mode = min(base.mode, asked.mode, key=_MODES.index)
    hosts, outside = _hosts(base, asked) if mode == "limited" else ((), ())
    refused += [f"`network.hosts` {item!r} is not reachable so far" for item in outside]
    private, outside = _less(base.private, asked.private, _is_range_above)
    refused += [f"`network.private` {item!r} is not reachable so far" for item in outside]
    return NetworkAccess(mode=mode, hosts=hosts, private=private), refused


def _hosts(base: NetworkAccess, asked: NetworkAccess) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if base.mode == "full":
        return asked.hosts, ()
    return (base.hosts, ()) if asked.mode == "full" else _less(base.hosts, asked.hosts, _is_host_above)


def _is_host_above(pattern: str, other: str) -> bool:
    pattern, other = pattern.lower(), other.lower()
    if not pattern.startswith("*."):
        return pattern == other
    end = pattern[1:]
    return other == pattern or (other.removeprefix("*").endswith(end) and other != end)


def _is_path_above(folder: str, path: str) -> bool:
    folder, path = posixpath.normpath(folder), posixpath.normpath(path)
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _is_range_above(wide: str, narrow: str) -> bool:
    try:
        outer, inner = ipaddress.ip_network(wide, strict=False), ipaddress.ip_network(narrow, strict=False)
    except ValueError:
        return wide == narrow
    if isinstance(outer, ipaddress.IPv4Network) and isinstance(inner, ipaddress.IPv4Network):
        return inner.subnet_of(outer)
    if isinstance(outer, ipaddress.IPv6Network) and isinstance(inner, ipaddress.IPv6Network):
        return inner.subnet_of(outer)
    return False


def _is_glob_above(pattern: str, other: str) -> bool:
    """Of two globs, those with one star are compared; of others nobody can say quickly which one takes in which."""
    if pattern == other or not set(other) & _MAGIC:
        return pattern == other or fnmatchcase(other, pattern)
    ends, other_ends = _ends_of(pattern), _ends_of(other)
    if ends is None:
        return False
    if other_ends is None:
        return not ends[1] and other.startswith(ends[0])
    return other_ends[0].startswith(ends[0]) and other_ends[1].endswith(ends[1])


def _ends_of(glob: str) -> tuple[str, str] | None:
    """What stands before and behind the only star of a glob; None if there is more magic in it, or none."""
    before, star, behind = glob.partition("*")
    return (before, behind) if star and not set(before + behind) & _MAGIC else None


def _less_globs(base: Iterable[str], asked: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """As `_less`. What two globs have in common is said by other globs where neither takes in the other.

    Without them it would matter in which order globs come.
    """
    base, asked = tuple(base), tuple(asked)
    kept, beyond = _less(base, asked, _is_glob_above)
    common = (glob for wide, other in product(base, asked) for glob in _common(wide, other))
    further = (glob for glob in common if not any(_is_glob_above(wide, glob) for wide in kept))
    return tuple(dict.fromkeys((*kept, *further))), beyond


def _common(one: str, other: str) -> Iterator[str]:
    """Yield globs for the names that two globs with one star have in common, if neither takes in the other."""
    ends, other_ends = _ends_of(one), _ends_of(other)
    if ends is None or other_ends is None or _is_glob_above(one, other) or _is_glob_above(other, one):
        return
    before, behind = max(ends[0], other_ends[0], key=len), max(ends[1], other_ends[1], key=len)
    if not all(before.startswith(b) and behind.endswith(e) for b, e in (ends, other_ends)):
        return
    yield f"{before}*{behind}"
    for overlap in range(1, min(len(before), len(behind)) + 1):  # read_* and *_file: read_file
        name = before + behind[overlap:]
        if before.endswith(behind[:overlap]) and fnmatchcase(name, one) and fnmatchcase(name, other):
            yield name


def _resources(base: Preset, asked: Preset) -> tuple[Preset, Refused]:
    order = list(PRESETS)
    if order.index(asked) <= order.index(base):
        return asked, []
    return base, [_looser("resources", f'"{asked}"', f'"{base}"')]


def _environment(base: Environment, asked: Environment) -> tuple[Environment, Refused]:
    changes: dict[str, object] = {}
    refused: Refused = []
    if "inherit" in asked.model_fields_set:
        changes["inherit"], outside = _less_globs(base.inherit, asked.inherit)
        refused += [f"`environment.inherit` {item!r} is not taken over so far" for item in outside]
    if "exclude" in asked.model_fields_set:
        changes["exclude"] = _more(base.exclude, asked.exclude)
    steering = sorted(name for name, value in asked.set.items() if base.set.get(name) != value)
    refused += [f"`environment.set.{name}` could steer programs" for name in steering]
    return base.model_copy(update=changes), refused


def _readable(base: tuple[str, ...], asked: tuple[str, ...]) -> tuple[tuple[str, ...], Refused]:
    kept, outside = _less(base, asked, _is_readable_above)
    return kept, [f"`readable` {item!r} may not be read so far" for item in outside]


def _is_readable_above(folder: str, path: str) -> bool:
    """Paths below `~`, `/` and the workspace are not compared with each other, and none that climbs."""
    if ".." in (*folder.split("/"), *path.split("/")):
        return folder == path
    return _is_path_above(folder, path)


def _without(base: tuple[str, ...], asked: tuple[str, ...]) -> tuple[tuple[str, ...], Refused]:
    return _more(base, asked), []


def _spawn(base: bool, asked: bool) -> tuple[bool, Refused]:
    return base and asked, ["`spawn` is off so far"] if asked and not base else []


def _mode(base: Mode, asked: Mode) -> tuple[Mode, Refused]:
    if _SCRIPT_MODES.index(asked) <= _SCRIPT_MODES.index(base):
        return asked, []
    return base, [_looser("mode", f'"{asked}"', f'"{base}"')]


def _limits(base: Limits, asked: Limits) -> tuple[Limits, Refused]:
    beyond = base.loosened_by(asked)
    refused = [_looser(f"limits.{name}", f"{getattr(asked, name):g}", f"{getattr(base, name):g}") for name in beyond]
    return base.tightened(asked), refused


def _expose(base: tuple[str, ...], asked: tuple[str, ...]) -> tuple[tuple[str, ...], Refused]:
    kept, outside = _less_globs(base, asked)
    return kept, [f"`expose` {item!r} is not exposed so far" for item in outside]


def _runtime(base: str, asked: str) -> tuple[str, Refused]:
    return base, [] if asked == base else [f"`runtime` is {base!r} so far"]


def _providers(
    base: Mapping[str, ProviderOverrides], asked: Mapping[str, ProviderOverrides]
) -> tuple[Mapping[str, ProviderOverrides], Refused]:
    return base, [f"`providers.{name}` is changed" for name in sorted(asked) if asked[name] != base.get(name)]


def _park_ttl_s(base: float, asked: float) -> tuple[float, Refused]:
    return min(base, asked), [_looser("park_ttl_s", f"{asked:g}", f"{base:g}")] if asked > base else []


def _mcp(base: Mcp, asked: Mcp) -> tuple[Mcp, Refused]:
    servers = dict(base.servers)
    refused: Refused = []
    for name, server in sorted(asked.servers.items()):
        known = base.servers.get(name)
        if known is not None and server == known.model_copy(update={"trusted": server.trusted and known.trusted}):
            servers[name] = server
        else:
            changed = "is changed" if known else "is added"
            refused.append(f"`mcp.servers.{name}` {changed}, and a server is a program that is started or called")
    return Mcp(servers=servers), refused


def _telemetry(base: Telemetry, asked: Telemetry) -> tuple[Telemetry, Refused]:
    is_looser = asked.content and not base.content
    return Telemetry(content=base.content and asked.content), (
        ["`telemetry.content` is off so far"] if is_looser else []
    )


def _audit(base: Audit, asked: Audit) -> tuple[Audit, Refused]:
    if _FSYNCS.index(asked.fsync) <= _FSYNCS.index(base.fsync):
        return asked, []
    return base, [_looser("audit.fsync", f'"{asked.fsync}"', f'"{base.fsync}"')]


def _more(base: Iterable[str], asked: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*base, *asked)))


def _less(base: Iterable[str], asked: Iterable[str], is_above: Covers) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what both take in, and what of `asked` reaches beyond `base`."""
    base, asked = tuple(base), tuple(asked)
    beyond = tuple(item for item in asked if not any(is_above(wide, item) for wide in base))
    kept = [item for item in base if any(is_above(wide, item) for wide in asked)]
    return tuple(dict.fromkeys((*kept, *(item for item in asked if item not in beyond)))), beyond


TIGHTER: Mapping[str, Callable[[Any, Any], tuple[object, Refused]]] = {
    "mode": _mode,
    "limits": _limits,
    "expose": _expose,
    "approval_policy": _approval_policy,
    "sandbox": _sandbox,
    "network": _network,
    "resources": _resources,
    "environment": _environment,
    "readable": _readable,
    "without": _without,
    "spawn": _spawn,
    "runtime": _runtime,
    "park_ttl_s": _park_ttl_s,
    "mcp": _mcp,
    "telemetry": _telemetry,
    "audit": _audit,
    "providers": _providers,
}
"""How each setting is tightened: (so far, asked) -> (the tighter of both, what was refused)."""
