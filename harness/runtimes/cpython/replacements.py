"""What facades show in place of the real thing.

The real one would read the clock or randomness, walk attributes by string, look into the caller's frame, execute text,
or hand out objects that scripts must not hold.
"""

from __future__ import annotations

import asyncio
import collections
import contextlib
import copy
import copyreg
import dataclasses
import enum
import functools
import keyword
import random
import time
import types
import typing
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

from harness.runtimes.cpython.clock import HostClock, HostRandom
from harness.runtimes.cpython.guards import Guards, awaited
from harness.runtimes.cpython.script_types import is_script_class
from policy.language import FACADES, is_safe_attribute
from policy.language.names import is_dunder

_PLAIN_MAKERS: tuple[object, ...] = (vars(copyreg)["__newobj__"], vars(copyreg)["__newobj_ex__"])
_DUNDER_COPIES = ("__name__", "__qualname__", "__doc__")


def namedtuple(
    typename: str, field_names: Any, *, rename: bool = False, defaults: Any = None, module: object = None
) -> Any:
    """Make a named tuple class of the script's."""
    return collections.namedtuple(  # noqa: PYI024  # it is the script's choice, not ours
        typename, field_names, rename=rename, defaults=defaults, module="__main__"
    )


def wraps(wrapped: Any) -> Callable[[Any], Any]:
    """Copy name and doc of one function to another, and the attributes that the script gave it."""

    def decorate(wrapper: Any) -> Any:
        if type(wrapper) is types.FunctionType:
            for name in _DUNDER_COPIES:
                value = getattr(wrapped, name, None)
                if isinstance(value, str):
                    setattr(wrapper, name, value)
            if type(wrapped) is types.FunctionType and wrapped.__globals__ is wrapper.__globals__:
                wrapper.__dict__.update(wrapped.__dict__)
        return wrapper

    return decorate


def contextlib_names() -> dict[str, object]:
    """Context managers that call the script back: without a live traceback, and with real generators only."""

    class ExitStack(contextlib.ExitStack):
        def push(self, leave: Any) -> Any:
            if _is_manager(leave, "__exit__"):
                return super().push(leave)
            super().push(lambda kind, error, traceback: leave(kind, error, None))
            return leave

    class AsyncExitStack(contextlib.AsyncExitStack):
        def push(self, leave: Any) -> Any:
            if _is_manager(leave, "__exit__"):
                return super().push(leave)
            super().push(lambda kind, error, traceback: leave(kind, error, None))
            return leave

        def push_async_exit(self, leave: Any) -> Any:
            if _is_manager(leave, "__aexit__"):
                return super().push_async_exit(leave)

            async def call(kind: Any, error: Any, traceback: Any) -> Any:
                return await leave(kind, error, None)

            super().push_async_exit(call)
            return leave

    return {
        "ExitStack": ExitStack,
        "AsyncExitStack": AsyncExitStack,
        "contextmanager": _decorator(contextlib.contextmanager, types.GeneratorType),
        "asynccontextmanager": _decorator(contextlib.asynccontextmanager, types.AsyncGeneratorType),
    }


def _is_manager(value: object, method: str) -> bool:
    return hasattr(type(value), method)


def _decorator(real: Callable[[Any], Any], expected: type) -> Callable[[Any], Any]:
    """The decorator, for functions that return what Python makes of `yield` and no look-alike."""

    wrapper: Callable[[Any], Any] = _Thrown if expected is types.GeneratorType else _AsyncThrown

    def decorate(func: Any) -> Any:
        def checked(*args: Any, **kwargs: Any) -> Any:
            made: Any = func(*args, **kwargs)
            if type(made) is not expected:
                raise TypeError(f"the decorated function must be a generator, it returned {type(made).__name__!r}")
            return wrapper(made)

        if type(func) is types.FunctionType:
            checked.__dict__.update(func.__dict__)
        return real(wraps(func)(functools.update_wrapper(checked, func, updated=())))

    return decorate


class _Thrown:
    """A generator that is given errors without their tracebacks, which `yield from` would pass on to the script."""

    __slots__ = ("_generator",)

    def __init__(self, generator: types.GeneratorType[Any, Any, Any]) -> None:
        self._generator = generator

    def __next__(self) -> Any:
        return next(self._generator)

    def throw(self, kind: Any, error: Any = None, traceback: Any = None) -> Any:
        """Throw the error alone. Python 3.11 gives the three parts of it, later ones the error."""
        return self._generator.throw(kind if error is None else error)

    def close(self) -> None:
        """Close the generator."""
        self._generator.close()


class _AsyncThrown:
    """The same for an async generator."""

    __slots__ = ("_generator",)

    def __init__(self, generator: types.AsyncGeneratorType[Any, Any]) -> None:
        self._generator = generator

    def __aiter__(self) -> _AsyncThrown:
        return self

    def __anext__(self) -> Any:
        return awaited(self._generator.__anext__())

    def athrow(self, kind: Any, error: Any = None, traceback: Any = None) -> Any:
        """Throw the error alone."""
        return awaited(self._generator.athrow(kind if error is None else error))

    def aclose(self) -> Any:
        """Close the generator."""
        return awaited(self._generator.aclose())


