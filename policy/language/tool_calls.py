"""Tool calls in a script (early version)."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from policy.language.report import Diagnostic, Plan, ToolSignature
from policy.language.source import Source
from policy.language.survey import Survey


class ToolCheck:
    def __init__(self, text: Source, tree: ast.Module, survey: Survey, tools: Sequence[ToolSignature]) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.plan = Plan(tuple(sorted(tool.name for tool in tools)), ())
