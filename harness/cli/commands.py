"""The commands and their options."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from harness.cli import exit_codes
from harness.cli.usage import wrong_use
from harness.errors import HarnessError

if TYPE_CHECKING:
    from harness.audit import ChainReport
    from harness.cli.given import Given
    from harness.cli.running import Options, View
    from harness.mcp.serving import Address
    from harness.types import CheckReport
    from policy.language.report import Diagnostic

app = typer.Typer(
    name="toolscript",
    help="Check, confine and run the scripts a model writes.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
rules = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Say what command rules decide, and test them.")
app.add_typer(rules, name="rules")
audit = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Look into audit records, and check them.")
app.add_typer(audit, name="audit")


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


class ExportFormat(StrEnum):
    """What audit records are exported as."""

    jsonl = "jsonl"
    csv = "csv"


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
AuditFile = Annotated[str, typer.Argument(metavar="FILE", help="An audit record.", show_default=False)]
RunOption = Annotated[
    str | None, typer.Option(metavar="ID", help="Records of this run; the beginning of its id will do.")
]
ToolOption = Annotated[str | None, typer.Option(metavar="NAME", help="Records of calls of this tool.")]
SinceOption = Annotated[
    str | None, typer.Option(metavar="TIME", help="Records from then on: 2026-01-31T12:00, or ago: 90s, 15m, 2h, 7d.")
]
ProviderOption = Annotated[
    str | None, typer.Option(metavar="NAME", help="Provider whose overrides in the settings count.")
]
ModelOption = Annotated[str | None, typer.Option(metavar="NAME", help="Model whose overrides in the settings count.")]
LanguageOption = Annotated[LanguageName, typer.Option(help="strict refuses every import.")]


def run_command(arguments: Sequence[str]) -> int:
    """Run a command.

    Args:
        arguments: Those of the command line, without the program's name.

    Returns:
        The exit code.
    """
    for stream in (sys.stdout, sys.stderr):
        # Scripts print any character; a terminal of another encoding must not end the command.
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        return _invoke(arguments)
    except HarnessError as error:
        _print_error(error, as_json="--json" in arguments or "--events" in arguments)
        return exit_codes.exit_code(error)
    except KeyboardInterrupt:
        print("toolscript: interrupted", file=sys.stderr)
        return exit_codes.INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has left. Python would complain again when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exit_codes.BROKEN_PIPE


def _invoke(arguments: Sequence[str]) -> int:
    """Call the command's function. Signals and broken pipes are ours to handle, so typer's own `main` is left out."""
    command = typer.main.get_command(app)
    try:
        with command.make_context("toolscript", list(arguments)) as context:
            result: object = command.invoke(context)
    except typer.Exit as leaving:
        return leaving.exit_code
    except Exception as error:
        # typer carries its own copy of click; errors of usage are known by what they can do.
        if not (hasattr(error, "show") and hasattr(error, "exit_code")):
            raise
        error.show()
        return exit_codes.USAGE
    return result if isinstance(result, int) else exit_codes.DONE


def _print_error(error: HarnessError, *, as_json: bool) -> None:
    from harness.cli.plain_text import error_text, one_line
    from harness.cli.views import print_json

    if as_json:
        print_json({"ok": False, "error": error.to_wire()})
    is_usage = exit_codes.exit_code(error) == exit_codes.USAGE
    print(one_line(error) if is_usage else error_text(error), file=sys.stderr)


@app.command()
def run(
    file: File,
    *,
    workspace: Workspace = None,
    tools: ToolsOption = None,
    json: Json = False,
    events: Annotated[bool, typer.Option("--events", help="Print events as JSON lines while it runs.")] = False,
    trace: Annotated[bool, typer.Option("--trace", help="Record and show every executed line.")] = False,
    mode: Annotated[
        ModeName | None,
        typer.Option(help="dry-run checks and says what would be asked, disabled refuses; instead of the settings."),
    ] = None,
    provider: ProviderOption = None,
    model: ModelOption = None,
    limit: LimitOption = None,
    approval_policy: ApprovalPolicyOption = None,
    sandbox: SandboxOption = None,
    allow_host: HostOption = None,
    approver: Annotated[
        ApproverName,
        typer.Option(help="Who answers: auto asks at a terminal, terminal reads answers from a pipe too, deny nobody."),
    ] = ApproverName.auto,
    plan_approval: Annotated[
        bool, typer.Option("--plan-approval", help="Ask once about the whole plan before anything runs.")
    ] = False,
    approvals: Annotated[
        str | None, typer.Option(metavar="FILE", help="Remember what is approved for a session in this file.")
    ] = None,
    audit: Annotated[str | None, typer.Option(metavar="FILE", help="Append the audit record to this file.")] = None,
    confinement: ConfinementOption = ConfinementName.required,
    language: LanguageOption = LanguageName.standard,
) -> int:
    """Check a script, run it in a confined worker, and print its value.

    The scripts of a message run in order, until one fails. The value goes to standard output; calls, prints and errors
    go to standard error. On a terminal the calls are shown while they run.

    Exit codes: 0 done, 1 script failed, 2 usage or configuration, 3 denied, 4 limit, 5 sandbox unavailable,
    6 worker failed, 70 a bug of toolscript, 130 interrupted.
    """
    if json and events:
        raise wrong_use("--json and --events exclude each other", hint="--events ends with the outcome too")
    from dataclasses import replace

    from harness.cli.approving import approver_for
    from harness.cli.given import read_given
    from harness.cli.running import located, run_given, run_with_loop
    from harness.cli.views import print_json

    options = replace(
        _options(workspace, tools, language, overrides=_overrides(approval_policy, sandbox, allow_host, mode=mode)),
        limits=_limits(limit or ()),
        confinement=confinement.value,
        approvals=approvals,
        audit=audit,
        plan_approval=plan_approval,
        context=_context(provider, model),
        # As a turn's own too: an override of a provider must not execute what was to be tried out.
        turn={"mode": mode.value} if mode in (ModeName.disabled, ModeName.dry_run) else None,
    )
    given = read_given(file)
    view = _view(given, as_json=json, as_events=events, trace=trace)
    answering = approver_for(view, chosen=approver.value, is_input_taken=file == "-", is_output_taken=json or events)
    for note in options.loaded.notes:
        print(f"toolscript: {note}", file=sys.stderr)
    report = run_with_loop(lambda: run_given(given, options, view, approver=answering, trace=trace))
    if json:
        print_json(located(given, report.outcomes), indent=2)
    _say_where_tools_come_from(options, [item for outcome in report.outcomes for item in outcome.diagnostics])
    if report.not_run and not (json or events):
        print(f"{report.not_run} more of this message not run", file=sys.stderr)
    if report.interrupted:
        return exit_codes.INTERRUPTED
    return exit_codes.exit_code(report.outcomes[-1].error)


def _view(given: Given, *, as_json: bool, as_events: bool, trace: bool, is_output_taken: bool = False) -> View:
    from harness.cli.views import EventsView, PlainView, SilentView

    if as_json:
        return SilentView()
    if as_events:
        return EventsView()
    if sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb":
        from harness.cli.live import LiveView

        return LiveView(given, trace=trace)
    return PlainView(given, trace=trace, is_output_taken=is_output_taken)


@app.command()
def chat(
    prompt: Annotated[
        str | None,
        typer.Argument(metavar="PROMPT", help="What to say; without it, lines are read.", show_default=False),
    ] = None,
    *,
    model: Annotated[str, typer.Option(metavar="NAME", help="The model, as its provider names it.")],
    provider: Annotated[
        WireFormatName, typer.Option(help="Whose wire format is spoken; openai-chat is what most other servers speak.")
    ] = WireFormatName.openai_responses,
    base_url: Annotated[
        str | None, typer.Option(metavar="URL", help="Of another server than the provider's own.")
    ] = None,
    form: Annotated[FormName, typer.Option(help="How the model hands a script over.")] = FormName.native,
    max_turns: Annotated[int, typer.Option(min=1, help="Most requests for one thing you say.")] = 20,
    max_tokens: Annotated[int | None, typer.Option(min=1, help="Most tokens of one response.")] = None,
    stream: Annotated[bool, typer.Option("--stream/--no-stream", help="Show text while it comes.")] = True,
    workspace: Workspace = None,
    tools: ToolsOption = None,
    mode: Annotated[
        ModeName | None,
        typer.Option(help="dry-run checks and says what would be asked, disabled refuses; instead of the settings."),
    ] = None,
    limit: LimitOption = None,
    approval_policy: ApprovalPolicyOption = None,
    sandbox: SandboxOption = None,
    allow_host: HostOption = None,
    approver: Annotated[
        ApproverName,
        typer.Option(help="Who answers: auto asks at a terminal, terminal reads answers from a pipe too, deny nobody."),
    ] = ApproverName.auto,
    plan_approval: Annotated[
        bool, typer.Option("--plan-approval", help="Ask once about the whole plan of a script before it runs.")
    ] = False,
    approvals: Annotated[
        str | None, typer.Option(metavar="FILE", help="Remember what is approved for a session in this file.")
    ] = None,
    audit: Annotated[str | None, typer.Option(metavar="FILE", help="Append the audit record to this file.")] = None,
    confinement: ConfinementOption = ConfinementName.required,
    language: LanguageOption = LanguageName.standard,
) -> int:
    """Talk to a model that acts by scripts. The key is read from OPENAI_API_KEY or ANTHROPIC_API_KEY.

    The model's text goes to standard output, all else to standard error or, while a script runs, to the terminal.

    Exit codes: 0 done, 2 usage or configuration, 1 a response that is not whole, 4 --max-turns, 5 sandbox unavailable,
    7 the provider gave no response, 130 interrupted.
    """
    from dataclasses import replace

    from harness.approvals.line_input import LineInput
    from harness.cli.approving import approver_for
    from harness.cli.chat import Chat, chat_with
    from harness.cli.given import Given
    from harness.cli.running import run_with_loop

    options = replace(
        _options(workspace, tools, language, overrides=_overrides(approval_policy, sandbox, allow_host, mode=mode)),
        limits=_limits(limit or ()),
        confinement=confinement.value,
        approvals=approvals,
        audit=audit,
        plan_approval=plan_approval,
        context=_context(provider.value, model),
        turn={"mode": mode.value} if mode in (ModeName.disabled, ModeName.dry_run) else None,
    )
    said = Chat(provider.value, model, base_url, form.value, prompt, max_turns, max_tokens, stream)
    view = _view(Given("", (), is_message=False), as_json=False, as_events=False, trace=False, is_output_taken=True)
    lines = LineInput(sys.stdin)
    answering = approver_for(view, chosen=approver.value, lines=lines)
    for note in options.loaded.notes:
        print(f"toolscript: {note}", file=sys.stderr)
    code: int = run_with_loop(lambda: chat_with(said, options, view, approver=answering, lines=lines))
    return code


@app.command()
def check(
    file: File,
    *,
    workspace: Workspace = None,
    tools: ToolsOption = None,
    provider: ProviderOption = None,
    model: ModelOption = None,
    json: Json = False,
    language: LanguageOption = LanguageName.standard,
) -> int:
    """Check a script without running it, and print every finding."""
    from harness.cli.plain_text import diagnostic_text, plan_text

    def say(report: CheckReport) -> str:
        if report.diagnostics:
            return "\n\n".join(diagnostic_text(item) for item in report.diagnostics)
        return f"ok\n{plan_text(report.plan)}" if report.plan else "ok"

    options = _options(workspace, tools, language, context=_context(provider, model))
    return _checked(file, options, say, as_json=json)


@app.command()
def plan(
    file: File,
    *,
    workspace: Workspace = None,
    tools: ToolsOption = None,
    provider: ProviderOption = None,
    model: ModelOption = None,
    json: Json = False,
    language: LanguageOption = LanguageName.standard,
) -> int:
    """Print the tools that a script can reach, and its calls with their literal arguments."""
    from harness.cli.plain_text import diagnostic_text, plan_text

    def say(report: CheckReport) -> str:
        if report.plan is None or report.diagnostics:
            return "\n\n".join(diagnostic_text(item) for item in report.diagnostics)
        return plan_text(report.plan)

    options = _options(workspace, tools, language, context=_context(provider, model))
    return _checked(file, options, say, as_json=json)


@app.command()
def explain(
    what: Annotated[
        str | None, typer.Argument(metavar="CODE|FILE|-", help="An error code, or a script to check.")
    ] = None,
    *,
    workspace: Workspace = None,
    tools: ToolsOption = None,
    json: Json = False,
    language: LanguageOption = LanguageName.standard,
) -> int:
    """Explain error codes in plain words, with a corrected example where there is one; without CODE, list them."""
    from harness.cli.explaining import explanation_text, explanation_wire, findings_text, known_codes
    from harness.cli.views import print_json

    codes = known_codes()
    if what is None:
        print_json({"codes": codes}) if json else print("\n".join(codes))
        return exit_codes.DONE
    if what in codes:
        print_json(explanation_wire(what), indent=2) if json else print(explanation_text(what))
        return exit_codes.DONE

    def say(report: CheckReport) -> str:
        return findings_text(report.diagnostics) if report.diagnostics else "ok: there is nothing to explain"

    def wire(report: CheckReport) -> dict[str, object]:
        found = dict.fromkeys(item.code for item in report.diagnostics)
        return {"explanations": [explanation_wire(code) for code in found]}

    if what != "-" and not os.path.exists(what):
        raise wrong_use(f"{what!r} is neither an error code nor a file", hint=_nearest_code(what, codes))
    options = _options(workspace, tools, language)
    return _checked(what, options, say, as_json=json, more=wire)


def _nearest_code(word: str, codes: Sequence[str]) -> str:
    import difflib

    near = difflib.get_close_matches(word, codes, n=1)
    return f"did you mean {near[0]}?" if near else "toolscript explain lists the codes"


@app.command()
def tools(
    *,
    workspace: Workspace = None,
    tools: ToolsOption = None,
    provider: ProviderOption = None,
    model: ModelOption = None,
    instructions: Annotated[
        FormName | None, typer.Option("--instructions", help="Print what a model is told: rules and tools.")
    ] = None,
    budget: Annotated[
        int | None, typer.Option("--budget", metavar="TOKENS", help="Most tokens of --instructions.")
    ] = None,
    language: LanguageOption = LanguageName.standard,
    json: Json = False,
) -> int:
    """Print the tools that scripts can call: Python declarations, or with --json their schemas too."""
    from harness.cli.running import run_with_loop, with_all_tools
    from harness.cli.views import print_json
    from harness.tools.stubs import render_stub, render_stubs

    opened = run_with_loop(with_all_tools, _options(workspace, tools, language))
    context = _context(provider, model)
    if instructions is not None:
        text = opened.instructions(form=instructions.value, budget_tokens=budget, context=context)
        print_json({"instructions": text}) if json else print(text, end="")
        return exit_codes.DONE
    if budget is not None:
        raise wrong_use("--budget is for --instructions", hint="add --instructions tags, or --instructions native")
    exposed = opened.exposed_tools(context=context)
    if not json:
        print(render_stubs(exposed) or "there are no tools: add --workspace, --tools or MCP servers (mcp.servers)")
        return exit_codes.DONE
    described = [
        {
            "name": tool.name,
            "description": tool.description,
            "stub": render_stub(tool),
            "parameters": tool.schema,
            "returns": tool.returns,
            "risk": tool.risk,
            "approval": tool.approval,
            "parallel": tool.parallel,
        }
        for tool in exposed
    ]
    print_json({"tools": described}, indent=2)
    return exit_codes.DONE


@app.command()
def doctor(
    *,
    self_test: Annotated[
        bool,
        typer.Option("--self-test", help="Have a worker and commands try what they must not be able to do, for real."),
    ] = False,
    json: Json = False,
) -> int:
    """Say which barriers this machine enforces, which are missing and why, and run a script inside them.

    Exit codes: 0 all that is required holds; 5 a required barrier is missing, or with --self-test an act got through
    that a barrier promises to stop.
    """
    from harness.cli.doctor import diagnose, diagnosis_text
    from harness.cli.running import run_with_loop
    from harness.cli.views import print_json

    if self_test:
        from harness.cli.self_test import self_test_text, test_this_machine

        test = run_with_loop(test_this_machine)
        print_json(test.to_wire(), indent=2) if json else print(self_test_text(test))
        code: int = test.exit_code
        return code
    diagnosis = run_with_loop(diagnose)
    print_json(diagnosis.to_wire(), indent=2) if json else print(diagnosis_text(diagnosis))
    return exit_codes.DONE if diagnosis.ok else exit_codes.SANDBOX


# What stands behind the program is the command's, not ours: `rules check ls -l` means what it says.
@rules.command("check", context_settings={"allow_interspersed_args": False})
def rules_check(
    words: Annotated[list[str], typer.Argument(metavar="CMD", help="Program and arguments, last. Nothing is run.")],
    *,
    workspace: Annotated[str | None, typer.Option(metavar="DIR", help="The project whose settings count too.")] = None,
    unsandboxed: Annotated[bool, typer.Option("--unsandboxed", help="Judge a call that asks for no sandbox.")] = False,
    json: Json = False,
) -> int:
    """Say what would be done about a command, and which rules and lists say so.

    Exit codes: 0 it runs, or a person is asked; 2 usage or configuration; 3 it is forbidden.
    """
    from harness.cli.rules import judge_command, judgement_text, judgement_wire
    from harness.cli.views import print_json

    judgement = judge_command(words, workspace=workspace, is_escalated=unsandboxed)
    print_json(judgement_wire(judgement), indent=2) if json else print(judgement_text(judgement))
    return exit_codes.DENIED if judgement.decision == "forbidden" else exit_codes.DONE


@rules.command("test")
def rules_test(
    files: Annotated[list[str] | None, typer.Argument(metavar="FILE", help="Files of rules to test.")] = None,
    *,
    workspace: Annotated[str | None, typer.Option(metavar="DIR", help="The project whose rules are tested.")] = None,
    json: Json = False,
) -> int:
    """Run the examples that rules carry. Without FILE: of the built-in rules, the user's, and those of DIR.

    Exit codes: 0 all hold; 2 some do not, or a file is not in order, so that it cannot be loaded.
    """
    from harness.cli.rules import run_examples, tested_text, tested_wire
    from harness.cli.views import print_json

    tested = run_examples(files or (), workspace=workspace)
    print_json(tested_wire(tested), indent=2) if json else print(tested_text(tested))
    return exit_codes.USAGE if any(item.problems for item in tested) else exit_codes.DONE


@audit.command("show")
def audit_show(
    file: AuditFile, *, run: RunOption = None, tool: ToolOption = None, since: SinceOption = None, json: Json = False
) -> int:
    """Print records for people, one a line. With --json: all that they hold.

    Exit codes: 0 done; 1 the chain is not in order, and what is printed may not be what was written; 2 usage, or FILE
    is no audit record.
    """
    from harness.cli.audit import checked, record_text, selected, selection
    from harness.cli.views import print_json

    wanted, report = selection(run, tool, since), checked(file)
    records = selected(file, wanted)
    if json:
        print_json({"ok": report.ok, "records": [record.fields for record in records]}, indent=2)
    else:
        for record in records:
            print(record_text(record.fields))
    return _warned_of_chain(report)


@audit.command("verify")
def audit_verify(
    file: AuditFile,
    *,
    head: Annotated[
        str | None, typer.Option(metavar="HASH", help="A head that was kept elsewhere: it must still be in the chain.")
    ] = None,
    json: Json = False,
) -> int:
    """Check that no record was changed, taken out, put in or moved, and print the head.

    Keep the head in another place: a file whose end was cut off is a shorter chain, and only a head tells.

    Exit codes: 0 in order; 1 not in order; 2 usage, or FILE is no audit record.
    """
    from harness.cli.audit import checked, report_text
    from harness.cli.views import print_json
    from harness.types import plain

    report = checked(file, head=None if head is None else head.strip().lower())
    print_json(plain(report), indent=2) if json else print(report_text(report))
    return exit_codes.DONE if report.ok else exit_codes.SCRIPT_FAILED


@audit.command("export")
def audit_export(
    file: AuditFile,
    *,
    format: Annotated[ExportFormat, typer.Option(help="jsonl: the lines as they are; csv: for tables.")] = (  # noqa: A002  # it is the option's name
        ExportFormat.jsonl
    ),
    run: RunOption = None,
    tool: ToolOption = None,
    since: SinceOption = None,
) -> int:
    """Print records as JSON lines or CSV, to be kept or looked at elsewhere.

    Exit codes: 0 done; 1 the chain is not in order, and what is printed may not be what was written; 2 usage, or FILE
    is no audit record.
    """
    from harness.cli.audit import CSV_COLUMNS, checked, csv_line, export_csv, export_jsonl, selected, selection

    wanted, report = selection(run, tool, since), checked(file)
    is_table = format is ExportFormat.csv
    if is_table:
        print(csv_line(list(CSV_COLUMNS)))
    for record in selected(file, wanted):
        print(export_csv(record) if is_table else export_jsonl(record))
    return _warned_of_chain(report)


def _warned_of_chain(report: ChainReport) -> int:
    if report.problem is None:
        return exit_codes.DONE
    print(f"toolscript: not in order: line {report.problem.line}: {report.problem.what}", file=sys.stderr)
    return exit_codes.SCRIPT_FAILED


@app.command()
def trust(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="The project's folder.", show_default=False)] = ".",
    *,
    revoke: Annotated[bool, typer.Option("--revoke", help="Take the trust back.")] = False,
    show: Annotated[bool, typer.Option("--list", help="Print the folders that are trusted.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: Json = False,
) -> int:
    """Show what a project's own settings and rules would change, ask, and let them count in full.

    Until then they only tighten. Trust covers the files as they are: after a change they only tighten again.
    """
    if revoke and show:
        raise wrong_use("--revoke and --list exclude each other", hint="leave one out")
    if show:
        return _print_trusted(as_json=json)
    return _revoke(folder, as_json=json) if revoke else _trust(folder, is_sure=yes, as_json=json)


def _print_trusted(*, as_json: bool) -> int:
    from harness.cli.views import print_json
    from harness.config.trust import trusted_folders
    from harness.visible_text import visible

    folders = list(trusted_folders())
    print_json({"trusted": folders}) if as_json else print(visible("\n".join(folders) or "no folder is trusted"))
    return exit_codes.DONE


def _revoke(folder: str, *, as_json: bool) -> int:
    from harness.cli.views import print_json
    from harness.config.trust import untrust

    was_trusted = untrust(folder)
    said = "not trusted any more" if was_trusted else "it was not trusted"
    print_json({"trusted": False, "was_trusted": was_trusted}) if as_json else print(said)
    return exit_codes.DONE


def _trust(folder: str, *, is_sure: bool, as_json: bool) -> int:
    from harness.cli.trust import confirm, preview_text, preview_wire
    from harness.cli.views import print_json
    from harness.config.loading import preview_trust
    from harness.config.trust import trust

    preview = preview_trust(folder)
    if not preview.paths:
        hint = "its settings would stand in .toolscript/toolscript.toml, its rules in .toolscript/rules.toml"
        raise wrong_use(f"{folder!r} has no settings and no rules to trust", hint=hint)
    if not as_json:
        print(preview_text(folder, preview), flush=True)
    is_trusted = confirm(is_sure=is_sure or preview.standing == "trusted")
    if is_trusted:
        trust(folder, digest=preview.digest)
    said = "trusted" if is_trusted else "not trusted"
    print_json(preview_wire(folder, preview, is_trusted=is_trusted), indent=2) if as_json else print(said)
    return exit_codes.DONE


@app.command("serve-mcp")
def serve_mcp(
    *,
    workspace: Workspace = None,
    tools: ToolsOption = None,
    http: Annotated[
        bool, typer.Option("--http", help="Serve streamable HTTP instead of standard input and output.")
    ] = False,
    host: Annotated[str, typer.Option(help="Where HTTP listens.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Of HTTP; 0 for one that is free.")] = 8765,
    token_file: Annotated[
        str | None, typer.Option(metavar="FILE", help="Holds the token that HTTP requests must bring.")
    ] = None,
    allow_origin: Annotated[
        list[str] | None, typer.Option(metavar="ORIGIN", help="Origin of a page that may send HTTP requests.")
    ] = None,
    client_decides: Annotated[
        bool,
        typer.Option(
            "--client-decides",
            help="For clients that show no forms: resume_run takes decisions, because the client asks its user first.",
        ),
    ] = False,
    provider: ProviderOption = None,
    model: ModelOption = None,
    limit: LimitOption = None,
    approval_policy: ApprovalPolicyOption = None,
    sandbox: SandboxOption = None,
    allow_host: HostOption = None,
    approvals: Annotated[
        str | None, typer.Option(metavar="FILE", help="Remember what is approved for a session in this file.")
    ] = None,
    audit: Annotated[str | None, typer.Option(metavar="FILE", help="Append the audit record to this file.")] = None,
    confinement: ConfinementOption = ConfinementName.required,
    language: LanguageOption = LanguageName.standard,
) -> int:
    """Give an MCP client scripts with approvals: run_script, check_script, search_tools, describe_tools, resume_run.

    Clients that can show forms ask their user there. For others, questions wait for `toolscript approve`.
    """
    from dataclasses import replace

    from harness.cli.running import run_with_loop
    from harness.cli.serving import serve_mcp as serve

    options = replace(
        _options(
            workspace,
            tools,
            language,
            overrides=_overrides(approval_policy, sandbox, allow_host),
            context=_context(provider, model),
        ),
        limits=_limits(limit or ()),
        confinement=confinement.value,
        approvals=approvals,
        audit=audit,
    )
    address = _address(host, port, token_file, allow_origin or ()) if http else None
    run_with_loop(lambda: serve(options, address, client_decides=client_decides))
    return exit_codes.DONE


def _address(host: str, port: int, token_file: str | None, origins: Sequence[str]) -> Address:
    from harness.mcp.serving import Address, read_token

    token, is_new = read_token(token_file)
    if is_new:
        print(f"toolscript: the token of this server is {token}", file=sys.stderr)
    address = Address(host, port, token, origins)
    if not address.is_loopback:
        print(
            f"toolscript: {host} can be reached from other machines; the token is all that stops them", file=sys.stderr
        )
    return address


@app.command()
def approve(
    *,
    show: Annotated[bool, typer.Option("--list", help="Print the open questions and answer none.")] = False,
    json: Json = False,
) -> int:
    """Answer questions of scripts that wait in other processes of this user, such as `toolscript serve-mcp`."""
    from harness.cli.approve import answer_questions, open_questions
    from harness.cli.running import run_with_loop
    from harness.cli.views import print_json

    if json:
        print_json({"questions": open_questions()}, indent=2)
        return exit_codes.DONE
    if show:
        found = open_questions()
        print("\n\n".join(item["text"] for item in found) or "no question waits")
        return exit_codes.DONE
    if not run_with_loop(answer_questions):
        print("no question was answered")
    return exit_codes.DONE


def _checked(
    file: str,
    options: Options,
    say: Callable[[CheckReport], str],
    *,
    as_json: bool,
    more: Callable[[CheckReport], dict[str, object]] | None = None,
) -> int:
    """Check every script of a file, print what `say` makes of each, and return the exit code."""
    from harness.cli.checking import check_given, reports_wire
    from harness.cli.given import read_given
    from harness.cli.running import run_with_loop
    from harness.cli.views import print_json

    given = read_given(file)
    reports: list[CheckReport] = run_with_loop(lambda: check_given(given, options))
    if as_json:
        print_json(reports_wire(given, reports, more), indent=2)
    else:
        for block, report in zip(given.blocks, reports, strict=True):
            if len(reports) > 1:
                print(f"== script on line {block.line}")
            print(say(report))
    _say_where_tools_come_from(options, [item for report in reports for item in report.diagnostics])
    return exit_codes.DONE if all(report.ok for report in reports) else exit_codes.SCRIPT_FAILED


def _say_where_tools_come_from(options: Options, found: Sequence[Diagnostic]) -> None:
    has_none = options.workspace is None and not options.tools and not options.loaded.settings.mcp.servers
    if has_none and any(item.code == "tool.not_found" for item in found):
        print("toolscript: there are no tools: add --workspace DIR or --tools MODULE:ATTR", file=sys.stderr)


def _options(
    workspace: str | None,
    tools: list[str] | None,
    language: LanguageName,
    *,
    overrides: Mapping[str, object] | None = None,
    context: Mapping[str, object] | None = None,
) -> Options:
    from harness.cli.running import Options
    from harness.cli.tool_sources import load_tools
    from harness.config import load_settings

    return Options(
        loaded=load_settings(workspace, overrides=overrides),
        context=dict(context or {}),
        workspace=workspace,
        tools=tuple(load_tools(tools or ())),
        language=language.value,
    )


def _context(provider: str | None, model: str | None) -> dict[str, object]:
    return {name: value for name, value in (("provider", provider), ("model", model)) if value is not None}


def _overrides(
    approval_policy: ApprovalPolicyName | None,
    sandbox: SandboxName | None,
    hosts: list[str] | None,
    *,
    mode: ModeName | None = None,
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
