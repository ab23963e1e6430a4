"""A project that nobody trusts may only tighten, in whatever order it is asked."""

from __future__ import annotations

from itertools import product
from posixpath import join, normpath
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from policy.approval import (
    ApprovalPolicy,
    Forbidden,
    Granular,
    NeedsApproval,
    Requirement,
    Skip,
    requirement,
    wants_retry,
)
from policy.commands.verdict import CommandVerdict, MatchedRule
from policy.effects import Command, Executes, Origin, Reaches, Reads, Writes
from policy.limits import Limits
from policy.mcp import Mcp, McpServer
from policy.sandbox import DangerFullAccess, ExternalSandbox, NetworkAccess, ReadOnly, WorkspaceWrite, grants
from policy.settings import (
    PRESETS,
    Audit,
    Environment,
    Overrides,
    ProviderOverrides,
    Settings,
    Telemetry,
    merged,
    resolved,
    widest,
)
from policy.tightening import TIGHTER, is_tighter_or_equal, tightened, tighter_of

NAMED: tuple[ApprovalPolicy, ...] = ("never", "on-failure", "on-request", "unless-trusted")
SWITCHES = [
    Granular(**dict(zip(Granular.model_fields, values, strict=True))) for values in product((True, False), repeat=4)
]
FOLDERS = ("/a", "/a/b", "/a/b/c", "/ab", "/d", "/")
HOSTS = ("example.org", "*.example.org", "a.example.org", "*.a.example.org", "b.a.example.org", "example.org:81", "x.y")
RANGES = ("10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "127.0.0.1", "::1", "fc00::/7", "fc00::1")
ADDRESSES = ("10.1.2.3", "10.9.9.9", "127.0.0.1", "::1", "fc00::1")
NAMES = ("*", "LC_*", "LC_ALL", "LC_A*", "HOME", "PATH")
READABLE = (".env", "config", "config/.env", "other/", "/config", "~/../config", "config/../.env")


def some(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=3, unique=True).map(tuple)


workspace_writes = st.builds(WorkspaceWrite, roots=some(FOLDERS), tmp=st.booleans(), tmpdir=st.booleans())
sandboxes = st.one_of(
    st.sampled_from([ReadOnly(), DangerFullAccess(), ExternalSandbox(), WorkspaceWrite()]), workspace_writes
)
networks = st.builds(
    NetworkAccess, mode=st.sampled_from(["restricted", "limited", "full"]), hosts=some(HOSTS), private=some(RANGES)
)
environments = st.fixed_dictionaries(
    {},
    optional={
        "inherit": some(NAMES),
        "exclude": some(NAMES),
        "set": st.dictionaries(st.sampled_from(["A", "B"]), st.sampled_from(["1", "2"])),
    },
).map(lambda fields: Environment(**fields))
MODES = ["disabled", "dry-run", "enabled"]
FSYNCS = ["always", "decisions", "never"]
servers = st.builds(McpServer, command=st.sampled_from(["a", "b"]), trusted=st.booleans())
limits = st.fixed_dictionaries(
    {}, optional={"steps": st.integers(1, 9), "tool_calls": st.integers(0, 9), "wall_time_s": st.floats(1, 99)}
).map(lambda fields: Limits(**fields))
TOOLS = ("read_file", "read_dir", "exec", "mcp.a.b", "other")
OVERRIDES: dict[str, st.SearchStrategy[Any]] = {
    "mode": st.sampled_from(MODES),
    "limits": limits,
    "expose": some(("*", "read_*", "read_file", "*_file", "exec", "mcp.*", "mcp.a.b")),
    "approval_policy": st.sampled_from([*NAMED, *SWITCHES]),
    "sandbox": sandboxes,
    "network": networks,
    "resources": st.sampled_from(list(PRESETS)),
    "environment": environments,
    "readable": some(READABLE),
    "without": some(("exec", "http", "read_file")),
    "spawn": st.booleans(),
}
overrides = st.fixed_dictionaries({}, optional=OVERRIDES).map(lambda fields: Overrides(**fields))
PROVIDERS = ("one", "o*", "*", "two")
providers = st.dictionaries(
    st.sampled_from(PROVIDERS),
    st.fixed_dictionaries(
        {}, optional={**OVERRIDES, "models": st.dictionaries(st.sampled_from(PROVIDERS), overrides, max_size=2)}
    ).map(lambda fields: ProviderOverrides(**fields)),
    max_size=2,
)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    **OVERRIDES,
    "runtime": st.just("cpython"),
    "park_ttl_s": st.sampled_from([1.0, 60.0, 600.0]),
    "mcp": st.dictionaries(st.sampled_from(["one", "two"]), servers).map(lambda named: Mcp(servers=named)),
    "telemetry": st.builds(Telemetry, content=st.booleans()),
    "audit": st.builds(Audit, fsync=st.sampled_from(FSYNCS)),
    "providers": providers,
}
settings = st.fixed_dictionaries({}, optional=FIELDS).map(lambda fields: Settings(**fields))


