"""The rules of names: those that are read, bound, deleted and declared."""

# ruff: noqa: N802, N815  # the names of visitors are the names of the node classes

from __future__ import annotations

import ast

from policy.language import guarded_nodes as build
from policy.language import hints, names
from policy.language.policy_frame import PolicyFrame


class NameRules(PolicyFrame):
    """Names and keywords."""

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Names that are bound or deleted, and names that are read."""
        name = node.id
        if not isinstance(node.ctx, ast.Load):
            self._check_bound(name, node)
        elif name in names.REFUSED_BUILTINS:
            if self._survey.resolve(name, self._scope) is None or names.is_dunder(name):
                self.report(node, "script.forbidden_name", *hints.refused_builtin(name, self._tools))
        elif name[:2] == "__" and names.is_dunder(name) and not self._may_read_dunder(name):
            self.report(node, "script.forbidden_name", *hints.read_dunder(name))
        return node

    def _may_read_dunder(self, name: str) -> bool:
        if name in names.READABLE_DUNDER_NAMES:
            return True
        return self._scope.kind == "class" and name in names.CLASS_DUNDERS

    def visit_Global(self, node: ast.Global | ast.Nonlocal) -> ast.stmt:
        """Declared names follow the rule of bound names."""
        for name in node.names:
            self._check_bound(name, node)
        if isinstance(node, ast.Nonlocal) and self._scope.kind == "module":
            self.report(node, "script.syntax", "nonlocal declaration not allowed at module level", hints.NONLOCAL)
            return build.placed(ast.Pass(), node)
        return node

    visit_Nonlocal = visit_Global

    visit_ExceptHandler = visit_MatchAs = visit_MatchStar = PolicyFrame._visit_named

    def visit_keyword(self, node: ast.keyword) -> ast.keyword:
        """Keyword arguments are names too."""
        if node.arg is not None and names.is_dunder(node.arg):
            self.report(node, "script.forbidden_name", *hints.read_dunder(node.arg))
        node.value = self.visit(node.value)
        return node
