"""Whether a call may run, must be asked about, or is forbidden; and what a person can answer.

`requirement` is the table "who is asked" (docs/explanation/approvals.md, tests/unit/policy/test_approval.py).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from policy.commands.verdict import Amendment, CommandVerdict
from policy.effects import OWN, Command, Effect, Executes, Origin, Reaches, Reads, Writes
from policy.grants import Grants

if TYPE_CHECKING:
    from policy.sandbox import NetworkAccess

ApprovalNeed = Literal["policy", "always", "never"]
NamedPolicy = Literal["never", "on-failure", "on-request", "unless-trusted"]
Switch = Literal["sandbox_approval", "rules", "request_permissions", "mcp_elicitations"]


class Granular(BaseModel):
    """As on-request, and says of each kind of question whether it may be put; if not, the call is forbidden.

    Attributes:
        sandbox_approval: Questions about leaving the sandbox or the granted folders and hosts.
        rules: Questions that a command rule demands.
        request_permissions: Questions that a tool itself demands, with `approval="always"`.
        mcp_elicitations: Questions about tools of MCP servers.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sandbox_approval: bool = True
    rules: bool = True
    request_permissions: bool = True
    mcp_elicitations: bool = True


ApprovalPolicy: TypeAlias = NamedPolicy | Granular


def rejecting(switches: Mapping[str, bool]) -> Granular:
    """Read the older spelling `reject`, which names what may not be asked."""
    return Granular.model_validate({name: not rejected for name, rejected in switches.items()})


@dataclass(frozen=True, slots=True)
class Skip:
    """Nobody is asked.

    Attributes:
        bypass_sandbox: Rules allow every part of the command by name, so it runs without the sandbox.
    """

    bypass_sandbox: bool = False


@dataclass(frozen=True, slots=True)
class NeedsApproval:
    """A person is asked first.

    Attributes:
        reason: Why, as the person reads it.
        proposed_amendment: The rule that would make the question unnecessary, or None.
        leaves_sandbox: An approval covers running without the sandbox.
    """

    reason: str
    proposed_amendment: Amendment | None = None
    leaves_sandbox: bool = False


@dataclass(frozen=True, slots=True)
class Forbidden:
    """The call does not run, and nobody is asked.

    Attributes:
        reason: Why, as the script reads it.
    """

    reason: str


Requirement: TypeAlias = Skip | NeedsApproval | Forbidden


_NOTHING_TOLD = Reads()


@dataclass(frozen=True, slots=True)
class CallPattern:
    """Calls that a person grants ahead, with a plan or with the answer about one call.

    Attributes:
        tool: Their tool.
        count: How many of them.
        arguments: A glob for each argument that matters; text matches it case-sensitively, other values by their JSON.
            Variables that a command sets, and leaving the sandbox, are covered only if `env` and `sandbox` are named.
    """

    tool: str
    count: int
    arguments: Mapping[str, str] = field(default_factory=dict)

    def matches(
        self,
        tool: str,
        arguments: Mapping[str, object],
        *,
        effect: Effect = _NOTHING_TOLD,
        leaves_sandbox: bool = False,
    ) -> bool:
        """Say whether a call falls under the pattern; the count is the caller's to keep.

        Args:
            tool: The call's tool.
            arguments: Its arguments, validated.
            effect: What it would do.
            leaves_sandbox: It would run without the sandbox.
        """
        sets_variables = isinstance(effect, Executes) and effect.command is not None and effect.command.env
        if (leaves_sandbox and "sandbox" not in self.arguments) or (sets_variables and "env" not in self.arguments):
            return False
        return tool == self.tool and all(
            name in arguments and fnmatchcase(_as_text(arguments[name]), glob) for name, glob in self.arguments.items()
        )


@dataclass(frozen=True, slots=True)
class Approve:
    """The call may run.

    Attributes:
        scope: "once", or "session" to remember it for the same keys.
        arguments: Other arguments to run it with; they are validated and decided again from the start.
        amendment: The command rule to save, so that the like is not asked again.
        patterns: Further calls of the same run that are granted.
    """

    scope: Literal["once", "session"] = "once"
    arguments: Mapping[str, object] | None = None
    amendment: Amendment | None = None
    patterns: tuple[CallPattern, ...] = ()