def operator_names(guards: Guards) -> dict[str, object]:
    """Getters whose attribute names are strings: through the guards."""

    def walk(obj: Any, path: list[str]) -> Any:
        for name in path:
            obj = guards.get_any(obj, name)
        return obj

    def attrgetter(attr: str, /, *attrs: str) -> Callable[[Any], Any]:
        """Return a function that reads the attributes."""
        if any(type(name) is not str for name in (attr, *attrs)):
            raise TypeError("attribute name must be a string")
        paths = [name.split(".") for name in (attr, *attrs)]
        if len(paths) == 1:
            return lambda obj, /: walk(obj, paths[0])
        return lambda obj, /: tuple(walk(obj, path) for path in paths)

    def methodcaller(name: str, /, *args: Any, **kwargs: Any) -> Callable[[Any], Any]:
        """Return a function that calls the method."""
        return lambda obj, /: guards.get_any(obj, name)(*args, **kwargs)

    return {"attrgetter": attrgetter, "methodcaller": methodcaller}


def random_names(randomness: HostRandom) -> dict[str, object]:
    """The module's functions as methods of the host's stream, and `Random`, which is seeded from it."""
    stream = randomness.stream

    class Random(random.Random):
        """Random numbers; without a seed, from the host's stream."""

        def seed(self, a: Any = None, version: int = 2) -> None:
            super().seed(randomness.bits(128) if a is None else a, version)

    def seed(a: Any = None, version: int = 2) -> None:
        """Start the module's stream over."""
        stream.seed(randomness.bits(128) if a is None else a, version)

    Random.__module__ = "random"
    Random.__qualname__ = "Random"
    functions = {name: getattr(stream, name) for name in FACADES["random"] if hasattr(stream, name)}
    return {**functions, "Random": Random, "seed": seed}


def time_names(clock: HostClock) -> dict[str, object]:
    """The host's time, in the forms of the module."""

    def moment(secs: float | None) -> float:
        return clock.now() if secs is None else secs

    def nanoseconds(seconds: Callable[[], float]) -> Callable[[], int]:
        return lambda: int(seconds() * 1e9)

    def localtime(secs: float | None = None, /) -> time.struct_time:
        return time.localtime(moment(secs))

    # Closures and no bound methods: a deep copy of a method shows the object that it is bound to.
    names: dict[str, object] = {"time": lambda: clock.now(), "time_ns": nanoseconds(clock.now)}
    for name in ("monotonic", "perf_counter", "process_time"):
        names[name] = lambda: clock.elapsed()
        names[f"{name}_ns"] = nanoseconds(clock.elapsed)
    names["gmtime"] = lambda secs=None, /: time.gmtime(moment(secs))
    names["localtime"] = localtime
    names["ctime"] = lambda secs=None, /: time.ctime(moment(secs))
    names["asctime"] = lambda t=None, /: time.asctime(localtime() if t is None else t)
    names["strftime"] = lambda form, t=None, /: time.strftime(form, localtime() if t is None else t)
    return names


def dataclass(cls: Any = None, /, **options: Any) -> Any:
    """`dataclasses.dataclass`, which writes the names of the fields into source text and executes it."""

    def decorate(cls: Any) -> Any:
        if not isinstance(cls, type) or not is_script_class(cls):
            raise TypeError("dataclass() takes a class that the script made")
        for name in getattr(cls, "__annotations__", ()):
            if type(name) is not str or not _is_plain_identifier(name):
                raise TypeError(f"Field names must be valid identifiers: {name!r}")
        # With slots=True a second class is made, and __init_subclass__ of the script told: too early to correct names.
        made: Any = dataclasses.dataclass(cls, **{**options, "match_args": False})
        if options.get("match_args", True) and "__match_args__" not in made.__dict__:
            type.__setattr__(made, "__match_args__", tuple(_free_prefix(_positional_fields(made))))
        return made

    return decorate if cls is None else decorate(cls)


def _is_plain_identifier(name: str) -> bool:
    """Whether a name in source text means just this name: Python reads `_\uff3fclass__` there as `__class__`."""
    if not name.isidentifier() or keyword.iskeyword(name) or is_dunder(name):
        return False
    return unicodedata.normalize("NFKC", name) == name


def _positional_fields(cls: Any) -> Iterable[str]:
    internal: Any = dataclasses
    for field in cls.__dataclass_fields__.values():
        if field.init and not field.kw_only and field._field_type is not internal._FIELD_CLASSVAR:
            yield field.name


def _free_prefix(names: Iterable[str]) -> Iterable[str]:
    """A class pattern reads these in C, also from what merely looks like an instance."""
    for name in names:
        if is_safe_attribute(name) != "free":
            return
        yield name


def refuse_copies(classes: Iterable[type]) -> None:
    """Let `copy` refuse instances of these: the memo of a deep copy would show what they hold."""

    def refuse(value: object, *memo: object) -> object:
        raise TypeError(f"cannot copy {type(value).__name__!r} object")

    tables: Any = copy
    for cls in classes:
        tables._copy_dispatch[cls] = refuse
        tables._deepcopy_dispatch[cls] = refuse


