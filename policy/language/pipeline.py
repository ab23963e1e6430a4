"""check() and compile_script(): from a text to findings, a plan, and guarded, metered code.

The order: decode, parse, survey, tool calls, policy pass, meter, compile. Every stage that can report several findings
reports them all; only a text that cannot be parsed ends the check early.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Sequence
from types import CodeType
from typing import Final

from policy.language import entry, hints
from policy.language.meter_pass import meter
from policy.language.policy_frame import Mode
from policy.language.policy_pass import PolicyPass
from policy.language.report import CheckReport, CompiledScript, Diagnostic, Plan, ToolSignature
from policy.language.source import Source, SourceError, read_source
from policy.language.survey import MAX_DEPTH, Survey, TooDeepError
from policy.language.syntax_errors import describe
from policy.language.tool_calls import ToolCheck

LANGUAGE_VERSION: Final = "1"
"""Changes whenever the same source can compile to other code; part of the key of cached code."""

MAX_DIAGNOSTICS: Final = 100
"""Findings that one report holds; the first ones in the order of the script."""

_TOO_DEEP_HINT: Final = "name parts of it in variables, or build it in a loop"


def check(
    source: str | bytes,
    tools: Sequence[ToolSignature] = (),
    *,
    mode: Mode = "standard",
    max_bytes: int = 65_536,
) -> CheckReport:
    """Report every finding in a script, and what it can do. Nothing runs.

    Args:
        source: The script; UTF-8 when bytes.
        tools: The tools that exist. With none, every tool call is a finding.
        mode: "strict" refuses every import.
        max_bytes: Largest size in UTF-8 bytes.

    Returns:
        The findings (`script.*`, `tool.*`), at most `MAX_DIAGNOSTICS`, in the order of the script, and the plan.
    """
    return compile_script(source, tools, mode=mode, max_bytes=max_bytes).report


def compile_script(
    source: str | bytes,
    tools: Sequence[ToolSignature] = (),
    *,
    mode: Mode = "standard",
    max_bytes: int = 65_536,
) -> CompiledScript:
    """Check a script and, when nothing is found, compile it with guards and meter.

    Args:
        source: The script; UTF-8 when bytes.
        tools: The tools that exist.
        mode: "strict" refuses every import.
        max_bytes: Largest size in UTF-8 bytes.

    Returns:
        The report, and a module that defines `guard_names.MAIN` when the report is clean.

    References:
        docs/reference/language.md.
    """
    try:
        text = read_source(source, max_bytes=max_bytes)
        tree = _parse(text)
        survey = _survey(tree, text)
    except SourceError as error:
        return CompiledScript(CheckReport((error.diagnostic,), None), None)
    return _compile(text, tree, survey, tools, mode)


def _parse(text: Source) -> ast.Module:
    """Parse a text; whatever the parser raises becomes a finding."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text.text, entry.FILENAME)
    except SyntaxError as error:
        raise SourceError(describe(error, text)) from None
    except (RecursionError, MemoryError):
        raise SourceError(_too_deep(text)) from None
    except ValueError as error:
        raise SourceError(text.diagnostic("script.syntax", str(error))) from None
    if not tree.body:
        hint = "write at least one statement; `return` gives a value"
        raise SourceError(text.diagnostic("script.syntax", "the script is empty", hint))
    return tree


def _survey(tree: ast.Module, text: Source) -> Survey:
    try:
        return Survey(tree)
    except TooDeepError as error:
        raise SourceError(_too_deep(text, error.node)) from None
    except RecursionError:
        raise SourceError(_too_deep(text)) from None


def _too_deep(text: Source, node: ast.AST | None = None) -> Diagnostic:
    message = f"the script is nested too deeply (at most {MAX_DEPTH} levels)"
    if node is None:
        return text.diagnostic("script.syntax", message, _TOO_DEEP_HINT)
    return text.diagnostic_at(node, "script.syntax", message, _TOO_DEEP_HINT)


def _compile(
    text: Source, tree: ast.Module, survey: Survey, tools: Sequence[ToolSignature], mode: Mode
) -> CompiledScript:
    calls = ToolCheck(text, survey, tools)
    policy = PolicyPass(text, survey, frozenset(tool.name for tool in tools), mode=mode)
    found: list[Diagnostic] = []
    try:
        policy.visit(tree)
        found = [*calls.diagnostics, *policy.diagnostics, *_missing_attributes(text, survey)]
        code = _to_code(tree, survey, policy.future_annotations)
    except SyntaxError as error:
        code, found = None, [*found, describe(error, text, compiling=True)]
    except RecursionError:
        code, found = None, [_too_deep(text)]
    except (ValueError, MemoryError) as error:
        code, found = None, [*found, text.diagnostic("script.syntax", f"the script cannot be compiled: {error}")]
    return CompiledScript(_report(found, calls.plan), None if found else code)


def _to_code(tree: ast.Module, survey: Survey, future_annotations: bool) -> CodeType:
    entry.return_last_value(tree.body)
    meter(tree)
    module = entry.wrap(tree, list(survey.module.bindings))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return entry.compile_module(module, future_annotations=future_annotations)


def _report(found: list[Diagnostic], plan: Plan) -> CheckReport:
    ordered = sorted(set(found), key=lambda each: (each.line, each.column, each.code, each.message))
    return CheckReport(tuple(ordered[:MAX_DIAGNOSTICS]), plan)


def _missing_attributes(text: Source, survey: Survey) -> list[Diagnostic]:
    """`json.codecs` and the like: attributes of imported modules that no facade shows."""
    return [
        text.diagnostic_at(node, "script.forbidden_attribute", *hints.refused_module_attribute(module, node.attr))
        for node, module in survey.missing_module_attributes()
    ]
