"""The modules a script may import: fresh module objects that hold the listed names and nothing else.

A facade has no `__name__`: `from json import decoder` would otherwise fall back to `sys.modules["json.decoder"]`
(`tests/unit/harness/runtimes/cpython/test_facades.py`).
"""

from __future__ import annotations

import collections
import contextlib
import functools
import importlib
import random
import time
import types
import uuid
import zoneinfo
from collections.abc import Callable, Mapping
from typing import Any

from harness.runtimes.cpython import script_asyncio
from harness.runtimes.cpython.clock import HostClock, HostRandom
from harness.runtimes.cpython.exchange import Exchange
from harness.runtimes.cpython.guards import Guards
from policy.language import FACADES

_DUNDER_COPIES = ("__name__", "__qualname__", "__doc__")


class _Spec:
    """Lets the repr of a facade name it."""

    loader = None
    origin = None
    has_location = False

    def __init__(self, name: str) -> None:
        self.name = name


def make_facades(
    guards: Guards, exchange: Exchange, clock: HostClock, randomness: HostRandom
) -> dict[str, types.ModuleType]:
    """Build every module of the script language, by name."""
    replaced: dict[str, dict[str, object]] = {
        "asyncio": script_asyncio.exposed(exchange),
        "collections": {"namedtuple": _namedtuple},
        "contextlib": _contextlib(),
        "functools": {"wraps": _wraps},
        "operator": _operator(guards),
        "random": _random(randomness),
        "time": _time(clock),
        "typing": {"reveal_type": lambda obj, /: obj},
        "uuid": {"uuid4": lambda: uuid.UUID(int=randomness.bits(128), version=4)},
        "zoneinfo": {"available_timezones": zoneinfo.available_timezones},
    }
    made: dict[str, types.ModuleType] = {}
    for name in sorted(FACADES, key=lambda name: -name.count(".")):  # submodules first: their parents show them
        made[name] = _make_module(name, _members(name, replaced.get(name, {}), made))
    return made


def _members(module: str, replaced: Mapping[str, object], made: Mapping[str, types.ModuleType]) -> dict[str, object]:
    real = importlib.import_module(module)
    members: dict[str, object] = {}
    for name in FACADES[module]:
        if f"{module}.{name}" in made:
            members[name] = made[f"{module}.{name}"]
        elif name in replaced:
            members[name] = _renamed(replaced[name], name)
        elif hasattr(real, name):
            members[name] = getattr(real, name)
    return members


def _renamed(value: object, name: str) -> object:
    if type(value) is types.FunctionType and value.__module__.startswith("harness."):
        value.__name__ = value.__qualname__ = name
    return value


def _make_module(name: str, members: Mapping[str, object]) -> types.ModuleType:
    module = types.ModuleType(name)
    for value in members.values():
        if isinstance(value, types.ModuleType) and "." in value.__dict__.get("__name__", ""):
            raise AssertionError(f"{name} would show a real module")

    def missing(attr: str) -> object:
        raise AttributeError(f"module {name!r} has no attribute {attr!r}")

    module.__dict__.clear()
    module.__dict__.update(members)
    module.__dict__["__spec__"] = _Spec(name)
    module.__dict__["__getattr__"] = missing
    return module


def _namedtuple(
    typename: str, field_names: Any, *, rename: bool = False, defaults: Any = None, module: object = None
) -> Any:
    """Make a named tuple class of the script's."""
    return collections.namedtuple(  # noqa: PYI024  # it is the script's choice, not ours
        typename, field_names, rename=rename, defaults=defaults, module="__main__"
    )


def _wraps(wrapped: Any) -> Callable[[Any], Any]:
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


def _contextlib() -> dict[str, object]:
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

    def decorate(func: Any) -> Any:
        def checked(*args: Any, **kwargs: Any) -> Any:
            made = func(*args, **kwargs)
            if type(made) is not expected:
                raise TypeError(f"the decorated function must be a generator, it returned {type(made).__name__!r}")
            return made

        return real(_wraps(func)(functools.update_wrapper(checked, func, updated=())))

    return decorate


def _operator(guards: Guards) -> dict[str, object]:
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


def _random(randomness: HostRandom) -> dict[str, object]:
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


def _time(clock: HostClock) -> dict[str, object]:
    """The host's time, in the forms of the module."""

    def moment(secs: float | None) -> float:
        return clock.now() if secs is None else secs

    def nanoseconds(seconds: Callable[[], float]) -> Callable[[], int]:
        return lambda: int(seconds() * 1e9)

    def localtime(secs: float | None = None, /) -> time.struct_time:
        return time.localtime(moment(secs))

    names: dict[str, object] = {"time": clock.now, "time_ns": nanoseconds(clock.now)}
    for name in ("monotonic", "perf_counter", "process_time"):
        names[name] = clock.elapsed
        names[f"{name}_ns"] = nanoseconds(clock.elapsed)
    names["gmtime"] = lambda secs=None, /: time.gmtime(moment(secs))
    names["localtime"] = localtime
    names["ctime"] = lambda secs=None, /: time.ctime(moment(secs))
    names["asctime"] = lambda t=None, /: time.asctime(localtime() if t is None else t)
    names["strftime"] = lambda form, t=None, /: time.strftime(form, localtime() if t is None else t)
    return names
