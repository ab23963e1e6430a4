"""The guards that the compiler passes call by unspellable names: attribute reads and writes that depend on the object.

Names are decided by `policy.language`; here it is decided which objects a script may write to, whose private names it
may read, and what a guarded name gives on which object. What a read gives is judged by the value, not by the object, so
that neither a subclass nor `super()` leads around a guard.
"""

from __future__ import annotations

import collections
import datetime as dt
import decimal
import textwrap
import types
import typing
from collections.abc import Callable
from typing import Any

from harness.runtimes.cpython.clock import HostClock
from harness.runtimes.cpython.formatting import Formatting
from harness.runtimes.cpython.script_file import SCRIPT_FILE
from harness.runtimes.cpython.script_types import class_of, is_script_class
from harness.runtimes.cpython.values import Data
from policy.language import is_safe_attribute
from policy.language.names import PRIVATE_OF_NAMED_TUPLES, is_dunder

_DESCRIPTOR_METHODS = frozenset({"__get__", "__set__", "__delete__", "__set_name__"})
_WRITABLE_INSTANCES = (
    BaseException,
    collections.UserDict,
    collections.UserList,
    collections.defaultdict,
    decimal.Context,
    textwrap.TextWrapper,
)
# They ask what they were made from for the attributes that they have not; `type(list[int])` makes one of any object.
_ALIASES: tuple[Any, ...] = (types.GenericAlias, typing._BaseGenericAlias)  # type: ignore[attr-defined]
_mro_of = type.__dict__["__mro__"].__get__
_dict_of = type.__dict__["__dict__"].__get__
_self_of_super = super.__dict__["__self__"].__get__


class _WritableTypes(dict[type, bool]):
    """`type -> bool`: True where instances belong to the script. Fills itself."""

    def __missing__(self, cls: type) -> bool:
        self[cls] = verdict = is_script_class(cls)
        return verdict


async def awaited(awaitable: Any) -> Any:
    """A coroutine around an awaitable that itself would show what it waits for when it is iterated."""
    return await awaitable


