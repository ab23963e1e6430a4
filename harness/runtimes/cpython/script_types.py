"""What a script gets for `type(x)`: never the real `type`, nor a class that makes functions, modules or things of ours.

A stand-in is a class that answers isinstance, equality, naming and `|` as the real one does, and makes nothing.
"""

from __future__ import annotations

import contextlib
import types
from typing import Any

from harness.runtimes.cpython.values import Data

_HEAP_TYPE = 1 << 9  # Py_TPFLAGS_HEAPTYPE
_flags_of = type.__dict__["__flags__"].__get__
_module_of = type.__dict__["__module__"].__get__
_real_name_of = type.__dict__["__name__"].__get__


def is_script_class(cls: type) -> bool:
    """Whether a class was made by the script, by a class statement or by something that makes classes for it."""
    return bool(_flags_of(cls) & _HEAP_TYPE) and _module_of(cls) == "__main__"


class _StandInMeta(type):
    """Behaviour of the stand-in classes themselves."""

    _real: Any

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls is ScriptType:
            return _type_of(*args, **kwargs)
        raise TypeError(f"cannot create {cls.__name__!r} instances")

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, cls._real)

    def __subclasscheck__(cls, subclass: type) -> bool:
        real = subclass._real if type(subclass) is _StandInMeta else subclass
        return issubclass(real, cls._real)

    def __repr__(cls) -> str:
        return f"<class {cls.__name__!r}>"

    def __setattr__(cls, name: str, value: object) -> None:
        raise TypeError(f"cannot set {name!r} attribute of immutable type {cls.__name__!r}")


def _make_stand_in(real: type, name: str) -> type:
    return _StandInMeta(name, (), {"__slots__": (), "__module__": "builtins", "_real": real})


class ScriptType(metaclass=_StandInMeta):
    """The script's `type`."""

    __slots__ = ()
    _real = type

    def __class_getitem__(cls, item: object) -> types.GenericAlias:
        return types.GenericAlias(ScriptType, item)


type.__setattr__(ScriptType, "__name__", "type")
type.__setattr__(ScriptType, "__qualname__", "type")
type.__setattr__(ScriptType, "__module__", "builtins")

# Classes whose constructors, or whose descriptors, lead from data to code.
_MAKERS: tuple[type, ...] = (
    types.FunctionType,
    types.MethodType,
    types.CodeType,
    types.ModuleType,
    types.CellType,
    types.FrameType,
    types.TracebackType,
    types.CoroutineType,
    types.AsyncGeneratorType,
    types.BuiltinFunctionType,
    types.MethodWrapperType,
    types.WrapperDescriptorType,
    types.MethodDescriptorType,
    types.ClassMethodDescriptorType,
    types.GetSetDescriptorType,
    types.MemberDescriptorType,
    # They would take whatever a function returns for its generator, and throw a live traceback into it.
    contextlib._GeneratorContextManager,
    contextlib._AsyncGeneratorContextManager,
)
_stand_ins: dict[type, type] = {kind: _make_stand_in(kind, _real_name_of(kind)) for kind in _MAKERS}
_stand_ins[Data] = dict


def _type_of(*args: Any, **kwargs: Any) -> type:
    if len(args) != 1 or kwargs:
        raise TypeError("type() takes 1 argument in a script; write a class statement to make a class")
    return class_of(args[0])


def class_of(value: object) -> type:
    """Return what a script may know as the class of `value`."""
    kind = type(value)
    known = _stand_ins.get(kind)
    if known is not None:
        return known
    if issubclass(kind, type):
        return ScriptType
    if is_script_class(kind) or not _module_of(kind).startswith(("harness.", "asyncio.", "_asyncio", "policy.")):
        return kind
    if isinstance(value, BaseException):
        return kind
    made = _stand_ins[kind] = _make_stand_in(kind, _real_name_of(kind))
    return made
