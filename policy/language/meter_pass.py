"""The meter: one step per loop iteration, comprehension item and function entry.

It runs after the policy pass, so the script cannot have named what it puts in. A step takes one item from a shared C
iterator; when that is empty, the worker stops. A loop of ten costs eleven steps, on every Python.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, Final

from policy.language import guard_names as guards
from policy.language import guarded_nodes as build
from policy.language.grammar import CHILDREN


def meter(tree: ast.AST) -> None:
    """Put the counting into a checked tree, in place."""
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        for field in CHILDREN[type(node)]:
            value = getattr(node, field, None)
            if value.__class__ is list:
                for index, child in enumerate(value):
                    if child.__class__ is ast.While and not child.orelse:
                        child = value[index] = _metered_while(child)
                    if child.__class__ not in _LEAVES:
                        stack.append(child)
            elif value is not None and value.__class__ not in _LEAVES:
                stack.append(value)
        treat = _TREATMENTS.get(type(node))
        if treat is not None:
            treat(node)


_LEAVES: Final = frozenset({type(None), ast.Name, ast.Constant, ast.Pass, ast.Break, ast.Continue})


def _tick(at: ast.AST) -> ast.Call:
    """`.next(.budget)`, which gives None."""
    return build.call(guards.NEXT, [build.name(guards.BUDGET, at)], at)


def _tick_statement(at: ast.AST) -> ast.stmt:
    return build.placed(ast.Expr(_tick(at)), at)


def _metered_while(node: ast.While) -> ast.For:
    """`while c: body` -> `for .s in .budget: if not c: break; body`."""
    body = node.body
    if not (isinstance(node.test, ast.Constant) and node.test.value):
        negated = build.placed(ast.UnaryOp(ast.Not(), node.test), node.test)
        stop = build.placed(ast.If(negated, [build.placed(ast.Break(), node.test)], []), node.test)
        body = [stop, *body]
    loop = ast.For(build.target(guards.STEP, node.test), build.name(guards.BUDGET, node.test), body, [])
    return build.placed(loop, node)


def _while_else(node: ast.While) -> None:
    """`while c: ... else: ...` -> `while .next(.budget) or c: ... else: ...`."""
    node.test = build.any_of([_tick(node.test), node.test], node.test)


def _for(node: Any) -> None:
    """`for x in it` -> `for (.s, x) in .zip(.budget, .iter(it))`, in loops and comprehensions."""
    if isinstance(node.iter, ast.Name) and node.iter.id == guards.BUDGET:
        return
    if getattr(node, "is_async", 0):
        _async_comprehension(node)
        return
    target = node.target
    node.target = build.placed(ast.Tuple([build.target(guards.STEP, target), target], build.STORE), target)
    items = build.call(guards.ITER, [node.iter], node.iter)
    node.iter = build.call(guards.ZIP, [build.name(guards.BUDGET, node.iter), items], node.iter)


def _async_comprehension(node: ast.comprehension) -> None:
    """One step before the first item and one for each, as a test that always holds."""
    counted = build.placed(ast.UnaryOp(ast.Not(), _tick(node.iter)), node.iter)
    node.ifs.insert(0, counted)
    node.iter = build.any_of([_tick(node.iter), node.iter], node.iter)


def _async_for(node: ast.AsyncFor) -> None:
    node.iter = build.any_of([_tick(node.iter), node.iter], node.iter)
    node.body.insert(0, _tick_statement(node.target))


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    """One step at the entry, behind the docstring; a generator's entry is its first `next`."""
    index = int(build.has_docstring(node.body))
    node.body.insert(index, _tick_statement(node.body[0]))


def _lambda(node: ast.Lambda) -> None:
    node.body = build.any_of([_tick(node.body), node.body], node.body)


def _class(node: ast.ClassDef) -> None:
    """A loop in a class body must not leave its counter in the class: it becomes a global."""
    if _has_loop(node.body):
        declared = build.placed(ast.Global([guards.STEP]), node.body[0])
        node.body.insert(int(build.has_docstring(node.body)), declared)


def _has_loop(body: list[ast.stmt]) -> bool:
    """Whether a loop stands in these statements or in blocks inside them, functions and classes excepted."""
    for statement in body:
        if isinstance(statement, (ast.For, ast.While)):
            return True
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        blocks: list[Any] = [statement, *getattr(statement, "handlers", ()), *getattr(statement, "cases", ())]
        for block in blocks:
            if any(_has_loop(getattr(block, field, [])) for field in ("body", "orelse", "finalbody")):
                return True
    return False


_TREATMENTS: Final[dict[type[ast.AST], Callable[[Any], None]]] = {
    ast.For: _for,
    ast.comprehension: _for,
    ast.AsyncFor: _async_for,
    ast.While: _while_else,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.Lambda: _lambda,
    ast.ClassDef: _class,
}