class Guards:
    """The guards of one worker.

    Args:
        script_globals: The dict that the script runs in; its functions are known by it.
        clock: The host's time.

    Attributes:
        writable: `type -> bool`, for instances.
        safe_classes: Classes whose dunder methods a script may read: what facades and builtins show.
    """

    def __init__(self, script_globals: dict[str, Any], clock: HostClock) -> None:
        self.writable = _WritableTypes()
        self.safe_classes: set[type] = set()
        self._script_globals = script_globals
        self._clock = clock
        self._formatting = Formatting(self._get_formatted)
        self._readers: dict[str, Callable[[Any, str], Any]] = {
            "format": self._read_format,
            "format_map": self._read_format,
            "obj": _read_obj,
            "now": self._read_clock,
            "utcnow": self._read_clock,
            "today": self._read_clock,
            "strptime": _read_plain,
            "register": _read_register,
            "__class__": lambda obj, name: class_of(obj),
            "__setattr__": self._read_setattr,
            "__delattr__": self._read_delattr,
            "__new__": self._read_new,
            "__dict__": self._read_dict,
            "__annotations__": self._read_own,
            "__notes__": _read_notes,
            "__members__": _read_members,
            "__name__": _read_text,
            "__qualname__": _read_text,
            "__doc__": _read_text,
        }
        self._readers.update(dict.fromkeys(("send", "throw", "close", "asend", "athrow", "aclose"), _read_driver))

    # Writes

    def check_write(self, obj: object) -> bool:
        """True if the script may set attributes of `obj`.

        Raises:
            AttributeError: it may not.
        """
        if self._is_own(obj):
            return True
        # except* calls split() of a group, and some Pythons crash when that lies.
        if isinstance(obj, _WRITABLE_INSTANCES) and not isinstance(obj, BaseExceptionGroup):
            return True
        raise AttributeError(f"attributes of {_described(obj)} cannot be changed by a script")

    def checked(self, obj: object) -> object:
        """Return `obj` after `check_write`."""
        self.check_write(obj)
        return obj

    def _is_own(self, obj: object) -> bool:
        """Instances of script classes, script classes, script functions."""
        kind = type(obj)
        if self.writable[kind]:
            return True
        if kind is types.FunctionType:
            return obj.__globals__ is self._script_globals  # type: ignore[attr-defined]  # a function has it
        if kind is super:
            return self._is_own(_self_of_super(obj))
        return isinstance(obj, type) and is_script_class(obj)

    # Private names

    def check_private(self, obj: object, name: str) -> bool:
        """True if the script may read `obj._name`.

        Raises:
            AttributeError: it may not.
        """
        if self._is_own(obj):
            if not (isinstance(obj, type) and _is_of_metaclass(obj, name)):
                return True
        elif name in PRIVATE_OF_NAMED_TUPLES:
            cls = obj if isinstance(obj, type) else type(obj)
            if issubclass(cls, tuple) and type(getattr(cls, "_fields", None)) is tuple:
                return True
        raise AttributeError(
            f"{name} of {_described(obj)} is private; scripts reach private names of their own objects only"
        )

    def get_private(self, obj: Any, name: str) -> Any:
        """Read `obj._name` after `check_private`."""
        self.check_private(obj, name)
        return getattr(obj, name)

    # Reads that look at the object

    def get_guarded(self, obj: Any, name: str) -> Any:
        """Read an attribute whose name is safe on most objects, but not on all.

        Raises:
            AttributeError: not on this one, or it has none.
        """
        reader = self._readers.get(name)
        if reader is not None:
            return reader(obj, name)
        return self._read_method(obj, name)

    def get_any(self, obj: Any, name: str) -> Any:
        """Read an attribute whose name is known only now.

        Raises:
            AttributeError: the name is refused, or not for this object, or it has none.
        """
        if type(name) is not str:
            raise TypeError(f"attribute name must be string, not '{type(name).__name__}'")
        verdict = is_safe_attribute(name)
        if verdict == "free":
            return getattr(obj, name)
        if verdict == "guarded":
            return self.get_guarded(obj, name)
        if verdict == "private":
            return self.get_private(obj, name)
        raise AttributeError(f"{name} is not an attribute that scripts may use")

    def _get_formatted(self, obj: Any, name: str) -> Any:
        """Read an attribute that a format string walks to: as `get_any`, without the dunder names."""
        if is_dunder(name):
            raise AttributeError(f"{name} is not an attribute that format strings may use")
        return self.get_any(obj, name)

    def set_any(self, obj: Any, name: str, value: object) -> None:
        """Set an attribute whose name is known only now."""
        self._check_set(obj, name)
        setattr(obj, name, value)

    def del_any(self, obj: Any, name: str) -> None:
        """Delete an attribute whose name is known only now."""
        self._check_set(obj, name)
        delattr(obj, name)

    def _check_set(self, obj: object, name: str) -> None:
        if type(name) is not str:
            raise TypeError(f"attribute name must be string, not '{type(name).__name__}'")
        verdict = is_safe_attribute(name)
        if verdict == "refused" or is_dunder(name):
            raise AttributeError(f"{name} is not an attribute that scripts may set")
        if verdict == "private":
            self.check_private(obj, name)
        self.check_write(obj)

    # Readers by name

    def _read_format(self, obj: Any, name: str) -> Any:
        value = getattr(obj, name)
        if type(value) is types.BuiltinMethodType and isinstance(value.__self__, str) and value.__name__ == name:
            return self._formatting.bound(str.__str__(value.__self__), name)
        if type(value) is types.MethodDescriptorType and value.__objclass__ is str:
            return self._formatting.unbound(name)
        return value

    def _read_clock(self, obj: Any, name: str) -> Any:
        value = getattr(obj, name)
        if type(value) is not types.BuiltinMethodType:
            return value
        cls = value.__self__
        if not isinstance(cls, type) or not issubclass(cls, dt.date):
            return value
        if name == "now":
            return lambda tz=None: _at(cls, self._clock.now(), tz)
        if name == "utcnow":
            return lambda: _at(cls, self._clock.now(), dt.UTC).replace(tzinfo=None)
        return lambda: cls.fromtimestamp(self._clock.now())

    def _read_setattr(self, obj: Any, name: str) -> Any:
        """`object.__setattr__`, `super().__setattr__`, `self.__setattr__`: the real one, behind the same check."""
        return self._checking(obj, getattr(obj, name))

    def _read_delattr(self, obj: Any, name: str) -> Any:
        return self._checking(obj, getattr(obj, name))

    def _checking(self, obj: Any, real: Callable[..., object]) -> Callable[..., object]:
        """`__setattr__` or `__delattr__`, which look at target and name first. Of a class, they take the target."""
        if isinstance(obj, type):

            def unbound(target: Any, attr: str, /, *value: object) -> object:
                self._check_set(target, attr)
                return real(target, attr, *value)

            return unbound
        target = _self_of_super(obj) if type(obj) is super else obj

        def bound(attr: str, /, *value: object) -> object:
            self._check_set(target, attr)
            return real(attr, *value)

        return bound

    def _read_new(self, obj: Any, name: str) -> Any:
        """`__new__`, which makes instances of the script's and of safe classes only."""
        real = getattr(obj, name)

        def new(cls: Any, /, *args: Any, **kwargs: Any) -> Any:
            if not isinstance(cls, type) or not (is_script_class(cls) or cls in self.safe_classes):
                raise TypeError(f"__new__ cannot make {_described(cls)} here")
            return real(cls, *args, **kwargs)

        return new

    def _read_dict(self, obj: Any, name: str) -> Any:
        """The attributes of an instance of the script's own; what lies there, the script may read and set anyway."""
        if not self.writable[type(obj)]:
            raise AttributeError(f"__dict__ of {_described(obj)} is not for scripts")
        return obj.__dict__

    def _read_own(self, obj: Any, name: str) -> Any:
        if not self._is_own(obj):
            raise AttributeError(f"{name} of {_described(obj)} is not for scripts")
        return types.MappingProxyType(dict(getattr(obj, name)))

    def _read_method(self, obj: Any, name: str) -> Any:
        """A dunder method, of the script's own objects, of builtin data and of what facades show."""
        cls = obj if isinstance(obj, type) else type(obj)
        if not (self._is_own(obj) or (cls in self.safe_classes and name not in _DESCRIPTOR_METHODS)):
            raise AttributeError(f"{name} of {_described(obj)} is not for scripts")
        value = getattr(obj, name)
        if name == "__init__" and not (self.writable[cls] or type(obj) is super):
            return self._for_own_instances(obj, value)
        if isinstance(obj, type) and type(value) is types.FunctionType and value.__code__.co_filename != SCRIPT_FILE:
            return _for_instances_of(obj, value)
        return value

    def _for_own_instances(self, obj: Any, init: Callable[..., Any]) -> Callable[..., Any]:
        """`__init__` of a class that is not the script's: it would make a shared object, a property say, another."""
        if not isinstance(obj, type):
            raise AttributeError(f"__init__ of {_described(obj)} is not for scripts")

        def checked(instance: Any, /, *args: Any, **kwargs: Any) -> Any:
            if not self.writable[type(instance)] or obj not in _mro_of(type(instance)):
                raise TypeError(f"__init__() requires an instance of a script's class, not {_described(instance)}")
            return init(instance, *args, **kwargs)

        return checked


