"""What a `class` statement of a script runs: a check of the bases, and of the methods that C calls with its objects."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from harness.runtimes.cpython.script_types import is_script_class
from policy.language import is_safe_attribute
from policy.language.names import is_dunder

_ALIASES = (types.GenericAlias, typing._GenericAlias)  # type: ignore[attr-defined]  # the class of Generic[T]
_EXITS = ("__exit__", "__aexit__")
_NOT_ON_EXCEPTIONS = frozenset(
    {"__setattr__", "__delattr__", "__getattribute__", "with_traceback", "split", "subgroup", "derive"}
)
_SLOTS_OF_PYTHON = frozenset({"__dict__", "__weakref__"})
_mro_of = type.__dict__["__mro__"].__get__
_dict_of = type.__dict__["__dict__"].__get__


class ClassGuard:
    """Checks and makes the classes of one script.

    Args:
        bases: Classes (and the functions that act as bases) that a script may inherit from, beside its own.
    """

    def __init__(self, bases: Iterable[object]) -> None:
        self._bases = {id(base): base for base in bases}

    def build_class(self, body: Callable[..., Any], name: str, /, *bases: Any, **keywords: Any) -> type:
        """Make a class, as the interpreter's own function of this name.

        The body runs first and is checked before there is a class: `__init_subclass__` and `__set_name__` of the
        script are called while the class is made, and must find it guarded already.

        Raises:
            TypeError: a base or keyword that scripts may not use, or a name in the body that reads too much.
        """
        for base in bases:
            self.check_base(base)
        if "metaclass" in keywords:
            raise TypeError("metaclass= is not available in a script")
        resolved = types.resolve_bases(bases)
        kind, namespace, keywords = types.prepare_class(name, resolved, keywords)
        exec(body.__code__, body.__globals__, namespace, closure=body.__closure__)
        if resolved is not bases:
            namespace["__orig_bases__"] = bases
        _guard_body(namespace, resolved)
        made: type = kind(name, resolved, namespace, **keywords)
        return made

    def check_base(self, base: object) -> None:
        """Refuse a class that scripts may not inherit from.

        Raises:
            TypeError: it is neither the script's own nor one of those listed.
        """
        if type(base) in _ALIASES:
            base = base.__origin__  # type: ignore[attr-defined]  # aliases have it
        if id(base) in self._bases or (isinstance(base, type) and is_script_class(base)):
            return
        name = getattr(base, "__name__", None)
        described = name if isinstance(name, str) else f"{type(base).__name__!r} objects"
        raise TypeError(f"a script's class cannot inherit from {described}")


def _guard_body(namespace: dict[str, Any], bases: Iterable[object]) -> None:
    """Check what a class body bound, and wrap the methods that C calls with a traceback."""
    _check_match_args(namespace.get("__match_args__", ()))
    if "__slots__" in namespace:
        slots = _checked_slots(namespace["__slots__"])
        dict.__setitem__(namespace, "__slots__", slots)
    _check_exception(namespace, bases)
    for method in _EXITS:
        if method in namespace:
            dict.__setitem__(namespace, method, _without_traceback(namespace[method]))


def _checked_slots(slots: Any) -> object:
    """The slots, which make a descriptor of every name; copied, so that they are the same when Python reads them."""
    listed = (slots,) if isinstance(slots, str) else dict(slots) if type(slots) is dict else tuple(slots)
    for name in listed:
        if type(name) is not str or (is_dunder(name) and name not in _SLOTS_OF_PYTHON):
            raise TypeError(f"__slots__ cannot name {name!r}")
    return listed


def _check_match_args(names: object) -> None:
    if type(names) is not tuple:  # a descriptor would answer with other names when it is used
        raise TypeError("__match_args__ must be a tuple")
    for name in names:
        if type(name) is not str or is_safe_attribute(name) != "free":
            raise TypeError(f"__match_args__ cannot name {name!r}")


def _check_exception(namespace: Mapping[str, Any], bases: Iterable[object]) -> None:
    """Refuse what Python and its library call on exceptions with a traceback, wherever the class has it from."""
    ancestors = [cls for base in bases if isinstance(base, type) for cls in _mro_of(base)]
    if BaseException not in ancestors:
        return
    bodies = [_dict_of(cls) for cls in ancestors if is_script_class(cls)]
    for body in (namespace, *bodies):
        for name in _NOT_ON_EXCEPTIONS:
            if name in body:
                raise TypeError(f"an exception class of a script cannot define {name}")


def _without_traceback(method: Any) -> Any:
    """The method, with None in place of the traceback; a traceback leads to frames."""
    if type(method) is not types.FunctionType:
        return _ExitDescriptor(method)

    def leave(self: Any, kind: Any = None, error: Any = None, traceback: Any = None) -> Any:
        return method(self, kind, error, None)

    leave.__dict__.update(method.__dict__)  # what abstractmethod() noted
    leave.__name__ = method.__name__
    leave.__qualname__ = method.__qualname__
    return leave


class _ExitDescriptor:
    """The same for what is no plain function: static methods, partials, callables."""

    __slots__ = ("_method",)

    def __init__(self, method: Any) -> None:
        self._method = method

    @property
    def __isabstractmethod__(self) -> bool:
        return getattr(self._method, "__isabstractmethod__", False) is True

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        bind = getattr(type(self._method), "__get__", None)
        bound = self._method if bind is None else bind(self._method, instance, owner)
        return lambda *args: bound(*args[:-1], None)  # of the class, it takes the instance too
