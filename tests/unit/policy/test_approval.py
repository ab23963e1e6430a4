"""Who is asked: the whole table, and what comes on top of it."""

from __future__ import annotations

import pytest

from policy.approval import (
    ApprovalNeed,
    ApprovalPolicy,
    CallPattern,
    Forbidden,
    Granular,
    NeedsApproval,
    Requirement,
    Skip,
    keys,
    rejecting,
    requirement,
    wants_retry,
)
from policy.commands.verdict import Amendment, CommandVerdict, MatchedRule
from policy.effects import Command, Effect, Executes, Origin, Reaches, Reads, Writes
from policy.grants import Grants
from policy.sandbox import (
    DangerFullAccess,
    ExternalSandbox,
    NetworkAccess,
    ReadOnly,
    SandboxPolicy,
    WorkspaceWrite,
    grants,
)

WORKSPACE = "/home/user/project"
NETWORK = NetworkAccess(mode="limited", hosts=("example.org", "*.example.net"))
LS = Command(("ls",), "/usr/bin/ls", WORKSPACE, is_from_path=True)
MAKE = Command(("make",), "/usr/bin/make", WORKSPACE, is_from_path=True)
ESCAPE = Command(("make",), "/usr/bin/make", WORKSPACE, is_from_path=True, is_escalated=True)
MCP = Origin(is_foreign=True)

ROWS: dict[str, tuple[Effect, ApprovalNeed, Origin]] = {
    'approval="always"': (Reads(), "always", Origin()),
    "read": (Reads(), "policy", Origin()),
    "write inside": (Writes((f"{WORKSPACE}/a.txt", "/tmp/b")), "policy", Origin()),
    "write outside": (Writes((f"{WORKSPACE}/a.txt", "/etc/motd")), "policy", Origin()),
    "write somewhere": (Writes(), "policy", Origin()),
    "execute": (Executes(MAKE), "policy", Origin()),
    "execute known-safe": (Executes(LS), "policy", Origin()),
    "execute unsandboxed": (Executes(ESCAPE), "policy", Origin()),
    "execute something of its own": (Executes(), "policy", Origin()),
    "network to a named host": (Reaches(("www.example.net", "example.org")), "policy", Origin()),
    "network to another host": (Reaches(("example.org", "evil.example")), "policy", Origin()),
    "network to some host": (Reaches(), "policy", Origin()),
    "MCP write": (Writes(), "policy", MCP),
    "MCP read-only, server not trusted": (Reads(), "policy", MCP),
    "MCP read-only, server trusted": (Reads(), "policy", Origin(is_foreign=True, is_trusted=True)),
    "MCP destructive": (Reads(), "policy", Origin(is_foreign=True, is_trusted=True, is_destructive=True)),
    'approval="never", outside': (Writes(("/etc/motd",)), "never", Origin()),
}
GRANULAR = Granular()
POLICIES: tuple[ApprovalPolicy, ...] = ("never", "on-failure", "on-request", "unless-trusted", GRANULAR)
# Each row: never, on-failure, on-request, unless-trusted, granular with the switch on, and that switch.
TABLE: dict[str, tuple[str, str | None]] = {
    'approval="always"': ("forbid ask ask ask ask", "request_permissions"),
    "read": ("run run run run run", None),
    "write inside": ("run run run ask run", None),
    "write outside": ("forbid ask ask ask ask", "sandbox_approval"),
    "write somewhere": ("forbid ask ask ask ask", "sandbox_approval"),
    "execute": ("run run run ask run", None),
    "execute known-safe": ("run run run run run", None),
    "execute unsandboxed": ("forbid ask ask ask ask", "sandbox_approval"),
    "execute something of its own": ("forbid ask ask ask ask", "sandbox_approval"),
    "network to a named host": ("run run run ask run", None),
    "network to another host": ("forbid ask ask ask ask", "sandbox_approval"),
    "network to some host": ("forbid ask ask ask ask", "sandbox_approval"),
    "MCP write": ("forbid ask ask ask ask", "mcp_elicitations"),
    "MCP read-only, server not trusted": ("forbid ask ask ask ask", "mcp_elicitations"),
    "MCP read-only, server trusted": ("run run run run run", None),
    "MCP destructive": ("forbid ask ask ask ask", "mcp_elicitations"),
    'approval="never", outside': ("run run run run run", None),
}


def granted(policy: SandboxPolicy, network: NetworkAccess = NETWORK) -> Grants:
    return grants(policy, network, workspace=WORKSPACE)


def verdict_on(effect: Effect) -> CommandVerdict | None:
    if not isinstance(effect, Executes) or effect.command is None:
        return None
    return CommandVerdict((effect.command.argv,), is_known_safe=effect.command == LS)


def decided(row: str, policy: ApprovalPolicy, sandbox: SandboxPolicy | None = None) -> Requirement:
    effect, need, origin = ROWS[row]
    return requirement(
        effect,
        policy=policy,
        grants=granted(sandbox or WorkspaceWrite()),
        network=NETWORK,
        need=need,
        origin=origin,
        verdict=verdict_on(effect),
    )


