"""The modules a script may import: fresh module objects that hold the listed names and nothing else.

A facade has no `__name__`: `from json import decoder` would otherwise fall back to `sys.modules["json.decoder"]`
(`tests/unit/harness/runtimes/cpython/test_facades.py`).
"""

from __future__ import annotations

import hashlib
import importlib
import types
import uuid
import zoneinfo
from collections.abc import Mapping

from harness.runtimes.cpython import replacements, script_asyncio, script_tools
from harness.runtimes.cpython.clock import HostClock, HostRandom
from harness.runtimes.cpython.exchange import Exchange
from harness.runtimes.cpython.guards import Guards
from policy.language import FACADES


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
        "collections": {"namedtuple": replacements.namedtuple},
        "contextlib": replacements.contextlib_names(),
        "dataclasses": {"dataclass": replacements.dataclass},
        "functools": {"wraps": replacements.wraps},
        # The script's own: the library's are sets that anybody may change.
        "hashlib": {name: set(getattr(hashlib, name)) for name in ("algorithms_available", "algorithms_guaranteed")},
        "operator": replacements.operator_names(guards),
        "random": replacements.random_names(randomness),
        "time": replacements.time_names(clock),
        "typing": {"reveal_type": lambda obj, /: obj},
        "uuid": {"uuid4": lambda: uuid.UUID(int=randomness.bits(128), version=4)},
        "zoneinfo": {"available_timezones": zoneinfo.available_timezones},
    }
    stacks = [value for value in replaced["contextlib"].values() if isinstance(value, type)]
    for classes in (
        replacements.ASYNCIO_CLASSES,
        replacements.CONTEXT_MANAGERS,
        stacks,
        script_asyncio.CLASSES,
        script_tools.CLASSES,
    ):
        replacements.refuse_copies(classes)
    replacements.refuse_evaluation()
    replacements.hide_sources()
    replacements.guard_copies(guards)
    replacements.guard_user_strings(guards)
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
