"""Making a module out of a script: its body becomes the async function `.main`, its value what that returns.

The body goes into the function after parsing, so line numbers stay. A `global` statement names everything that the top
level binds, so that globals, closures, class bodies and qualified names are those of an ordinary module.
"""

from __future__ import annotations
import __future__

import ast
from types import CodeType
from typing import Final

from policy.language import guard_names as guards
from policy.language import guarded_nodes as build

FILENAME: Final = "<script>"
_MODULE_NAME: Final = "<module>"
_QUALIFIED: Final = f"{guards.MAIN}.<locals>."


def return_last_value(body: list[ast.stmt]) -> None:
    """Turn a final expression statement into a `return`, also inside a final `if __name__ == "__main__":`."""
    if not body:
        return
    last = body[-1]
    if isinstance(last, ast.Expr):
        body[-1] = build.placed(ast.Return(last.value), last)
    elif isinstance(last, ast.If) and _is_main_test(last.test):
        return_last_value(last.body)


def _is_main_test(test: ast.expr) -> bool:
    if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(test.ops[0], ast.Eq):
        return False
    sides = [test.left, test.comparators[0]]
    names = [side.id for side in sides if isinstance(side, ast.Name)]
    values = [side.value for side in sides if isinstance(side, ast.Constant)]
    return names == ["__name__"] and values == ["__main__"]


def wrap(tree: ast.Module, global_names: list[str]) -> ast.Module:
    """The module that defines `.main`."""
    first = tree.body[0]
    body = tree.body
    if global_names:
        body = [build.placed(ast.Global(global_names), first), *body]
    arguments = ast.arguments(
        posonlyargs=[], args=[], vararg=None, kwonlyargs=[], kw_defaults=[], kwarg=None, defaults=[]
    )
    main = ast.AsyncFunctionDef(name=guards.MAIN, args=arguments, body=body, decorator_list=[], returns=None)
    if "type_params" in ast.AsyncFunctionDef._fields:
        main.type_params = []  # type: ignore[attr-defined]  # a field since Python 3.12
    return ast.Module(body=[build.placed(main, first)], type_ignores=[])


def compile_module(module: ast.Module, *, future_annotations: bool) -> CodeType:
    """Compile a wrapped script.

    Raises:
        SyntaxError: What only the compiler finds: a `break` outside a loop, an `await` outside an async function.
    """
    flags = __future__.annotations.compiler_flag if future_annotations else 0
    code = compile(module, FILENAME, "exec", flags=flags, dont_inherit=True, optimize=0)
    return _as_module(code)


def _as_module(code: CodeType) -> CodeType:
    """Name the code as in an ordinary module: `<module>` for the script, no `.main` in qualified names."""
    constants = tuple(
        _renamed(value).replace(co_name=_MODULE_NAME, co_qualname=_MODULE_NAME)
        if isinstance(value, CodeType) and value.co_name == guards.MAIN
        else value
        for value in code.co_consts
    )
    return code.replace(co_consts=constants)


def _renamed(code: CodeType) -> CodeType:
    """The code, and all code in it, without the function around it in its qualified names."""
    constants = tuple(_renamed(value) if isinstance(value, CodeType) else value for value in code.co_consts)
    return code.replace(co_consts=constants, co_qualname=code.co_qualname.removeprefix(_QUALIFIED))