def word(found: Requirement) -> str:
    return {Skip: "run", NeedsApproval: "ask", Forbidden: "forbid"}[type(found)]


@pytest.mark.parametrize("row", TABLE)
@pytest.mark.parametrize("column", range(5), ids=["never", "on-failure", "on-request", "unless-trusted", "granular"])
def test_who_is_asked(row: str, column: int) -> None:
    assert word(decided(row, POLICIES[column])) == TABLE[row][0].split()[column]


@pytest.mark.parametrize("row", [row for row, (_, switch) in TABLE.items() if switch])
def test_granular_forbids_what_its_switch_does_not_let_be_asked(row: str) -> None:
    switch = TABLE[row][1]
    assert switch is not None
    found = decided(row, Granular.model_validate({switch: False}))
    assert isinstance(found, Forbidden)
    assert switch in found.reason
    others = {name: False for name in Granular.model_fields if name != switch}
    assert isinstance(decided(row, Granular.model_validate(others)), NeedsApproval)


def test_every_row_has_a_decision() -> None:
    assert TABLE.keys() == ROWS.keys()


@pytest.mark.parametrize("row", ["write outside", "write somewhere", "execute unsandboxed", "execute"])
@pytest.mark.parametrize("sandbox", [DangerFullAccess(), ExternalSandbox()])
@pytest.mark.parametrize("policy", ["on-request", "on-failure", "never"])
def test_without_a_sandbox_there_is_nothing_to_leave(row: str, sandbox: SandboxPolicy, policy: ApprovalPolicy) -> None:
    assert word(decided(row, policy, sandbox)) == "run"


def test_a_read_only_sandbox_makes_every_write_one_outside() -> None:
    assert word(decided("write inside", "on-request", ReadOnly())) == "ask"
    assert word(decided("write inside", "never", ReadOnly())) == "forbid"


@pytest.mark.parametrize("path", [f"{WORKSPACE}/.git/config", f"{WORKSPACE}/.toolscript/rules.toml", "/tmp/.git"])
@pytest.mark.parametrize("policy", POLICIES, ids=str)
@pytest.mark.parametrize("sandbox", [WorkspaceWrite(), DangerFullAccess()])
def test_protected_paths_are_never_written_and_never_asked_about(
    path: str, policy: ApprovalPolicy, sandbox: SandboxPolicy
) -> None:
    limits = grants(
        sandbox, NETWORK, workspace=WORKSPACE, protected=(f"{WORKSPACE}/.git", f"{WORKSPACE}/.toolscript", "/tmp/.git")
    )
    found = requirement(Writes((path,)), policy=policy, grants=limits, network=NETWORK)
    assert isinstance(found, Forbidden)


def matched(*decisions: str, whole: bool = False) -> CommandVerdict:
    rules = tuple(
        MatchedRule(("git", "push"), ("git",), decision, "because", "user")  # type: ignore[arg-type]  # a literal
        for decision in decisions
    )
    strictest = max(decisions, key=["allow", "prompt", "forbidden"].index)
    return CommandVerdict((("git", "push"),), rules, strictest, is_allowed_whole=whole)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("verdict", "policy", "expected"),
    [
        (matched("forbidden", "allow"), "on-request", "forbid"),
        (matched("forbidden"), "never", "forbid"),
        (matched("prompt", "allow"), "on-request", "ask"),
        (matched("prompt"), "on-failure", "ask"),
        (matched("prompt"), "never", "forbid"),
        (matched("prompt"), Granular(rules=False), "forbid"),
        (matched("prompt"), Granular(sandbox_approval=False), "ask"),
        (matched("allow", whole=True), "unless-trusted", "run"),
        (matched("allow", whole=True), "never", "run"),
        (matched("allow", whole=False), "unless-trusted", "ask"),
    ],
)
def test_rules_come_on_top(verdict: CommandVerdict, policy: ApprovalPolicy, expected: str) -> None:
    found = requirement(
        Executes(MAKE), policy=policy, grants=granted(WorkspaceWrite()), network=NETWORK, verdict=verdict
    )
    assert word(found) == expected


def test_the_sandbox_is_left_only_when_rules_allow_the_whole_command() -> None:
    def run(verdict: CommandVerdict) -> Requirement:
        return requirement(
            Executes(MAKE), policy="on-request", grants=granted(WorkspaceWrite()), network=NETWORK, verdict=verdict
        )

    assert run(matched("allow", whole=True)) == Skip(bypass_sandbox=True)
    assert run(matched("allow", whole=False)) == Skip(bypass_sandbox=False)


@pytest.mark.parametrize(("policy", "expected"), [("never", "forbid"), ("on-request", "ask"), ("on-failure", "ask")])
def test_a_dangerous_command_is_asked_about(policy: ApprovalPolicy, expected: str) -> None:
    verdict = CommandVerdict((("rm", "-rf", "x"),), is_dangerous=True)
    found = requirement(
        Executes(MAKE), policy=policy, grants=granted(WorkspaceWrite()), network=NETWORK, verdict=verdict
    )
    assert word(found) == expected


