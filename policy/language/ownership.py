"""Testing once per call, not once per access, whether a parameter is the script's own object.

`self._x` asks on every access whether `self` belongs to the script. Where a function never rebinds the parameter, its
type cannot change, so the question is put at the entry and its answer kept in a local: `.own.self`.
"""

from __future__ import annotations

import ast
from typing import Final

from policy.language import guard_names as guards
from policy.language import guarded_nodes as build
from policy.language.survey import Scope, Survey

_WORTH_IT: Final = 2
"""Tests of one parameter from which on the entry is cheaper."""


class OwnershipTests:
    """The tests of parameters that a policy pass has put into the functions around it."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._tests: dict[Scope, dict[str, list[ast.BoolOp]]] = {}

    def record(self, base: ast.expr, test: ast.BoolOp, scope: Scope) -> None:
        """Remember a test whose first value asks about `base`, if that is a parameter which never changes."""
        if not isinstance(base, ast.Name):
            return
        owner = self._survey.resolve(base.id, scope)
        if owner is not None and self._survey.is_fixed(base.id, owner):
            self._tests.setdefault(owner, {}).setdefault(base.id, []).append(test)

    def move_to_entry(self, function: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """Replace the repeated tests of a function's parameters, in it and in all that stands in it."""
        at = function.body[0]
        for name, tests in self._tests.pop(self._survey.scopes[function], {}).items():
            if len(tests) < _WORTH_IT:
                continue
            kept = f"{guards.OWN}.{name}"
            question = build.is_writable(build.name(name, at), at)
            answer = build.placed(ast.Assign([build.target(kept, at)], question), at)
            function.body.insert(int(build.has_docstring(function.body)), answer)
            for test in tests:
                test.values[0] = build.name(kept, test)