def _at(cls: Any, stamp: float, zone: Any) -> Any:
    return cls.fromtimestamp(stamp, zone)


def _described(obj: object) -> str:
    if isinstance(obj, type):
        return f"the class {type.__dict__['__name__'].__get__(obj)}"
    if isinstance(obj, types.ModuleType):
        return "a module"
    if type(obj) is Data:
        return 'a tool\'s result (use result["name"] = ...)'
    return f"{type.__dict__['__name__'].__get__(type(obj))!r} objects"


def _is_of_metaclass(cls: type, name: str) -> bool:
    """Whether a class has a name from its metaclass alone, which is never the script's (`Enum._convert_`)."""
    return hasattr(type(cls), name) and not any(name in _dict_of(base) for base in _mro_of(cls))


def _for_instances_of(cls: type, method: Callable[..., Any]) -> Callable[..., Any]:
    """A method that is no code of the script, so no guard is in it: it takes only what it was made for.

    Those of dataclasses read and set attributes of the script's choice.
    """

    def checked(instance: Any, /, *args: Any, **kwargs: Any) -> Any:
        if cls not in _mro_of(type(instance)):  # isinstance() believes what register() was told
            raise TypeError(f"{method.__name__}() requires an instance of {cls.__name__}")
        return method(instance, *args, **kwargs)

    return checked


