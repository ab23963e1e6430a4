"""The expressions that the policy pass and the meter put into a script.

Each takes its position from the node it stands for, so that tracebacks show the script's own lines.
"""

from __future__ import annotations

import ast
from typing import Final, Literal, TypeVar

from policy.language import guard_names as guards

LOAD: Final = ast.Load()
STORE: Final = ast.Store()

_Node = TypeVar("_Node", bound="ast.expr | ast.stmt")


def placed(new: _Node, at: ast.AST) -> _Node:
    """The new node, at the position of an old one."""
    new.lineno = at.lineno  # type: ignore[attr-defined]  # every node given here has a position
    new.col_offset = at.col_offset  # type: ignore[attr-defined]
    new.end_lineno = at.end_lineno  # type: ignore[attr-defined]
    new.end_col_offset = at.end_col_offset  # type: ignore[attr-defined]
    return new


def name(identifier: str, at: ast.AST) -> ast.Name:
    """A name that is read."""
    return placed(ast.Name(identifier, LOAD), at)


def target(identifier: str, at: ast.AST) -> ast.Name:
    """A name that is bound."""
    return placed(ast.Name(identifier, STORE), at)


def constant(value: object, at: ast.AST) -> ast.Constant:
    """A literal."""
    return placed(ast.Constant(value), at)  # type: ignore[arg-type]  # strings, None and True only


def call(function: str, arguments: list[ast.expr], at: ast.AST) -> ast.Call:
    """A call of a guard."""
    return placed(ast.Call(name(function, at), arguments, []), at)


def any_of(values: list[ast.expr], at: ast.AST) -> ast.BoolOp:
    """`a or b`."""
    return placed(ast.BoolOp(ast.Or(), values), at)


def all_of(values: list[ast.expr], at: ast.AST) -> ast.BoolOp:
    """`a and b`."""
    return placed(ast.BoolOp(ast.And(), values), at)


def is_writable(base: ast.expr, at: ast.AST) -> ast.Subscript:
    """`.writable[.type(base)]`."""
    return placed(ast.Subscript(name(guards.WRITABLE, at), call(guards.TYPE, [base], at), LOAD), at)


def attribute(base: ast.expr, attr: str, at: ast.AST) -> ast.Attribute:
    """`base.attr`, read."""
    return placed(ast.Attribute(base, attr, LOAD), at)


Holder = Literal["itself", "temporary", "none"]
"""What holds a base between its test and its use: its own name, a local of ours, or nothing can."""


def named_base(base: ast.expr, holder: Holder) -> tuple[ast.expr, ast.expr] | None:
    """A base to be evaluated once: the expression for the first use, and the one for later uses.

    Returns:
        None where no name can hold it: in class bodies, comprehensions and annotation scopes.
    """
    if holder == "itself":
        return base, base
    if holder == "none":
        return None
    first = placed(ast.NamedExpr(target(guards.TEMPORARY, base), base), base)
    return first, name(guards.TEMPORARY, base)


Tested = tuple[ast.expr, "ast.BoolOp | None"]
"""A guarded expression, and the test in it whose first value asks whether the base is the script's own."""


def private_read(base: ast.expr, attr: str, checked_name: str, at: ast.AST, holder: Holder) -> Tested:
    """`base._x if base is the script's own or .check_private(base, "_x") else None`."""
    bases = named_base(base, holder)
    if bases is None:
        return call(guards.GET_PRIVATE, [base, constant(checked_name, at)], at), None
    first, again = bases
    slow = call(guards.CHECK_PRIVATE, [again, constant(checked_name, at)], at)
    test = any_of([is_writable(first, at), slow], at)
    return placed(ast.IfExp(test, attribute(again, attr, at), constant(None, at)), at), test


def writable_base(base: ast.expr, private_name: str | None, at: ast.AST, holder: Holder) -> Tested:
    """The base of an attribute that is set or deleted, checked before the write."""
    bases = named_base(base, holder)
    if bases is None:
        return call(guards.CHECKED, [base], at), None
    first, again = bases
    slow: ast.expr = call(guards.CHECK_WRITE, [again], at)
    if private_name is not None:
        slow = all_of([call(guards.CHECK_PRIVATE, [again, constant(private_name, at)], at), slow], at)
    test = any_of([is_writable(first, at), slow], at)
    return all_of([test, again], at), test


def has_docstring(body: list[ast.stmt]) -> bool:
    """Whether the first statement of a body is its docstring."""
    first = body[0]
    return isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)


def guarded_read(base: ast.expr, attr: str, at: ast.AST) -> ast.Call:
    """`.getattr(base, "attr")`."""
    return call(guards.GETATTR, [base, constant(attr, at)], at)