def test_every_setting_is_tightened_and_tried() -> None:
    assert list(TIGHTER) == list(Settings.model_fields) == list(FIELDS)


def test_the_situations_below_tell_the_policies_apart() -> None:
    seen = [(_answers(policy, WORKSPACE), wants_retry(policy)) for policy in NAMED]
    assert all(seen.count(one) == 1 for one in seen)


@given(settings, settings)
def test_tightening_only_tightens(base: Settings, project: Settings) -> None:
    """Nothing that was asked about, refused, hidden or left out before is done unasked afterwards."""
    after, _ = tightened(base, project)
    assert _is_at_most(after, base)


def _singles() -> list[list[Settings]]:
    """Of each list the values alone, so that every two of them meet."""
    modes = [NetworkAccess(mode=mode, hosts=(host,)) for mode in ("restricted", "limited", "full") for host in HOSTS]
    return [
        [Settings(sandbox=WorkspaceWrite(roots=(folder,), tmp=False, tmpdir=False)) for folder in FOLDERS],
        [Settings(network=access) for access in modes],
        [Settings(network=NetworkAccess(private=(item,))) for item in RANGES],
        [Settings(environment=Environment(inherit=(name,), exclude=())) for name in (*NAMES, "[*", "[HP]*")],
        [Settings(readable=(path,)) for path in READABLE],
    ]


@pytest.mark.parametrize("values", _singles(), ids=["roots", "hosts", "private", "inherit", "readable"])
def test_no_value_lets_in_another_that_reaches_further(values: list[Settings]) -> None:
    for base, project in product(values, repeat=2):
        after, notes = tightened(base, project)
        assert _is_at_most(after, base), (base, project)
        assert notes or _is_at_most(after, project), (base, project)


@given(settings, settings)
def test_tightening_twice_is_tightening_once(base: Settings, project: Settings) -> None:
    once, notes = tightened(base, project)
    twice, again = tightened(once, project)
    assert twice == once
    assert bool(again) == bool(notes)


@given(settings, settings, settings)
def test_the_order_of_tightening_does_not_matter_where_policies_compare(
    base: Settings, one: Settings, other: Settings
) -> None:
    policies = [base.approval_policy, one.approval_policy, other.approval_policy]
    assume(all(_compare(a, b) for a in policies for b in policies))
    first = tightened(tightened(base, one)[0], other)[0]
    second = tightened(tightened(base, other)[0], one)[0]
    assert _canonical(first) == _canonical(second)


GLOBS = ("*", "a*", "*a", "ab*", "*ba", "a*b", "b*a", "aba*", "*aba", "a", "ab", "aba", "?a", "[ab]*")
SHORT_NAMES = ["".join(letters) for length in range(1, 7) for letters in product("ab", repeat=length)]


@given(some(GLOBS[:12]), some(GLOBS[:12]))
def test_of_globs_with_one_star_just_what_both_take_in_is_left(base: tuple[str, ...], project: tuple[str, ...]) -> None:
    before, asked = Settings(expose=base), Settings(expose=project)
    after, _ = tightened(before, asked)
    for name in SHORT_NAMES:
        assert after.exposes(name) == (before.exposes(name) and asked.exposes(name)), name


@given(some(GLOBS), some(GLOBS))
def test_of_other_globs_no_more_is_left_than_both_take_in(base: tuple[str, ...], project: tuple[str, ...]) -> None:
    before, asked = Settings(expose=base), Settings(expose=project)
    after, _ = tightened(before, asked)
    assert not [n for n in SHORT_NAMES if after.exposes(n) and not (before.exposes(n) and asked.exposes(n))]