@dataclass(frozen=True, slots=True)
class Deny:
    """The call does not run; the script may go on.

    Attributes:
        reason: Reaches the script, "" if none was given.
    """

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Abort:
    """The whole run ends.

    Attributes:
        reason: For the outcome, "" if none was given.
    """

    reason: str = ""


ReviewDecision: TypeAlias = Approve | Deny | Abort


def requirement(
    effect: Effect,
    *,
    policy: ApprovalPolicy,
    grants: Grants,
    network: NetworkAccess,
    need: ApprovalNeed = "policy",
    origin: Origin = OWN,
    verdict: CommandVerdict | None = None,
) -> Requirement:
    """Decide about one call.

    Args:
        effect: What it would do.
        policy: The approval policy.
        grants: What the sandbox policy grants.
        network: What may be reached.
        need: The tool's own `approval`.
        origin: Where the tool comes from.
        verdict: What rules and lists say of a command; needed for `Executes` with a command.
    """
    if verdict is not None and verdict.decision == "forbidden":
        return Forbidden(_rule_reason(verdict, "forbidden"))
    if need == "never":
        command = effect.command if isinstance(effect, Executes) else None
        is_trusted = command is not None and verdict is not None and verdict.is_allowed_whole
        return Skip(bypass_sandbox=is_trusted and not _runs_foreign_settings(command, verdict))
    if need == "always" or origin.is_destructive:
        said = "the tool says that it destroys" if origin.is_destructive else "the tool asks for approval of every call"
        return _asked(NeedsApproval(said), policy, "mcp_elicitations" if origin.is_foreign else "request_permissions")
    if origin.is_foreign:
        return _for_foreign(effect, policy, origin)
    if isinstance(effect, Reads):
        return Skip()
    if isinstance(effect, Writes):
        return _for_write(effect, policy, grants)
    if isinstance(effect, Reaches):
        return _for_network(effect, policy, network)
    return _for_command(effect, policy, grants, verdict)


def question_of_call(reason: str, policy: ApprovalPolicy, origin: Origin = OWN) -> NeedsApproval | Forbidden:
    """Decide about a question that a tool puts itself, in the middle of a call that may run.

    Args:
        reason: What it asks.
        policy: The approval policy.
        origin: Where the tool comes from.
    """
    return _asked(NeedsApproval(reason), policy, "mcp_elicitations" if origin.is_foreign else "request_permissions")


def wants_retry(policy: ApprovalPolicy) -> bool:
    """Say whether a command that its sandbox denied something may be retried without, after a question."""
    if isinstance(policy, Granular):
        return policy.sandbox_approval
    return policy in ("on-failure", "unless-trusted")


def _asked(question: NeedsApproval, policy: ApprovalPolicy, switch: Switch) -> NeedsApproval | Forbidden:
    """The question, or why it may not be put."""
    if policy == "never":
        return Forbidden(f"{question.reason}, and the approval policy never asks")
    if isinstance(policy, Granular) and not getattr(policy, switch):
        return Forbidden(f"{question.reason}, and the approval policy does not put such questions ({switch} is off)")
    return question


def _for_foreign(effect: Effect, policy: ApprovalPolicy, origin: Origin) -> Requirement:
    if isinstance(effect, Reads) and origin.is_trusted:
        return Skip()
    return _asked(NeedsApproval("a tool of an MCP server may change things"), policy, "mcp_elicitations")


def _for_write(effect: Writes, policy: ApprovalPolicy, grants: Grants) -> Requirement:
    paths = effect.paths
    if paths is not None:
        never = [path for path in paths if _is_protected(path, grants)]
        if never:
            return Forbidden(f"{never[0]} is protected: settings, rules, hooks and records are not written by tools")
        outside = [path for path in paths if not grants.may_write(path)]
        if not outside:
            asks = policy == "unless-trusted"
            return NeedsApproval("it changes files, and the approval policy trusts no write") if asks else Skip()
        return _asked(NeedsApproval(f"{outside[0]} lies outside of the writable folders"), policy, "sandbox_approval")
    if not grants.is_confined:
        return NeedsApproval("it changes things") if policy == "unless-trusted" else Skip()
    return _asked(NeedsApproval("the tool changes things, and does not say where"), policy, "sandbox_approval")


