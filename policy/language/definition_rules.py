"""The rules of what opens a scope: functions, lambdas, classes, comprehensions, generators; and of annotations."""

# ruff: noqa: N802, N815  # the names of visitors are the names of the node classes

from __future__ import annotations

import ast
from typing import Any, Final

from policy.language import guarded_nodes as build
from policy.language import hints
from policy.language.policy_frame import Inside, PolicyFrame

_GROUPS: Final = frozenset({"BaseExceptionGroup", "ExceptionGroup"})


class DefinitionRules(PolicyFrame):
    """Definitions, annotations, comprehensions."""

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.stmt:
        """Annotations are dropped; decorators and defaults belong to the scope around."""
        self._check_bound(node.name, node)
        self._children(node, ("decorator_list",))
        node.returns = None
        self._defaults(node.args)
        with Inside(self, node):
            self._parameters(node.args)
            self._type_parameters(node)
            self._children(node, ("body",))
        self._ownership.move_to_entry(node)
        return node

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        """Like a function without a name."""
        self._defaults(node.args)
        with Inside(self, node):
            self._parameters(node.args)
            node.body = self.visit(node.body)
        return node

    def _defaults(self, arguments: ast.arguments) -> None:
        self._children(arguments, ("defaults", "kw_defaults"))

    def _parameters(self, arguments: ast.arguments) -> None:
        parameters = (*arguments.posonlyargs, *arguments.args, arguments.vararg, *arguments.kwonlyargs, arguments.kwarg)
        for parameter in parameters:
            if parameter is not None:
                self._check_bound(parameter.arg, parameter)
                parameter.annotation = None

    def _type_parameters(self, node: ast.AST) -> None:
        before, self._bars_walrus = self._bars_walrus, True
        for parameter in getattr(node, "type_params", ()):
            self._visit_named(parameter)
        self._bars_walrus = before

    def visit_TypeAlias(self, node: Any) -> ast.stmt:
        """`type X = ...`: evaluated later, under the same guards."""
        self._check_bound(node.name.id, node)
        self._type_parameters(node)
        before, self._bars_walrus = self._bars_walrus, True
        node.value = self.visit(node.value)
        self._bars_walrus = before
        return node  # type: ignore[no-any-return]  # the class exists since Python 3.12

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.stmt:
        """The worker looks at the bases when the class is made; here the names, the keywords and the body."""
        self._check_bound(node.name, node)
        self._check_class_header(node)
        self._children(node, ("decorator_list",))
        before, self._bars_walrus = self._bars_walrus, bool(getattr(node, "type_params", None))
        self._children(node, ("bases", "keywords"))
        self._bars_walrus = False
        self._class_names.append(node.name)
        with Inside(self, node):
            self._type_parameters(node)
            self._children(node, ("body",))
        self._class_names.pop()
        self._bars_walrus = before
        return node

    def _check_class_header(self, node: ast.ClassDef) -> None:
        for keyword in node.keywords:
            if keyword.arg == "metaclass" or keyword.arg is None:
                self.report(keyword, "script.forbidden_syntax", *hints.METACLASS)
        for base in node.bases:
            if isinstance(base, ast.Name) and base.id in _GROUPS:
                self.report(base, "script.forbidden_syntax", *hints.EXCEPTION_GROUP)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:
        """Class bodies keep their annotations, dataclasses need them; elsewhere Python never uses them."""
        if self._scope.kind == "class":
            self._children(node, ("annotation", "value", "target"))
            return node
        self._children(node, ("value", "target"))
        if self._scope.kind == "module":
            return _without_annotation(node)
        node.annotation = build.constant(None, node.annotation)
        return node

    def _visit_comprehension(self, node: Any) -> ast.expr:
        """The first iterable belongs to the scope around, all else to the comprehension."""
        first, *others = node.generators
        self._visit_iterable(first)
        with Inside(self, node):
            self._children(first, ("target", "ifs"))
            for generator in others:
                self._visit_iterable(generator)
                self._children(generator, ("target", "ifs"))
            self._children(node, ("elt", "key", "value"))
        return node  # type: ignore[no-any-return]  # one of four classes

    def _visit_iterable(self, generator: ast.comprehension) -> None:
        before, self._bars_walrus = self._bars_walrus, True
        generator.iter = self.visit(generator.iter)
        self._bars_walrus = before

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _visit_comprehension

    def visit_Yield(self, node: ast.Yield | ast.YieldFrom) -> ast.expr:
        """The script itself is no generator."""
        if self._scope.kind == "module":
            self.report(node, "script.syntax", "'yield' outside function", hints.YIELD)
            return build.constant(None, node)
        return self.node_contents_visit(node)

    visit_YieldFrom = visit_Yield


def _without_annotation(node: ast.AnnAssign) -> ast.stmt:
    """A global with an annotation, as an assignment: the script's globals are declared, and those take none."""
    if node.value is not None:
        return build.placed(ast.Assign([node.target], node.value), node)
    if isinstance(node.target, ast.Name):
        return build.placed(ast.Pass(), node)
    return build.placed(ast.Expr(node.target.value), node)
