"""The commands. What belongs to one group stands in a module of its own; what options there are, in `options.py`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli import exit_codes
from harness.cli.audit_commands import audit
from harness.cli.options import (
    ApprovalPolicyOption,
    ApprovalsOption,
    ApproverName,
    ApproverOption,
    AuditOption,
    ConfinementName,
    ConfinementOption,
    File,
    FormName,
    HostOption,
    Json,
    LanguageName,
    LanguageOption,
    LimitOption,
    ModelOption,
    ModeOption,
    PlanApprovalOption,
    ProviderOption,
    SandboxOption,
    ToolsOption,
    WireFormatName,
    Workspace,
    context_of,
    harness_options,
)
from harness.cli.rules_commands import rules
from harness.cli.trust_command import trust
from harness.cli.usage import wrong_use
from harness.errors import HarnessError

if TYPE_CHECKING:
    from harness.cli.given import Given
    from harness.cli.running import Options, Report, View
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
app.add_typer(rules, name="rules")
app.add_typer(audit, name="audit")


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
    mode: ModeOption = None,
    provider: ProviderOption = None,
    model: ModelOption = None,
    limit: LimitOption = None,
    approval_policy: ApprovalPolicyOption = None,
    sandbox: SandboxOption = None,
    allow_host: HostOption = None,
    approver: ApproverOption = ApproverName.auto,
    plan_approval: PlanApprovalOption = False,
    approvals: ApprovalsOption = None,
    audit: AuditOption = None,
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
    from harness.cli.approving import approver_for
    from harness.cli.given import read_given
    from harness.cli.running import run_given, run_with_loop

    options = harness_options(
        workspace,
        tools,
        language,
        context=context_of(provider, model),
        mode=mode,
        limit=limit,
        approval_policy=approval_policy,
        sandbox=sandbox,
        allow_host=allow_host,
        approvals=approvals,
        audit=audit,
        confinement=confinement,
        plan_approval=plan_approval,
    )
    given = read_given(file)
    view = _view(given, as_json=json, as_events=events, trace=trace)
    answering = approver_for(view, chosen=approver.value, is_input_taken=file == "-", is_output_taken=json or events)
    _print_notes(options)
    report = run_with_loop(lambda: run_given(given, options, view, approver=answering, trace=trace))
    return _reported(given, options, report, as_json=json, as_events=events)


def _print_notes(options: Options) -> None:
    for note in options.loaded.notes:
        print(f"toolscript: {note}", file=sys.stderr)


def _reported(given: Given, options: Options, report: Report, *, as_json: bool, as_events: bool) -> int:
    """Say of scripts that have run what their view did not show, and return the exit code."""
    from harness.cli.running import located
    from harness.cli.views import print_json

    if as_json:
        print_json(located(given, report.outcomes), indent=2)
    _say_where_tools_come_from(options, [item for outcome in report.outcomes for item in outcome.diagnostics])
    if report.not_run and not (as_json or as_events):
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
    mode: ModeOption = None,
    limit: LimitOption = None,
    approval_policy: ApprovalPolicyOption = None,
    sandbox: SandboxOption = None,
    allow_host: HostOption = None,
    approver: ApproverOption = ApproverName.auto,
    plan_approval: PlanApprovalOption = False,
    approvals: ApprovalsOption = None,
    audit: AuditOption = None,
    confinement: ConfinementOption = ConfinementName.required,
    language: LanguageOption = LanguageName.standard,
) -> int:
    """Talk to a model that acts by scripts. The key is read from OPENAI_API_KEY or ANTHROPIC_API_KEY.

    The model's text goes to standard output, all else to standard error or, while a script runs, to the terminal.

    Exit codes: 0 done, 1 a response that is not whole, 2 usage or configuration, or the provider refuses the key or
    knows no such model or address, 4 --max-turns, 5 sandbox unavailable, 7 the provider gave no response, 130
    interrupted.
    """
    from harness.approvals.line_input import LineInput
    from harness.cli.approving import approver_for
    from harness.cli.chat import Chat, chat_with
    from harness.cli.given import Given
    from harness.cli.running import run_with_loop

    options = harness_options(
        workspace,
        tools,
        language,
        context=context_of(provider.value, model),
        mode=mode,
        limit=limit,
        approval_policy=approval_policy,
        sandbox=sandbox,
        allow_host=allow_host,
        approvals=approvals,
        audit=audit,
        confinement=confinement,
        plan_approval=plan_approval,
    )
    said = Chat(provider.value, model, base_url, form.value, prompt, max_turns, max_tokens, stream)
    view = _view(Given("", (), is_message=False), as_json=False, as_events=False, trace=False, is_output_taken=True)
    lines = LineInput(sys.stdin)
    answering = approver_for(view, chosen=approver.value, lines=lines)
    _print_notes(options)
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

    options = harness_options(workspace, tools, language, context=context_of(provider, model))
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

    options = harness_options(workspace, tools, language, context=context_of(provider, model))
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
    options = harness_options(workspace, tools, language)
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

    opened = run_with_loop(with_all_tools, harness_options(workspace, tools, language))
    context = context_of(provider, model)
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


app.command()(trust)


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
    approvals: ApprovalsOption = None,
    audit: AuditOption = None,
    confinement: ConfinementOption = ConfinementName.required,
    language: LanguageOption = LanguageName.standard,
) -> int:
    """Give an MCP client scripts with approvals: run_script, check_script, search_tools, describe_tools, resume_run.

    Clients that can show forms ask their user there. For others, questions wait for `toolscript approve`.
    """
    from harness.cli.running import run_with_loop
    from harness.cli.serving import serve_mcp as serve

    options = harness_options(
        workspace,
        tools,
        language,
        context=context_of(provider, model),
        limit=limit,
        approval_policy=approval_policy,
        sandbox=sandbox,
        allow_host=allow_host,
        approvals=approvals,
        audit=audit,
        confinement=confinement,
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
