"""The `__builtins__` of a script: those of Python that are safe, guarded forms of a few, and the compiler's names."""

from __future__ import annotations

import builtins
import sys
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from harness.runtimes.cpython import tool_errors
from harness.runtimes.cpython.class_guard import ClassGuard
from harness.runtimes.cpython.clock import HostRandom
from harness.runtimes.cpython.guards import Guards, awaited
from harness.runtimes.cpython.output import Log, make_print
from harness.runtimes.cpython.replacements import guard_enums
from harness.runtimes.cpython.script_types import ScriptType
from policy.language import BUILTINS, FACADES, guard_names, is_safe_attribute

_ABSENT = object()
# What scripts may inherit from beside their own classes: "module.name" of a facade; exceptions are added as a whole.
_BASES = {
    "abc": "ABC",
    "collections": "ChainMap Counter OrderedDict UserDict UserList UserString defaultdict deque",
    "contextlib": """AbstractAsyncContextManager AbstractContextManager AsyncContextDecorator ContextDecorator""",
    "csv": "Dialect excel excel_tab unix_dialect",
    "datetime": "date datetime time timedelta tzinfo",
    "decimal": "Decimal",
    "enum": "Enum IntEnum StrEnum Flag IntFlag ReprEnum",
    "fractions": "Fraction",
    "json": "JSONEncoder JSONDecoder",
    "random": "Random",
    "string": "Template",
    "typing": "Generic NamedTuple Protocol TypedDict",
}
_WHOLE_MODULES = ("collections.abc", "numbers")
_BUILTIN_BASES = (object, int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset, property)
_RANDOM = frozenset({"random", "statistics", "uuid"})
# Modules whose classes keep the event loop in private attributes.
_NO_DUNDERS = frozenset({"asyncio"})


def make_builtins(
    guards: Guards, facades: Mapping[str, types.ModuleType], log: Log, randomness: HostRandom
) -> dict[str, Any]:
    """Return the builtins of a script, all but what belongs to one run."""
    names: dict[str, Any] = {name: getattr(builtins, name) for name in BUILTINS if hasattr(builtins, name)}
    names.update(_guarded_builtins(guards))
    names.update(named({"print": make_print(log)}))
    names["type"] = ScriptType
    classes = list(_shown_classes(names, facades))
    guards.safe_classes.update(classes)
    class_guard = ClassGuard(_bases(names, facades))
    guard_enums(class_guard.check_base)
    names["__build_class__"] = class_guard.build_class
    names["__import__"] = make_import(facades, randomness.open)
    names["__debug__"] = True
    names.update(
        {
            guard_names.NEXT: next,
            guard_names.ZIP: zip,
            guard_names.ITER: iter,
            guard_names.TYPE: type,
            guard_names.WRITABLE: guards.writable,
            guard_names.CHECK_WRITE: guards.check_write,
            guard_names.CHECKED: guards.checked,
            guard_names.CHECK_PRIVATE: guards.check_private,
            guard_names.GET_PRIVATE: guards.get_private,
            guard_names.GETATTR: guards.get_guarded,
        }
    )
    return names


def _guarded_builtins(guards: Guards) -> dict[str, Callable[..., Any]]:
    """Builtins that take attribute names, or that give what only `await` may drive."""

    def guarded_getattr(obj: Any, name: str, default: Any = _ABSENT, /) -> Any:
        if default is _ABSENT:
            return guards.get_any(obj, name)
        try:
            return guards.get_any(obj, name)
        except AttributeError:
            return default

    def guarded_hasattr(obj: Any, name: str, /) -> bool:
        if type(name) is not str:
            raise TypeError("hasattr(): attribute name must be string")
        return hasattr(obj, name)

    def guarded_setattr(obj: Any, name: str, value: object, /) -> None:
        guards.set_any(obj, name, value)

    def guarded_delattr(obj: Any, name: str, /) -> None:
        guards.del_any(obj, name)

    def guarded_dir(obj: Any, /) -> list[str]:
        return [name for name in dir(obj) if type(name) is str and is_safe_attribute(name) != "refused"]

    def guarded_anext(iterator: Any, default: Any = _ABSENT, /) -> Any:
        given = () if default is _ABSENT else (default,)
        return awaited(anext(iterator, *given))

    return named(
        {
            "getattr": guarded_getattr,
            "hasattr": guarded_hasattr,
            "setattr": guarded_setattr,
            "delattr": guarded_delattr,
            "dir": guarded_dir,
            "anext": guarded_anext,
        }
    )


def named(functions: dict[str, Any]) -> dict[str, Any]:
    """Give functions of ours the names that a script knows them by."""
    for name, function in functions.items():
        if type(function) is types.FunctionType:
            function.__name__ = function.__qualname__ = name
    return functions


def make_import(facades: Mapping[str, types.ModuleType], open_randomness: Callable[[], None]) -> Callable[..., Any]:
    """Return the `__import__` of a script, which knows the facades and nothing else."""

    def import_facade(
        name: str, scope: object = None, inner: object = None, fromlist: object = None, level: int = 0
    ) -> Any:
        # C code that needs a module in the name of the script (strptime, strftime) passes a list, a statement never
        # does. It then takes the module from sys.modules itself, so nothing is handed out here.
        if type(fromlist) is list:
            if name in sys.modules:
                return None
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        wanted = name if fromlist else name.partition(".")[0]
        if name not in facades or wanted not in facades:
            raise ModuleNotFoundError(f"{name} is not a module of the script language", name=name)
        if name in _RANDOM:
            open_randomness()
        return facades[wanted]

    return import_facade


def _shown_classes(names: Mapping[str, Any], facades: Mapping[str, types.ModuleType]) -> Iterator[type]:
    """The classes that a script can name: their dunder methods are harmless on them and their instances."""
    for value in names.values():
        if isinstance(value, type):
            yield value
    for module, facade in facades.items():
        if module not in _NO_DUNDERS:
            for name in FACADES[module]:
                value = facade.__dict__.get(name)
                if isinstance(value, type):
                    yield value
    yield from (
        type(None),
        type({}.keys()),
        type({}.values()),
        type({}.items()),
        types.GeneratorType,
        types.MappingProxyType,
    )


def _bases(names: Mapping[str, Any], facades: Mapping[str, types.ModuleType]) -> Iterable[object]:
    """What a class of a script may inherit from, beside the script's own classes."""
    yield from _BUILTIN_BASES
    yield from tool_errors.CLASSES
    shown = [value for facade in facades.values() for value in facade.__dict__.values()]
    for value in [*names.values(), *shown]:
        if isinstance(value, type) and issubclass(value, BaseException) and not issubclass(value, BaseExceptionGroup):
            yield value
    for module, listed in _BASES.items():
        yield from (facades[module].__dict__[name] for name in listed.split() if name in facades[module].__dict__)
    for module in _WHOLE_MODULES:
        yield from (value for value in facades[module].__dict__.values() if isinstance(value, type))