def _read_plain(obj: Any, name: str) -> Any:
    return getattr(obj, name)


def _read_text(obj: Any, name: str) -> Any:
    value = getattr(obj, name)
    if value is not None and not isinstance(value, str):
        raise AttributeError(f"{name} of {_described(obj)} is not for scripts")
    return value


def _read_members(obj: Any, name: str) -> Any:
    value = getattr(obj, name)
    if type(value) is not types.MappingProxyType:
        raise AttributeError(f"{name} of {_described(obj)} is not for scripts")
    return types.MappingProxyType(dict(value))  # a comparison would hand out the dict behind it


def _read_notes(obj: Any, name: str) -> Any:
    if not isinstance(obj, BaseException):
        raise AttributeError(f"{name} of {_described(obj)} is not for scripts")
    return getattr(obj, name)


def _read_obj(obj: Any, name: str) -> Any:
    """`.obj`, which on an AttributeError is whatever object lacked the attribute."""
    target = _asked_in_the_end(obj)
    if issubclass(target if isinstance(target, type) else type(target), AttributeError):
        raise AttributeError("obj of an AttributeError is not for scripts")
    return getattr(obj, name)


def _asked_in_the_end(obj: Any) -> Any:
    """The object that is asked for an attribute behind `super()` and aliases, which may stand around each other."""
    while True:
        if type(obj) is super:
            obj = _self_of_super(obj)
        elif isinstance(obj, _ALIASES):
            obj = obj.__origin__
        else:
            return obj


def _read_register(obj: Any, name: str) -> Any:
    """`.register` of abstract classes: on the script's own, for the script's own.

    A class pattern reads attributes of whatever counts as an instance.
    """
    value = getattr(obj, name)
    if type(value) is not types.MethodType or value.__func__.__code__.co_filename == SCRIPT_FILE:
        return value
    owner = value.__self__

    def register(cls: Any) -> Any:
        if not all(isinstance(item, type) and is_script_class(item) for item in (owner, cls)):
            raise TypeError("register() takes classes that the script made")
        return value(cls)

    return register


def _read_driver(obj: Any, name: str) -> Any:
    """`send`, `throw`, `close` and their async forms.

    Plain generators give what the script itself yielded. What coroutines and async generators yield is the event loop's
    futures, so those are driven by `await` alone.
    """
    value = getattr(obj, name)
    if type(value) is types.MethodDescriptorType:
        if value.__objclass__ is not types.GeneratorType:
            raise AttributeError(f"{name} of {_described(obj)} is not for scripts")
        return value
    owner = getattr(value, "__self__", None) if type(value) is types.BuiltinMethodType else None
    if owner is None or type(owner) is types.GeneratorType:
        return value
    if type(owner) is types.AsyncGeneratorType:
        return lambda *args: awaited(value(*args))
    if type(owner) is types.CoroutineType and name == "close":
        return value
    if type(owner).__module__ in ("builtins", "asyncio", "_asyncio"):
        raise AttributeError(f"{name} of {_described(obj)} is not for scripts")
    return value