def _is_protected(path: str, grants: Grants) -> bool:
    return any(path == item or path.startswith(item + "/") for item in (*grants.protected, *grants.hidden))


def _for_network(effect: Reaches, policy: ApprovalPolicy, network: NetworkAccess) -> Requirement:
    if effect.hosts is not None and all(network.names(host) for host in effect.hosts):
        asks = policy == "unless-trusted"
        return NeedsApproval("it uses the network, and the approval policy trusts no such call") if asks else Skip()
    if effect.hosts is None and network.mode == "full" and policy != "unless-trusted":
        return Skip()
    unnamed = next((host for host in effect.hosts or () if not network.names(host)), "some host")
    return _asked(NeedsApproval(f"network policy does not name {unnamed}"), policy, "sandbox_approval")


def _for_command(
    effect: Executes, policy: ApprovalPolicy, grants: Grants, verdict: CommandVerdict | None
) -> Requirement:
    command = effect.command
    if command is None or verdict is None:
        if not grants.is_confined and policy != "unless-trusted":
            return Skip()
        return _asked(NeedsApproval("the tool runs a program outside of the sandbox"), policy, "sandbox_approval")
    amendment = verdict.proposed_amendment
    if verdict.decision == "prompt":
        reason = _rule_reason(verdict, "prompt")
        return _asked(NeedsApproval(reason, leaves_sandbox=command.is_escalated), policy, "rules")
    if verdict.is_allowed_whole:
        return Skip(bypass_sandbox=not _runs_foreign_settings(command, verdict))
    if verdict.is_dangerous:
        question = NeedsApproval("it removes files by force", leaves_sandbox=command.is_escalated)
        return _asked(question, policy, "sandbox_approval")
    if command.is_escalated and grants.is_confined:
        said = f": {command.justification}" if command.justification else ""
        question = NeedsApproval(f"it asks to run without the sandbox{said}", amendment, leaves_sandbox=True)
        return _asked(question, policy, "sandbox_approval")
    if policy == "unless-trusted" and not verdict.is_known_safe:
        return NeedsApproval("it is not known to be harmless", amendment)
    return Skip()


def _runs_foreign_settings(command: Command | None, verdict: CommandVerdict | None) -> bool:
    """Say whether a rule that trusts git would let settings run that a command could have written."""
    if command is None or verdict is None or not command.has_foreign_repository:
        return False
    return any(word.rpartition("/")[2] == "git" for segment in verdict.segments for word in segment)


def _rule_reason(verdict: CommandVerdict, decision: str) -> str:
    matched = next(item for item in verdict.matched if item.decision == decision)
    said = f": {matched.justification}" if matched.justification else ""
    return f"a {matched.source} rule about `{' '.join(matched.prefix)}` says {decision}{said}"


def keys(
    tool: str, arguments: Mapping[str, object], effect: Effect, *, own: str | None = None, argv: Sequence[str] = ()
) -> tuple[str, ...]:
    """Name what an approval of a call covers. Equal keys mean the same thing; no keys are never remembered.

    Args:
        tool: The tool's name.
        arguments: As plain data, validated.
        effect: What the call would do.
        own: What the tool's `approval_key` gave.
        argv: The command's canonical argv (`policy.commands.canonical_argv`).
    """
    escapes = isinstance(effect, Executes) and effect.command is not None and effect.command.is_escalated
    sandbox = "unsandboxed" if escapes else "sandboxed"
    if own is not None:
        return (_key("tool", tool, own, sandbox),)
    if isinstance(effect, Executes) and effect.command is not None:
        command = effect.command
        return (_key("command", list(argv), command.program, command.cwd, sorted(command.env), sandbox),)
    if isinstance(effect, Writes) and effect.paths is not None:
        return tuple(_key("write", path) for path in effect.paths)
    if isinstance(effect, Reaches) and effect.hosts is not None:
        return tuple(_key("host", host) for host in effect.hosts)
    return (_key("tool", tool, arguments),)


def _key(*parts: object) -> str:
    return json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)
