"""The frame of the policy pass: the walk, the findings, and what the rules of several kinds share.

RestrictedPython's class is the base: what has no rule is refused (`generic_visit` -> `not_allowed` -> `error`).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Literal, TypeVar

from RestrictedPython.transformer import RestrictingNodeTransformer

from policy.language import hints, names
from policy.language.grammar import CHILDREN, WALKED_CLASSES
from policy.language.ownership import OwnershipTests
from policy.language.report import Diagnostic
from policy.language.source import Source
from policy.language.survey import Scope, Survey

Mode = Literal["standard", "strict"]
_Node = TypeVar("_Node", bound=ast.AST)


class PolicyFrame(RestrictingNodeTransformer):
    """Walks a parsed script and collects findings; the rules are its subclasses.

    Attributes:
        diagnostics: The findings, in the order of the walk.
        future_annotations: Whether the script wants its annotations as strings.
    """

    _handlers: ClassVar[Mapping[type[ast.AST], Callable[..., Any]]] = {}

    def __init__(self, source: Source, survey: Survey, tools: frozenset[str], *, mode: Mode) -> None:
        super().__init__()
        self.diagnostics: list[Diagnostic] = []
        self.future_annotations = False
        self._source = source
        self._survey = survey
        self._tools = tools
        self._mode = mode
        self._ownership = OwnershipTests(survey)
        self._scope: Scope = survey.module
        self._class_names: list[str] = []
        self._bars_walrus = False

    def visit(self, node: ast.AST) -> Any:
        """Check one node. Free nodes are walked right here: one Python frame per level of nesting."""
        cls = type(node)
        handler = self._handlers.get(cls)
        if handler is not None:
            return handler(self, node)
        if cls not in WALKED_CLASSES:
            self.generic_visit(node)
            return node
        for field in CHILDREN[cls]:
            value = getattr(node, field)
            if value.__class__ is list:
                for index, child in enumerate(value):
                    if child is not None:
                        value[index] = self.visit(child)
            elif value is not None:
                setattr(node, field, self.visit(value))
        return node

    def node_contents_visit(self, node: _Node) -> _Node:
        """Visit the children of a node; what the guards of this class do after their own check."""
        self._children(node, CHILDREN[type(node)])
        return node

    def not_allowed(self, node: ast.AST) -> None:
        """Refuse a node that the grammar does not know."""
        self.report(node, "script.forbidden_syntax", *hints.refused_node(type(node).__name__))

    def error(self, node: ast.AST, info: str) -> None:
        """Turn a finding of the base class into one of ours."""
        self.report(node, "script.forbidden_syntax", info)

    def report(self, node: ast.AST, code: str, message: str, hint: str | None = None) -> None:
        """Add a finding that spans a node."""
        self.diagnostics.append(self._source.diagnostic_at(node, code, message, hint))

    def report_attribute(self, node: ast.Attribute, message: str, hint: str | None) -> None:
        """Add a finding that spans the name of an attribute."""
        found = self._source.diagnostic_at_attribute(node, "script.forbidden_attribute", message, hint)
        self.diagnostics.append(found)

    def _children(self, node: ast.AST, fields: tuple[str, ...]) -> None:
        for field in fields:
            value = getattr(node, field, None)
            if value.__class__ is list:
                value[:] = [child if child is None else self.visit(child) for child in value]
            elif value is not None:
                setattr(node, field, self.visit(value))

    def _check_bound(self, name: str | None, node: ast.AST) -> None:
        """The rule of every field that binds a name."""
        if name is None:
            return
        if names.is_dunder(name):
            allowed = names.CLASS_DUNDERS if self._scope.kind == "class" else frozenset()
            if name not in allowed:
                self.report(node, "script.forbidden_name", *hints.bound_dunder(name, self._scope.kind))
        elif name in names.STRUCTURAL:
            self.report(node, "script.forbidden_name", *hints.structural(name))

    def _visit_named(self, node: ast.AST) -> ast.AST:
        self._check_bound(node.name, node)  # type: ignore[attr-defined]  # handlers, patterns, type parameters
        return self.node_contents_visit(node)


class Inside:
    """The pass inside the scope of a node."""

    __slots__ = ("_before", "_node", "_pass")

    def __init__(self, policy: PolicyFrame, node: ast.AST) -> None:
        self._pass = policy
        self._node = node

    def __enter__(self) -> None:
        self._before = self._pass._scope
        self._pass._scope = self._pass._survey.scopes[self._node]

    def __exit__(self, *error: object) -> None:
        self._pass._scope = self._before
