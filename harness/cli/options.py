"""The options of commands, each with its help, and what they say together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from harness.cli.usage import wrong_use

if TYPE_CHECKING:
    from harness.cli.running import Options


class ModeName(StrEnum):
    """Whether scripts run."""

    disabled = "disabled"
    dry_run = "dry-run"
    enabled = "enabled"


class ConfinementName(StrEnum):
    """Which barriers are demanded."""

    required = "required"
    strict = "strict"
    none = "none"


class ApprovalPolicyName(StrEnum):
    """When a person is asked."""

    never = "never"
    on_failure = "on-failure"
    on_request = "on-request"
    unless_trusted = "unless-trusted"


class SandboxName(StrEnum):
    """What tools and commands may touch."""

    read_only = "read-only"
    workspace_write = "workspace-write"
    danger_full_access = "danger-full-access"
    external_sandbox = "external-sandbox"


class ApproverName(StrEnum):
    """Who answers questions."""

    auto = "auto"
    terminal = "terminal"
    deny = "deny"


class LanguageName(StrEnum):
    """How much of the language is allowed."""

    standard = "standard"
    strict = "strict"


class FormName(StrEnum):
    """How a model hands a script over."""

    tags = "tags"
    native = "native"


class WireFormatName(StrEnum):
    """How requests and responses look."""

    openai_responses = "openai-responses"
    openai_chat = "openai-chat"
    anthropic = "anthropic"


File = Annotated[str, typer.Argument(metavar="FILE|-", help="A script, or a message with scripts in it; - is stdin.")]
Workspace = Annotated[str | None, typer.Option(metavar="DIR", help="Folder that the built-in tools read and write.")]
ToolsOption = Annotated[
    list[str] | None,
    typer.Option("--tools", metavar="MODULE:ATTR", help="Tools to add: a tool, a typed function or a list of them."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
LimitOption = Annotated[
    list[str] | None, typer.Option("--limit", metavar="NAME=VALUE", help="Set a limit, for example steps=1000.")
]
ConfinementOption = Annotated[
    ConfinementName,
    typer.Option(help="Demand the required barriers, all of them (strict), or none (development only)."),
]
ApprovalPolicyOption = Annotated[
    ApprovalPolicyName | None, typer.Option(help="When a person is asked, instead of what the settings say.")
]
SandboxOption = Annotated[
    SandboxName | None, typer.Option(help="What tools and commands may touch, instead of what the settings say.")
]
HostOption = Annotated[
    list[str] | None, typer.Option("--allow-host", metavar="HOST", help="Host that the tool http may reach.")
]
ProviderOption = Annotated[
    str | None, typer.Option(metavar="NAME", help="Provider whose overrides in the settings count.")
]
ModelOption = Annotated[str | None, typer.Option(metavar="NAME", help="Model whose overrides in the settings count.")]
LanguageOption = Annotated[LanguageName, typer.Option(help="strict refuses every import.")]
ModeOption = Annotated[
    ModeName | None,
    typer.Option(help="dry-run checks and says what would be asked, disabled refuses; instead of the settings."),
]
ApproverOption = Annotated[
    ApproverName,
    typer.Option(help="Who answers: auto asks at a terminal, terminal reads answers from a pipe too, deny nobody."),
]
PlanApprovalOption = Annotated[
    bool, typer.Option("--plan-approval", help="Ask once about the whole plan of a script before it runs.")
]
ApprovalsOption = Annotated[
    str | None, typer.Option(metavar="FILE", help="Remember what is approved for a session in this file.")
]
AuditOption = Annotated[str | None, typer.Option(metavar="FILE", help="Append the audit record to this file.")]


def harness_options(
    workspace: str | None,
    tools: list[str] | None,
    language: LanguageName,
    *,
    context: Mapping[str, object] | None = None,
    mode: ModeName | None = None,
    limit: list[str] | None = None,
    approval_policy: ApprovalPolicyName | None = None,
    sandbox: SandboxName | None = None,
    allow_host: list[str] | None = None,
    approvals: str | None = None,
    audit: str | None = None,
    confinement: ConfinementName = ConfinementName.required,
    plan_approval: bool = False,
) -> Options:
    """Read what the options of a command say, over the files of settings.

    Raises:
        ConfigError: `config.invalid`, an option or a file is not in order.
    """
    from harness.cli.running import Options
    from harness.cli.tool_sources import load_tools
    from harness.config import load_settings

    overrides = _overrides(mode, approval_policy, sandbox, allow_host)
    return Options(
        loaded=load_settings(workspace, overrides=overrides),
        workspace=workspace,
        tools=tuple(load_tools(tools or ())),
        limits=_limits(limit or ()),
        confinement=confinement.value,
        language=language.value,
        approvals=approvals,
        audit=audit,
        plan_approval=plan_approval,
        context=dict(context or {}),
        # As a turn's own too: an override of a provider must not execute what was to be tried out.
        turn={"mode": mode.value} if mode in (ModeName.disabled, ModeName.dry_run) else None,
    )


def context_of(provider: str | None, model: str | None) -> dict[str, object]:
    """Return the context of runs that names provider and model."""
    return {name: value for name, value in (("provider", provider), ("model", model)) if value is not None}


def _overrides(
    mode: ModeName | None,
    approval_policy: ApprovalPolicyName | None,
    sandbox: SandboxName | None,
    hosts: list[str] | None,
) -> dict[str, object]:
    """The settings that options name, in the shape of the file."""
    named: dict[str, object] = {} if mode is None else {"mode": mode.value}
    if approval_policy is not None:
        named["approval_policy"] = approval_policy.value
    if sandbox is not None:
        named["sandbox"] = sandbox.value
    if hosts:
        named["network"] = {"mode": "limited", "hosts": hosts}
    return named


def _limits(given: Sequence[str]) -> dict[str, Any]:
    """Read NAME=VALUE; the harness itself says which names and values there are."""
    limits: dict[str, Any] = {}
    for item in given:
        name, equals, value = item.partition("=")
        if not equals:
            raise wrong_use(f"--limit {item!r} has no value", hint="write NAME=VALUE, for example steps=1000")
        limits[name.strip().replace("-", "_")] = value.strip().replace("_", "")
    return limits
