"""Finding tool calls that nothing can ever await.

A call may be awaited far from where it stands: gathered later, handed to a function, kept in a list. So a call is a
finding only where its own place, or every place where its only variable is read, uses it as if it were the result.
"""

from __future__ import annotations

import ast
from typing import Final

from policy.language.survey import Scope, Survey

_CONSUMERS: Final = frozenset(
    {"abs", "bool", "bytes", "dict", "enumerate", "float", "frozenset", "int", "len", "list", "max", "min", "print"}
    | {"repr", "reversed", "round", "set", "sorted", "str", "sum", "tuple"}
)
_JSON: Final = frozenset({"dumps", "loads"})
_USES: Final[dict[type[ast.AST], tuple[str, ...]]] = {
    ast.Attribute: ("value",),
    ast.Subscript: ("value", "slice"),
    ast.For: ("iter",),
    ast.AsyncFor: ("iter",),
    ast.comprehension: ("iter", "ifs"),
    ast.BinOp: ("left", "right"),
    ast.UnaryOp: ("operand",),
    ast.Compare: ("left", "comparators"),
    ast.FormattedValue: ("value",),
    ast.If: ("test",),
    ast.While: ("test",),
    ast.IfExp: ("test",),
    ast.Assert: ("test",),
    ast.Match: ("subject",),
    ast.Starred: ("value",),
    ast.withitem: ("context_expr",),
    ast.AugAssign: ("value",),
    ast.Raise: ("exc",),
    ast.YieldFrom: ("value",),
}
"""Node class -> the fields whose value is used as a result."""


def is_lost(call: ast.expr, scope: Scope, survey: Survey) -> bool:
    """Whether nothing awaits the value of an expression that makes a tool call.

    Args:
        call: The call.
        scope: Where it stands.
        survey: The survey of the script.
    """
    node, parent = _through(call, survey)
    if isinstance(parent, ast.Expr):
        return True
    if isinstance(parent, ast.Return):
        return scope.kind == "module"
    if isinstance(parent, (ast.Assign, ast.AnnAssign)):
        return _is_lost_in_variable(parent, node, scope, survey)
    return _is_used_as_result(node, parent, scope, survey)


def _through(node: ast.expr, survey: Survey) -> tuple[ast.expr, ast.AST]:
    """The outermost expression whose value is that of `node`, and what holds it."""
    parent = survey.parents[node]
    while (isinstance(parent, ast.IfExp) and parent.test is not node) or isinstance(parent, ast.BoolOp):
        node, parent = parent, survey.parents[parent]
    return node, parent


def _is_used_as_result(node: ast.expr, parent: ast.AST, scope: Scope, survey: Survey) -> bool:
    for field in _USES.get(type(parent), ()):
        value = getattr(parent, field)
        if value is node or (isinstance(value, list) and any(each is node for each in value)):
            return True
    if isinstance(parent, ast.keyword):
        node, parent = parent.value, survey.parents[parent]
    return isinstance(parent, ast.Call) and parent.func is not node and _is_consumer(parent.func, scope, survey)


def _is_consumer(function: ast.expr, scope: Scope, survey: Survey) -> bool:
    """Whether a function surely takes results: some builtins, and json.dumps."""
    if isinstance(function, ast.Name):
        return function.id in _CONSUMERS and survey.resolve(function.id, scope) is None
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return function.attr in _JSON and survey.facade(function.value.id, scope) == "json"
    return False


def _is_lost_in_variable(statement: ast.Assign | ast.AnnAssign, node: ast.expr, scope: Scope, survey: Survey) -> bool:
    """Whether a call sits in a variable that is never read, or only read as if it held the result."""
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    if len(targets) != 1 or not isinstance(targets[0], ast.Name) or statement.value is not node:
        return False
    name = targets[0].id
    owner = survey.resolve(name, scope)
    if owner is None or owner.kind == "class" or len(owner.bindings[name]) != 1:
        return False
    return all(
        _is_used_as_result(*_through(read, survey), where, survey) for read, where in survey.reads_of(name, owner)
    )
