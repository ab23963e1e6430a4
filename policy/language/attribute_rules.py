"""The rules of attributes: decided by their name where that settles it, else by a guard that looks at the object."""

# ruff: noqa: N802  # the names of visitors are the names of the node classes

from __future__ import annotations

import ast
from typing import Final

from policy.language import guarded_nodes as build
from policy.language import hints, names
from policy.language.policy_frame import PolicyFrame

_SUPER_FREE: Final = names.DUNDER_METHODS - names.SUPER_GUARDED
_NEVER_UPDATED: Final = frozenset({"format", "format_map"})


class AttributeRules(PolicyFrame):
    """Attributes that are read, set, updated and deleted, and the call of `type`."""

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """Decide by the name of the attribute; look at the object only where the name does not settle it."""
        base = node.value = self.visit(node.value)
        load = isinstance(node.ctx, ast.Load)
        attr = node.attr
        verdict = names.is_safe_attribute(attr)
        if verdict == "refused":
            self.report_attribute(node, *hints.refused_attribute(attr))
            return node
        if load:
            return self._read_attribute(node, base, attr, verdict)
        if verdict == "guarded" and attr[0] == "_" and attr not in names.WRITABLE_DUNDERS:
            self.report_attribute(node, *hints.written_dunder(attr))
            return node
        private = self._mangled(attr) if verdict == "private" else None
        tested = build.writable_base(base, private, node, self._holder(base))
        node.value = self._own(base, tested)
        return node

    def _read_attribute(self, node: ast.Attribute, base: ast.expr, attr: str, verdict: names.Verdict) -> ast.expr:
        if verdict == "free":
            return node
        if _is_plain_super(base) and (verdict == "private" or attr in _SUPER_FREE):
            return node
        if verdict == "private":
            mangled = self._mangled(attr)
            return self._own(base, build.private_read(base, attr, mangled, node, self._holder(base)))
        return build.guarded_read(base, attr, node)

    def _own(self, base: ast.expr, tested: build.Tested) -> ast.expr:
        """The guarded expression; its test may move to the entry of the function."""
        expression, test = tested
        if test is not None:
            self._ownership.record(base, test, self._scope)
        return expression

    def _mangled(self, attr: str) -> str:
        """The name that Python really looks up for `__x` in a class body."""
        if attr[:2] != "__" or not self._class_names:
            return attr
        owner = self._class_names[-1].lstrip("_")
        return f"_{owner}{attr}" if owner else attr

    def _holder(self, base: ast.expr) -> build.Holder:
        """What can hold a base. The iterable of a comprehension and annotation scopes allow no walrus."""
        if isinstance(base, ast.Name) and self._survey.is_steady(base.id, self._scope):
            return "itself"
        return "temporary" if self._scope.kind in {"function", "module"} and not self._bars_walrus else "none"

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt:
        """An update reads and writes at once, so what needs a guarded read cannot be updated."""
        target = node.target
        if isinstance(target, ast.Attribute) and target.attr in _NEVER_UPDATED:
            self.report_attribute(target, *hints.updated_attribute(target.attr))
        return self.node_contents_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """`type` with three arguments makes a class behind the checks of a class statement."""
        if len(node.args) + len(node.keywords) > 1 and isinstance(node.func, ast.Name) and node.func.id == "type":
            self._check_type_call(node)
        self._children(node, ("func", "args", "keywords"))
        return node

    def _check_type_call(self, node: ast.Call) -> None:
        if self._survey.resolve("type", self._scope) is None:
            self.report(node, "script.forbidden_name", *hints.THREE_ARGUMENT_TYPE)


def _is_plain_super(base: ast.expr) -> bool:
    """Whether a base is `super()`: only then Python itself settles class and object."""
    if not isinstance(base, ast.Call) or base.args or base.keywords:
        return False
    return isinstance(base.func, ast.Name) and base.func.id == "super"
