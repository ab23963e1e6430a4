"""The rules of imports: facade modules, and the names they show."""

# ruff: noqa: N802  # the names of visitors are the names of the node classes

from __future__ import annotations

import ast
from typing import Final

from policy.language import guarded_nodes as build
from policy.language import hints
from policy.language.facades import FACADES
from policy.language.policy_frame import PolicyFrame
from policy.language.survey import Survey

_FUTURES: Final = frozenset(
    """
    absolute_import annotations division generator_stop generators nested_scopes print_function unicode_literals
    with_statement
    """.split()  # noqa: SIM905  # a list of nine strings reads worse
)


class ImportRules(PolicyFrame):
    """Both forms of import."""

    def visit_Import(self, node: ast.Import) -> ast.stmt | None:
        """`import a.b as c` of facade modules."""
        allowed = [alias for alias in node.names if self._check_module(alias.name, alias)]
        for alias in node.names:
            self._check_bound(alias.asname or alias.name.partition(".")[0], alias)
        return node if len(allowed) == len(node.names) else build.placed(ast.Pass(), node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.stmt | None:
        """`from a import b` of facade modules and the names they show; `*` is written out."""
        if node.module == "__future__" and not node.level:
            return self._future(node)
        if node.level:
            self.report(node, "script.forbidden_import", *hints.RELATIVE_IMPORT)
            return build.placed(ast.Pass(), node)
        module = node.module or ""
        if not self._check_module(module, node):
            return build.placed(ast.Pass(), node)
        found = [self._check_imported(module, alias, node) for alias in node.names]
        if not all(found):
            return build.placed(ast.Pass(), node)
        if node.names[0].name == "*":
            node.names = [_located_alias(name, node.names[0]) for name in sorted(FACADES[module])]
        return node

    def _future(self, node: ast.ImportFrom) -> ast.stmt:
        for alias in node.names:
            if alias.name not in _FUTURES:
                self.report(alias, "script.syntax", f"future feature {alias.name} is not defined", "leave it out")
            self.future_annotations = self.future_annotations or alias.name == "annotations"
        if not _stands_first(node, self._survey):
            message = "from __future__ imports must occur at the beginning of the file"
            self.report(node, "script.syntax", message, "move it to the first line, or leave it out")
        return build.placed(ast.Pass(), node)

    def _check_module(self, module: str, node: ast.AST) -> bool:
        if self._mode == "strict":
            self.report(node, "script.forbidden_import", *hints.strict_import(module, self._tools))
            return False
        if module in FACADES:
            return True
        self.report(node, "script.forbidden_import", *hints.refused_module(module, self._tools))
        return False

    def _check_imported(self, module: str, alias: ast.alias, node: ast.ImportFrom) -> bool:
        if alias.name == "*":
            if self._scope.kind != "module":
                message = "import * only allowed at module level"
                self.report(node, "script.syntax", message, "move it to the top level, or name what you need")
                return False
            return True
        self._check_bound(alias.asname or alias.name, alias)
        if alias.name in FACADES[module]:
            return True
        self.report(alias, "script.forbidden_import", *hints.refused_import(module, alias.name))
        return False


def _located_alias(name: str, at: ast.alias) -> ast.alias:
    return ast.alias(
        name,
        None,
        lineno=at.lineno,
        col_offset=at.col_offset,
        end_lineno=at.end_lineno,
        end_col_offset=at.end_col_offset,
    )


def _stands_first(node: ast.ImportFrom, survey: Survey) -> bool:
    """Whether only a docstring and other future imports stand before a future import."""
    module = survey.module.node
    if not isinstance(module, ast.Module):
        return False
    for index, statement in enumerate(module.body):
        if statement is node:
            return True
        docstring = index == 0 and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not docstring and not isinstance(statement, ast.Pass):
            return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
    return False
