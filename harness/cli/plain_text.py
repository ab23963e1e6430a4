"""What the command says in plain text: for pipes, files and simple terminals."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from harness.errors import HarnessError, Location, error_for
from harness.types import ApprovalAnswer, CallRecord, Outcome, TraceLine
from harness.visible_text import visible
from policy.language.report import Diagnostic, Plan


def value_text(value: object) -> str:
    """Return a script's value: text as it is, everything else as JSON."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, indent=2 if isinstance(value, (dict, list)) and value else None)


def short_arguments(arguments: Mapping[str, object], *, most: int = 60) -> str:
    """Return arguments on one line, cut at `most` characters."""
    text = visible(", ".join(f"{name}={json.dumps(value, default=str)}" for name, value in arguments.items()))
    return text if len(text) <= most else text[: most - 3] + "..."


def call_line(call: CallRecord) -> str:
    """Return one finished call on one line."""
    place = f"line {call.line}" if call.line is not None else "call"
    said = f": {call.error.code}: {call.error.message}" if call.error else ""
    arguments = short_arguments(call.arguments)
    asked = f" ({approval_text(call.approval)})" if call.approval else ""
    spent = f"{call.duration_s * 1e3:.0f} ms"
    return visible(f"{place}: tools.{call.tool}({arguments}) {call.status}{asked} in {spent}{said}")


def approval_text(answer: ApprovalAnswer) -> str:
    """Return how a question ended, in words."""
    return answer.replace("_", " ")


def diagnostic_text(diagnostic: Diagnostic) -> str:
    """Return a finding with its source line, the span underlined, and the hint."""
    location = Location(
        diagnostic.line, diagnostic.column, diagnostic.end_line, diagnostic.end_column, diagnostic.excerpt
    )
    error = error_for(diagnostic.code, diagnostic.message, hint=diagnostic.hint, location=location)
    return visible(str(error))


def error_text(error: HarnessError) -> str:
    """Return an error, and the script's own traceback where it has one."""
    traceback = error.details.get("traceback")
    said = str(error)
    if isinstance(traceback, str) and traceback.strip():
        said = f"{traceback.rstrip()}\n{said}"
    return visible(said)


def one_line(error: HarnessError) -> str:
    """Return an error of the command itself as one line."""
    hint = f" (hint: {error.hint})" if error.hint else ""
    return visible(f"toolscript: {error.message}{hint}".replace("\n", " "))


def failure_text(outcome: Outcome) -> str:
    """Return why a run failed: every finding of a refused script, else the error."""
    if outcome.diagnostics:
        return "\n\n".join(diagnostic_text(diagnostic) for diagnostic in outcome.diagnostics)
    return error_text(outcome.error) if outcome.error else ""


def usage_line(outcome: Outcome) -> str:
    """Return what a run spent, and how it was confined, on one line."""
    usage = outcome.usage
    calls = f"{usage.tool_calls} call{'' if usage.tool_calls == 1 else 's'}"
    confined = f"{len(outcome.barriers)} barriers" if outcome.barriers else "no barrier"
    return f"{usage.wall_time_s * 1e3:.0f} ms, {usage.steps:,} steps, {calls}, {confined}"


def leftovers(outcome: Outcome) -> list[str]:
    """Return a line for every call that was cancelled at the end, or never awaited."""
    return [f"still running at the end, cancelled: {visible(name)}" for name in outcome.pending] + [
        f"never awaited, so never run: {visible(name)}" for name in outcome.not_awaited
    ]


def trace_text(trace: Sequence[TraceLine], source: str) -> str:
    """Return executed lines: number, steps so far, source, names that changed."""
    lines = source.splitlines()
    return "\n".join(_trace_line(item, lines) for item in trace)


def _trace_line(item: TraceLine, lines: Sequence[str]) -> str:
    text = lines[item.line - 1] if 0 < item.line <= len(lines) else ""
    changed = ", ".join(f"{name} = {value}" for name, value in item.changed.items())
    return visible(f"{item.line:>5} {item.steps:>9}  {text:<50} {changed}").rstrip()


def dry_run_text(outcome: Outcome) -> str:
    """Return what a dry run found out: the tools that the script can reach, and what would be done about its calls."""
    plan = outcome.plan or Plan((), ())
    lines = ["dry run: nothing was executed", "tools: " + (", ".join(plan.tools) or "none")]
    for call, decided in zip(plan.calls, outcome.would_ask, strict=True):
        arguments = "..." if call.arguments is None else short_arguments(call.arguments, most=200)
        why = f": {decided.reason}" if decided.reason else ""
        lines.append(f"line {call.line}: tools.{call.tool}({arguments}) {_WOULD[decided.decision]}{why}")
    return visible("\n".join(lines))


_WOULD: Mapping[str, str] = {
    "run": "would run",
    "ask": "would be asked about",
    "forbid": "would be forbidden",
    "depends": "depends",
}


def plan_text(plan: Plan) -> str:
    """Return the tools that a script can reach, and the calls that stand in it."""
    if not plan.tools:
        return "tools: none"
    lines = ["tools: " + ", ".join(plan.tools)]
    for call in plan.calls:
        arguments = "..." if call.arguments is None else short_arguments(call.arguments, most=200)
        lines.append(f"line {call.line}: tools.{call.tool}({arguments})")
    return visible("\n".join(lines))