def test_globs_that_overlap_leave_what_they_share_in_whatever_order_they_come() -> None:
    base, one, other = (Settings(expose=(glob,)) for glob in ("*_file", "read_*", "read_file"))
    assert tightened(base, one)[0].expose == ("read_*_file", "read_file")
    assert tightened(tightened(base, one)[0], other)[0] == tightened(tightened(base, other)[0], one)[0]


@given(settings, settings)
def test_what_loosens_is_told_and_what_tightens_is_not(base: Settings, project: Settings) -> None:
    """No note, no difference: then all that the project said holds at least as tightly as it said it."""
    after, notes = tightened(base, project)
    assert all("toolscript trust" in note for note in notes)
    if not notes:
        assert _is_at_most(after, merged(base, project))


@given(settings)
def test_a_project_that_sets_nothing_changes_nothing(base: Settings) -> None:
    assert tightened(base, Settings()) == (base, ())


@given(settings, settings)
def test_merging_takes_what_was_set_and_leaves_the_rest(base: Settings, layer: Settings) -> None:
    both = merged(base, layer)
    for name in Settings.model_fields:
        if name not in ("environment", "mcp", "limits", "providers"):
            assert getattr(both, name) == getattr(layer if name in layer.model_fields_set else base, name)
    assert both.environment.set == base.environment.set | layer.environment.set
    assert both.mcp.servers == base.mcp.servers | layer.mcp.servers
    for name in Limits.model_fields:
        assert getattr(both.limits, name) == getattr(
            layer.limits if name in layer.limits.model_fields_set else base.limits, name
        )


@given(settings, overrides, st.sampled_from(["one", "two", None]), st.sampled_from(["one", "other", None]))
def test_a_turn_only_tightens_what_holds_for_its_provider_and_model(
    base: Settings, turn: Overrides, provider: str | None, model: str | None
) -> None:
    before = resolved(base, provider=provider, model=model)
    after, refused = tighter_of(before, turn)
    assert _is_at_most(after, before)
    if not refused:
        assert _is_at_most(after, merged(before, turn))


@given(settings, settings, st.sampled_from(["one", "two", None]), st.sampled_from(["one", "other", None]))
def test_what_no_layer_sets_for_a_provider_is_what_holds_for_all(
    base: Settings, layer: Settings, provider: str | None, model: str | None
) -> None:
    """A model's word counts over the provider's, and that over every layer of files."""
    both = merged(base, layer)
    found = resolved(both, provider=provider, model=model)
    for name in OVERRIDES:
        exact = both.providers.get(provider or "")
        named = exact.models.get(model or "") if exact else None
        if named is not None and name in named.model_fields_set and name not in ("environment", "limits"):
            assert getattr(found, name) == getattr(named, name)
        elif not any(_sets(item, name) for item in both.providers.values()):
            assert getattr(found, name) == getattr(both, name)


def _sets(found: ProviderOverrides, name: str) -> bool:
    return name in found.model_fields_set or any(name in item.model_fields_set for item in found.models.values())


@given(settings, st.sampled_from(["one", "two", None]), st.sampled_from(["one", "other", None]))
def test_what_is_prepared_before_any_run_is_enough_for_every_provider_and_model(
    base: Settings, provider: str | None, model: str | None
) -> None:
    most, own = widest(base), resolved(base, provider=provider, model=model)
    assert all(getattr(own.limits, name) <= getattr(most.limits, name) for name in Limits.model_fields)
    assert set(own.readable) <= set(most.readable)
    assert set(most.without) <= set(own.without)
    assert own.spawn <= most.spawn
    assert (own.network.mode != "restricted") <= (most.network.mode != "restricted")
    if isinstance(own.sandbox, WorkspaceWrite):
        assert not own.sandbox.roots or isinstance(most.sandbox, WorkspaceWrite)
        assert set(own.sandbox.roots) <= set(getattr(most.sandbox, "roots", ()))


WORKSPACE = grants(WorkspaceWrite(), NetworkAccess(), workspace="/w")


def _verdict(**fields: Any) -> CommandVerdict:
    return CommandVerdict((("x",),), **fields)