def test_a_rule_that_forbids_wins_over_a_tool_that_never_asks() -> None:
    found = requirement(
        Executes(MAKE),
        policy="on-request",
        grants=granted(WorkspaceWrite()),
        network=NETWORK,
        need="never",
        verdict=matched("forbidden"),
    )
    assert found == Forbidden("a user rule about `git` says forbidden: because")


@pytest.mark.parametrize(
    ("policy", "wanted"),
    [
        ("never", False),
        ("on-request", False),
        ("on-failure", True),
        ("unless-trusted", True),
        (Granular(), True),
        (Granular(sandbox_approval=False), False),
    ],
    ids=str,
)
def test_which_policies_retry_after_a_denial(policy: ApprovalPolicy, wanted: bool) -> None:
    assert wants_retry(policy) is wanted


def test_reject_is_the_negation_of_granular() -> None:
    assert rejecting({"rules": True}) == Granular(rules=False)
    assert rejecting({}) == Granular()


def test_an_escape_proposes_its_amendment_and_gives_its_reason() -> None:
    command = Command(("make",), "/usr/bin/make", WORKSPACE, is_escalated=True, justification="needs the registry")
    verdict = CommandVerdict((("make",),), proposed_amendment=Amendment(("make", "fetch")))
    found = requirement(
        Executes(command), policy="on-request", grants=granted(ReadOnly()), network=NETWORK, verdict=verdict
    )
    assert isinstance(found, NeedsApproval)
    assert found.leaves_sandbox
    assert found.reason.endswith("needs the registry")
    assert found.proposed_amendment == Amendment(("make", "fetch"))


def command_keys(**changes: object) -> tuple[str, ...]:
    facts: dict[str, object] = {"argv": ("make",), "program": "/usr/bin/make", "cwd": "/w", **changes}
    return keys("exec", {}, Executes(Command(**facts)), argv=facts["argv"])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"argv": ("make", "all")},
        {"program": "/w/make"},
        {"cwd": "/x"},
        {"env": (("PATH", "/w"),)},
        {"is_escalated": True},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_command_is_approved_with_everything_that_changes_what_runs(change: dict[str, object]) -> None:
    assert command_keys(**change) != command_keys()


def test_what_does_not_change_what_runs_is_no_part_of_the_key() -> None:
    assert command_keys(justification="please") == command_keys()


def test_a_patch_is_approved_file_by_file() -> None:
    both = keys("apply_patch", {"patch": "..."}, Writes(("/w/a", "/w/b")))
    assert set(keys("write_file", {"path": "a"}, Writes(("/w/a",)))) < set(both)


def test_other_tools_are_approved_by_name_and_arguments_or_their_own_key() -> None:
    assert keys("send", {"to": "a", "n": 1}, Writes()) == keys("send", {"n": 1, "to": "a"}, Writes())
    assert keys("send", {"to": "a"}, Writes()) != keys("send", {"to": "b"}, Writes())
    assert keys("send", {"to": "a"}, Writes(), own="a") == keys("send", {"to": "a", "text": "x"}, Writes(), own="a")
    assert keys("send", {}, Writes(), own="a") != keys("post", {}, Writes(), own="a")


@pytest.mark.parametrize("own", [None, "k"], ids=["its facts", "its own key"])
def test_what_runs_in_the_sandbox_is_not_approved_to_run_without(own: str | None) -> None:
    inside, outside = (keys("t", {}, Executes(command), own=own, argv=command.argv) for command in (MAKE, ESCAPE))
    assert inside != outside


@pytest.mark.parametrize(("tool", "own"), [("write", "/w/a"), ("host", "example.org"), ("command", "make")])
def test_no_key_of_a_tool_can_pass_for_that_of_a_file_a_host_or_a_command(tool: str, own: str) -> None:
    others = {*keys("x", {}, Writes(("/w/a",))), *keys("x", {}, Reaches(("example.org",))), *command_keys()}
    assert not others & set(keys(tool, {}, Writes(), own=own))


def test_a_tools_own_key_is_not_that_of_its_arguments() -> None:
    assert keys("send", {"to": "a"}, Writes()) != keys("send", {"to": "a"}, Writes(), own='{"to":"a"}')


def test_no_text_of_one_part_can_pass_for_another() -> None:
    assert keys("a", {}, Reaches(('b","c',))) != keys("a", {}, Reaches(("b", "c")))[:1]
    assert command_keys(argv=("make", "all x")) != command_keys(argv=("make", "all", "x"))


@pytest.mark.parametrize(
    ("arguments", "fits"),
    [
        ({"to": "a@example.org", "copies": 3}, True),
        ({"to": "a@example.com", "copies": 3}, False),
        ({"to": "A@EXAMPLE.ORG", "copies": 3}, False),
        ({"copies": 3}, False),
        ({"to": "a@example.org", "copies": 4}, False),
    ],
)
def test_a_pattern_fits_tool_and_named_arguments(arguments: dict[str, object], fits: bool) -> None:
    pattern = CallPattern("send", 2, {"to": "*@example.org", "copies": "3"})
    assert pattern.matches("send", arguments) is fits
    assert not pattern.matches("other", arguments)
