"""The rules of match patterns, which read attributes in C, where no guard looks."""

# ruff: noqa: N802  # the names of visitors are the names of the node classes

from __future__ import annotations

import ast

from policy.language import hints, names
from policy.language.policy_frame import PolicyFrame


class PatternRules(PolicyFrame):
    """Patterns with names, values and classes."""

    def visit_MatchMapping(self, node: ast.MatchMapping) -> ast.pattern:
        """The keys are expressions, the rest is a name."""
        self._check_bound(node.rest, node)
        for key in node.keys:
            self._check_pattern_value(key)
        self._children(node, ("patterns",))
        return node

    def visit_MatchValue(self, node: ast.MatchValue) -> ast.pattern:
        """A dotted name or a literal; Python allows no call here, so no guarded read."""
        self._check_pattern_value(node.value)
        return node

    def visit_MatchClass(self, node: ast.MatchClass) -> ast.pattern:
        """Class patterns read attributes in C: only names that are harmless on every object."""
        self._check_pattern_value(node.cls)
        for attr in node.kwd_attrs:
            if names.is_safe_attribute(attr) != "free":
                self.report(node, "script.forbidden_attribute", *hints.pattern_attribute(attr))
        self._children(node, ("patterns", "kwd_patterns"))
        return node

    def _check_pattern_value(self, value: ast.expr) -> None:
        if isinstance(value, ast.Attribute):
            if names.is_safe_attribute(value.attr) != "free":
                self.report_attribute(value, *hints.pattern_attribute(value.attr))
            self._check_pattern_value(value.value)
        else:
            self.visit(value)