def _matched(decision: Any) -> MatchedRule:
    return MatchedRule(("x",), ("x",), decision, "", "user")


def _situations() -> list[dict[str, Any]]:
    plain, escalated = Command(("x",), "/bin/x", "/w"), Command(("x",), "/bin/x", "/w", is_escalated=True)
    verdicts = [
        _verdict(),
        _verdict(is_known_safe=True),
        _verdict(is_dangerous=True),
        *(_verdict(matched=(_matched(decision),), decision=decision) for decision in ("prompt", "forbidden", "allow")),
        _verdict(matched=(_matched("allow"),), decision="allow", is_allowed_whole=True),
    ]
    foreign = [Origin(is_foreign=True, is_trusted=trusted) for trusted in (True, False)]
    effects = [Reads(), Writes(("/w/f",)), Writes(("/tmp/f",)), Writes(("/a/b/f",)), Writes(("/etc/f",)), Writes(None)]
    effects += [Executes(None), Reaches(None), *(Reaches((host,)) for host in ("a.example.org", "x.y", "q"))]
    return [
        *({"effect": effect, "need": need} for effect in effects for need in ("policy", "always", "never")),
        *(
            {"effect": effect, "origin": origin}
            for effect in effects
            for origin in (*foreign, Origin(is_destructive=True))
        ),
        *({"effect": Executes(command), "verdict": verdict} for command in (plain, escalated) for verdict in verdicts),
    ]


SITUATIONS = _situations()


def _strictness(answer: Requirement) -> int:
    return [Skip, NeedsApproval, Forbidden].index(type(answer))


def _answers(policy: ApprovalPolicy, granted: Any, network: NetworkAccess | None = None) -> list[int]:
    reached = network or NetworkAccess()
    return [
        _strictness(requirement(policy=policy, grants=granted, network=reached, **situation))
        for situation in SITUATIONS
    ]


def _answers_of(settings: Settings) -> list[int]:
    granted = grants(settings.sandbox, settings.network, workspace="/w", tmpdir="/t")
    return _answers(settings.approval_policy, granted, settings.network)


def _is_at_most(after: Settings, before: Settings) -> bool:
    decisions = all(a >= b for a, b in zip(_answers_of(after), _answers_of(before), strict=True))
    one, other = (grants(each.sandbox, each.network, workspace="/w", tmpdir="/t") for each in (after, before))
    paths = [*FOLDERS, "/tmp/x", "/t/x", "/w/x", "/a/q", "/a/b/q", "/q"]
    files = all(other.may_write(path) for path in paths if one.may_write(path))
    confined = (one.is_confined, not one.network) >= (other.is_confined, not other.network)
    hosts = [*(host for host in HOSTS if not host.startswith("*")), "q.example.org", "z"]
    network = all(before.network.names(host) for host in hosts if after.network.names(host))
    private = all(_reaches(before, address) for address in ADDRESSES if _reaches(after, address))
    ceilings = list(PRESETS).index(after.resources) <= list(PRESETS).index(before.resources)
    return all((decisions, files, confined, network, private, ceilings)) and (
        _hides_at_most(after, before) and _keeps_at_most(after, before)
    )


def _keeps_at_most(after: Settings, before: Settings) -> bool:
    """No further server is started or trusted, no more content leaves, no run waits longer, no record is less safe."""
    started = [
        name in before.mcp.servers
        and server.command == before.mcp.servers[name].command
        and server.trusted <= before.mcp.servers[name].trusted
        for name, server in after.mcp.servers.items()
    ]
    runs = all(
        getattr(after.limits, name) <= getattr(before.limits, name) for name in ("steps", "tool_calls", "wall_time_s")
    )
    return (
        all(started)
        and runs
        and MODES.index(after.mode) <= MODES.index(before.mode)
        and all(before.exposes(name) for name in TOOLS if after.exposes(name))
        and after.telemetry.content <= before.telemetry.content
        and FSYNCS.index(after.audit.fsync) <= FSYNCS.index(before.audit.fsync)
        and after.park_ttl_s <= before.park_ttl_s
    )


