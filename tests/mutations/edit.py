"""A function of the product with one text in it replaced, in this process: what a check is worth is seen without it."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType, FunctionType
from typing import Any


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of one function.

    Attributes:
        function: "package.module:Class.function".
        old: What stands in it, exactly once.
        new: What stands there instead.
    """

    function: str
    old: str
    new: str

    def apply(self) -> None:
        """Make the change, for everybody who has the function already too.

        Raises:
            LookupError: there is no such function, or the text does not stand in it exactly once: the table is stale.
        """
        self.prepared()()

    def prepared(self) -> Any:
        """Do all that needs files, and return what makes the change."""
        module_name, _, qualname = self.function.partition(":")
        module = importlib.import_module(module_name)
        function = _function(module, qualname)
        code = _found(
            compile(self._changed(inspect.getsource(module), qualname), module.__file__ or "", "exec"), qualname
        )
        if code.co_freevars != function.__code__.co_freevars:
            raise LookupError(f"{self.function}: the change needs other variables of the scope around it")

        def apply() -> None:
            function.__code__ = code

        return apply

    def _changed(self, source: str, qualname: str) -> str:
        first, last = _lines_of(ast.parse(source), qualname)
        lines = source.splitlines(keepends=True)
        text = "".join(lines[first - 1 : last])
        if text.count(self.old) != 1:
            raise LookupError(f"{self.function}: {self.old!r} stands {text.count(self.old)} times in it")
        return "".join(lines[: first - 1]) + text.replace(self.old, self.new) + "".join(lines[last:])


def _function(module: object, qualname: str) -> FunctionType:
    found: Any = module
    for name in qualname.split("."):
        found = inspect.getattr_static(found, name, None)
    for wrapper in ("__wrapped__", "__func__", "fget"):
        found = getattr(found, wrapper, None) or found
    if not isinstance(found, FunctionType):
        raise LookupError(f"there is no function {qualname}")
    return found


def _lines_of(tree: ast.AST, qualname: str) -> tuple[int, int]:
    node: Any = tree
    for name in qualname.split("."):
        node = next(child for child in node.body if getattr(child, "name", None) == name)
    return node.lineno, node.end_lineno


def _found(code: CodeType, qualname: str) -> CodeType:
    for inner in _all_code(code):
        if inner.co_qualname == qualname:
            return inner
    raise LookupError(f"there is no code of {qualname}")


def _all_code(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _all_code(constant)