def guard_copies(guards: Guards) -> None:
    """Let `copy` rebuild instances of the script's classes through the guards.

    What it rebuilds them from, an instance may answer itself (`x.__dict__["__reduce_ex__"] = ...`): a function that
    returns any object, and attributes of any name to be set on that.
    """
    tables: Any = copy
    real = tables._reconstruct

    def reconstruct(value: Any, memo: Any, make: Any, args: Any, *parts: Any, **options: Any) -> Any:
        kind = type(value)
        if not is_script_class(kind):
            return real(value, memo, make, args, *_detached(parts), **options)
        if issubclass(kind, enum.Enum):
            return value
        if make is not kind and not (make in _PLAIN_MAKERS and args and args[0] is kind):
            raise TypeError(f"cannot copy {kind.__name__!r} object")
        made = real(value, memo, make, args)
        if type(made) is not kind:
            raise TypeError(f"cannot copy {kind.__name__!r} object")
        state, items, pairs = (*parts, None, None, None)[:3]
        copied: Callable[[Any], Any] = functools.partial(copy.deepcopy, memo=memo) if memo is not None else _as_it_is
        if state is not None:
            _restore(guards, made, copied(state))
        for item in items or ():
            made.append(copied(item))
        for key, item in pairs or ():
            made[copied(key)] = copied(item)
        return made

    tables._reconstruct = reconstruct


def _detached(parts: tuple[Any, ...]) -> tuple[Any, ...]:
    """The state of a library's object as a dict of its own: a deep copy's memo shows what was copied, to be changed."""
    if parts and type(parts[0]) is dict:
        return (dict(parts[0]), *parts[1:])
    return parts


def _as_it_is(part: Any) -> Any:
    return part


def _restore(guards: Guards, made: Any, state: Any) -> None:
    if hasattr(type(made), "__setstate__"):
        made.__setstate__(state)
        return
    slots = None
    if type(state) is tuple and len(state) == 2:
        state, slots = state
    if state is not None:
        made.__dict__.update(state)
    for name, value in dict(slots or {}).items():
        guards.set_any(made, name, value)


def guard_enums(check_base: Callable[[object], None]) -> None:
    """Hold `Enum("Name", members, type=...)`, which makes a class, to the rules of a class statement."""
    kind: Any = enum.EnumType
    real = kind._create_

    def create(cls: Any, class_name: Any, names: Any, *, type: Any = None, **options: Any) -> Any:  # noqa: A002
        if type is not None:
            check_base(type)
        options["module"] = "__main__"
        return real(cls, class_name, _checked_members(names), type=type, **options)

    kind._create_ = create


def _checked_members(names: Any) -> list[Any]:
    """What an enum is made of, in plain strings and pairs; a dunder name would not be a member but a method."""
    if isinstance(names, str):
        names = str.__str__(names).replace(",", " ").split()
    elif isinstance(names, dict):
        names = names.items()
    members: list[Any] = []
    for item in names or ():
        name, *value = (item,) if isinstance(item, str) else item
        name = str.__str__(name)
        if is_dunder(name):
            raise TypeError(f"an enum cannot have a member {name!r}")
        members.append((name, *value) if value else name)
    return members


def guard_user_strings(guards: Guards) -> None:
    """`UserString.format` is Python code that asks the real string behind it."""

    def formatting(name: str) -> Callable[..., str]:
        def method(self: Any, /, *args: Any, **kwargs: Any) -> str:
            text: str = guards.get_guarded(self.data, name)(*args, **kwargs)
            return text

        method.__name__ = name
        return method

    for name in ("format", "format_map"):
        setattr(collections.UserString, name, formatting(name))


def refuse_evaluation() -> None:
    """Since Python 3.14 a forward reference has a public method that evaluates its text."""
    reference: Any = typing.ForwardRef
    if hasattr(reference, "evaluate"):

        def evaluate(*args: object, **kwargs: object) -> object:
            raise TypeError("forward references are not evaluated in a script")

        reference.evaluate = evaluate


def hide_sources() -> None:
    """Let asyncio name coroutines and callbacks in its messages without the paths of their files, which are ours."""
    formatting: Any = asyncio
    formatting.format_helpers._get_function_source = lambda func: None
    formatting.coroutines._format_coroutine = lambda coroutine: f"{coroutine.__qualname__}()"


CONTEXT_MANAGERS: tuple[type, ...] = (
    contextlib.closing,
    contextlib.aclosing,
    contextlib._GeneratorContextManager,
    contextlib._AsyncGeneratorContextManager,
)
"""They hold what they call with a live traceback."""

ASYNCIO_CLASSES: tuple[type, ...] = tuple(
    value
    for module in (asyncio.locks, asyncio.queues, asyncio.timeouts, asyncio.taskgroups)
    for value in vars(module).values()
    if isinstance(value, type) and not issubclass(value, BaseException)
)