def _hides_at_most(after: Settings, before: Settings) -> bool:
    names = ("HOME", "PATH", "LC_ALL", "LC_ANY", "LC_X", "OTHER")
    taken, taken_before = ({name for name in names if _is_taken(each, name)} for each in (after, before))
    secrets = {path for path in (".env", "config/.env", "config/x", "other/x", "/config/x") if _may_read(after, path)}
    return (
        taken <= taken_before
        and all(_may_read(before, path) for path in secrets)
        and set(after.without) >= set(before.without)
        and after.spawn <= before.spawn
        and after.environment.set == before.environment.set
    )


def _reaches(settings: Settings, address: str) -> bool:
    import ipaddress

    ranges = [ipaddress.ip_network(item) for item in settings.network.private]
    return any(ipaddress.ip_address(address) in item for item in ranges)


def _is_taken(settings: Settings, name: str) -> bool:
    from fnmatch import fnmatchcase

    environment = settings.environment
    return any(fnmatchcase(name, glob) for glob in environment.inherit) and not any(
        fnmatchcase(name, glob) for glob in environment.exclude
    )


def _may_read(settings: Settings, path: str) -> bool:
    granted = [normpath(join("/w", item.replace("~", "/home"))) for item in settings.readable]
    return any(f"{join('/w', path)}/".startswith(item + "/") for item in granted)


def _compare(one: ApprovalPolicy, other: ApprovalPolicy) -> bool:
    both_switches = isinstance(one, Granular) and isinstance(other, Granular)
    return both_switches or is_tighter_or_equal(one, other) or is_tighter_or_equal(other, one)


def _canonical(settings: Settings) -> dict[str, Any]:
    """What settings come to: two spellings of the same are the same, and order in lists does not count."""
    answers = (_answers_of(settings), wants_retry(settings.approval_policy))
    plain = settings.model_dump(exclude={"approval_policy"})
    return {"approval_policy": answers} | {name: _sorted(value) for name, value in plain.items()}


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(item) for key, item in value.items()}
    return sorted(value) if isinstance(value, (tuple, list)) else value


@pytest.mark.parametrize("one", [*NAMED, *SWITCHES], ids=str)
def test_tighter_policies_answer_no_call_more_loosely(one: ApprovalPolicy) -> None:
    """The order of approval policies is that of their answers, for every situation and every other policy."""
    for other in [*NAMED, *SWITCHES]:
        if is_tighter_or_equal(one, other):
            pairs = zip(_answers(one, WORKSPACE), _answers(other, WORKSPACE), strict=True)
            assert all(mine >= theirs for mine, theirs in pairs), other


@pytest.mark.parametrize(
    ("looser", "tighter"),
    [
        ("on-failure", "on-request"),
        ("on-request", "unless-trusted"),
        ("on-request", "never"),
        ("on-failure", "never"),
        (Granular(), Granular(rules=False)),
        (Granular(rules=False), "never"),
        ("on-failure", Granular(rules=False)),
        ("on-request", Granular(sandbox_approval=False)),
        (Granular(), "unless-trusted"),
    ],
    ids=str,
)
def test_the_order_of_approval_policies(looser: ApprovalPolicy, tighter: ApprovalPolicy) -> None:
    assert tightened(Settings(approval_policy=looser), Settings(approval_policy=tighter)) == (
        Settings(approval_policy=tighter),
        (),
    )
    kept, notes = tightened(Settings(approval_policy=tighter), Settings(approval_policy=looser))
    assert kept == Settings(approval_policy=tighter)
    assert isinstance(looser, Granular) or len(notes) == 1


@pytest.mark.parametrize(
    ("base", "project"),
    [
        ("never", "unless-trusted"),
        ("unless-trusted", "never"),
        ("unless-trusted", Granular(rules=False)),
        ("on-request", Granular(rules=False)),
    ],
    ids=str,
)
def test_policies_that_do_not_compare_leave_the_users(base: ApprovalPolicy, project: ApprovalPolicy) -> None:
    kept, notes = tightened(Settings(approval_policy=base), Settings(approval_policy=project))
    assert kept.approval_policy == base
    assert len(notes) == 1
    assert "looser" in notes[0]


def test_two_spellings_of_one_path_are_one_path() -> None:
    for one, other in (("other/", "other"), ("a/./b", "a/b"), ("a//b", "a/b")):
        assert tightened(Settings(readable=(one,)), Settings(readable=(other,)))[1] == ()
