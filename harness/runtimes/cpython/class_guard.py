"""What a `class` statement of a script runs: a check of the bases, and of the methods that C calls with its objects."""

from __future__ import annotations

import builtins
import types
import typing
from collections.abc import Callable, Iterable
from typing import Any

from harness.runtimes.cpython.script_types import is_script_class
from policy.language import is_safe_attribute

_ALIASES = (types.GenericAlias, typing._GenericAlias)  # type: ignore[attr-defined]  # the class of Generic[T]
_EXITS = ("__exit__", "__aexit__")
_NOT_ON_EXCEPTIONS = frozenset(
    {"__setattr__", "__delattr__", "__getattribute__", "with_traceback", "split", "subgroup", "derive"}
)
_real_build_class = builtins.__build_class__


class ClassGuard:
    """Checks and makes the classes of one script.

    Args:
        bases: Classes (and the functions that act as bases) that a script may inherit from, beside its own.
    """

    def __init__(self, bases: Iterable[object]) -> None:
        self._bases = {id(base): base for base in bases}

    def build_class(self, body: Callable[..., Any], name: str, /, *bases: Any, **keywords: Any) -> type:
        """Make a class, as the interpreter's own function of this name.

        Raises:
            TypeError: a base or keyword that scripts may not use, or a `__match_args__` that reads too much.
        """
        for base in bases:
            self._check_base(base)
        if "metaclass" in keywords:
            raise TypeError("metaclass= is not available in a script")
        made: type = _real_build_class(body, name, *bases, **keywords)
        if isinstance(made, type):
            own = type.__dict__["__dict__"].__get__(made)
            _check_match_args(own.get("__match_args__", ()))
            _check_exception(made, own)
            for method in _EXITS:
                if method in own:
                    type.__setattr__(made, method, _without_traceback(own[method]))
        return made

    def _check_base(self, base: object) -> None:
        if type(base) in _ALIASES:
            base = base.__origin__  # type: ignore[attr-defined]  # aliases have it
        if id(base) in self._bases or (isinstance(base, type) and is_script_class(base)):
            return
        name = getattr(base, "__name__", None)
        described = name if isinstance(name, str) else f"{type(base).__name__!r} objects"
        raise TypeError(f"a script's class cannot inherit from {described}")


def _check_match_args(names: object) -> None:
    if type(names) is not tuple:
        return  # Python itself refuses it when it is used
    for name in names:
        if type(name) is not str or is_safe_attribute(name) != "free":
            raise TypeError(f"__match_args__ cannot name {name!r}")


def _check_exception(made: type, own: Iterable[str]) -> None:
    if issubclass(made, BaseException):
        for name in own:
            if name in _NOT_ON_EXCEPTIONS:
                raise TypeError(f"an exception class of a script cannot define {name}")


def _without_traceback(method: Any) -> Any:
    """The method, with None in place of the traceback; a traceback leads to frames."""
    if type(method) is not types.FunctionType:
        return _ExitDescriptor(method)

    def leave(self: Any, kind: Any = None, error: Any = None, traceback: Any = None) -> Any:
        return method(self, kind, error, None)

    leave.__name__ = method.__name__
    leave.__qualname__ = method.__qualname__
    return leave


class _ExitDescriptor:
    """The same for what is no plain function: static methods, partials, callables."""

    __slots__ = ("_method",)

    def __init__(self, method: Any) -> None:
        self._method = method

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        bind = getattr(type(self._method), "__get__", None)
        bound = self._method if bind is None else bind(self._method, instance, owner)
        return lambda kind=None, error=None, traceback=None: bound(kind, error, None)
