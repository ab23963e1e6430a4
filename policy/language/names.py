"""Which names and attributes a script may use. The guards of the worker use the same tables at run time."""

from __future__ import annotations

from typing import Final, Literal

Verdict = Literal["free", "guarded", "private", "refused"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _dunders(text: str) -> frozenset[str]:
    return frozenset(f"__{word}__" for word in text.split())


EXCEPTIONS: Final = _words(
    """
    ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError
    BrokenPipeError BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError
    ConnectionRefusedError ConnectionResetError DeprecationWarning EOFError EncodingWarning EnvironmentError
    Exception ExceptionGroup FileExistsError FileNotFoundError FloatingPointError FutureWarning GeneratorExit
    IOError ImportError ImportWarning IndentationError IndexError InterruptedError IsADirectoryError KeyError
    KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError NotADirectoryError
    NotImplementedError OSError OverflowError PendingDeprecationWarning PermissionError ProcessLookupError
    PythonFinalizationError RecursionError ReferenceError ResourceWarning RuntimeError RuntimeWarning
    StopAsyncIteration StopIteration SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError
    TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError
    UnicodeWarning UserWarning ValueError Warning ZeroDivisionError
    """
)

BUILTINS: Final = EXCEPTIONS | _words(
    """
    abs aiter all anext any ascii bin bool bytearray bytes callable chr classmethod complex delattr dict dir
    divmod enumerate filter float format frozenset getattr hasattr hash hex id int isinstance issubclass iter
    len list map max min next object oct ord pow print property range repr reversed round set setattr slice
    sorted staticmethod str sum super tuple type zip Ellipsis NotImplemented True False None
    """
)
"""Builtin names a script may use. The worker guards getattr, setattr, hasattr, delattr, dir, type, print and format."""

REFUSED_BUILTINS: Final = {
    "__build_class__": "write a class statement",
    "__debug__": "leave it out: assert statements always run",
    "__doc__": "leave it out",
    "__import__": "write an import statement of a module of the script language",
    "__loader__": "leave it out",
    "__package__": "leave it out",
    "__spec__": "leave it out",
    "breakpoint": "print what you want to see",
    "compile": "write the code itself; regular expressions are compiled with re.compile(...)",
    "copyright": "leave it out",
    "credits": "leave it out",
    "eval": "write the expression itself; JSON is read with json.loads(...)",
    "exec": "write the code itself",
    "exit": "use `return` to end the script",
    "globals": "keep the values in a dict of your own",
    "help": "leave it out",
    "input": "nobody can answer while the script runs; take the value from a tool or from `context`",
    "license": "leave it out",
    "locals": "keep the values in a dict of your own",
    "memoryview": "use bytes or bytearray and slices",
    "open": "files are read and written by tools",
    "quit": "use `return` to end the script",
    "vars": "name the attributes that you need, or use dataclasses.asdict(...)",
}
"""Builtin names a script may not use, with what to write instead."""

TOOLS: Final = "tools"
TOOL_ERRORS: Final = _words("ToolError ToolDenied ToolNotFound ToolInvalidArguments ToolTimeout")
INJECTED: Final = TOOL_ERRORS | {TOOLS, "context", "progress"}
"""Names that the worker adds to the builtins of every script."""

STRUCTURAL: Final = frozenset({"super"})
"""Names that a script may read but never bind: the compiler passes rely on their meaning."""

READABLE_DUNDER_NAMES: Final = frozenset({"__name__"})

DUNDER_METHODS: Final = _dunders(
    """
    abs add aenter aexit aiter and anext await bool bytes call ceil class_getitem complex contains copy deepcopy
    delattr delete delitem divmod enter eq exit float floor floordiv format ge get getattr getitem gt hash iadd
    iand ifloordiv ilshift imatmul imod imul index init init_subclass int invert ior ipow irshift isub iter
    itruediv ixor le len length_hint lshift lt matmul missing mod mul ne neg new next or pos post_init pow radd
    rand rdivmod repr reversed rfloordiv rlshift rmatmul rmod rmul ror round rpow rrshift rshift rsub rtruediv
    rxor set set_name setattr setitem str sub truediv trunc xor
    """
)
"""Dunder methods that a class may define. On other objects they are read through the guard."""

CLASS_DUNDERS: Final = DUNDER_METHODS | _dunders("slots match_args doc")
"""Dunder names that a class body may bind."""

READABLE_DUNDERS: Final = DUNDER_METHODS | _dunders("name qualname doc class dict members annotations notes")
"""Dunder attributes that may be read through the guard, which looks at the object they are read from."""

WRITABLE_DUNDERS: Final = _dunders("name qualname doc")
"""Dunder attributes that may be set on the script's own functions and classes."""

SUPER_GUARDED: Final = _dunders("setattr delattr new class_getitem init_subclass")
"""Dunder methods that go through the guard even as `super().name`."""

REFUSED_ATTRIBUTES: Final = _words(
    """
    gi_frame gi_code gi_yieldfrom gi_running gi_suspended gi_state cr_frame cr_code cr_await cr_origin
    cr_running cr_suspended cr_state ag_frame ag_code ag_await ag_running ag_suspended ag_state f_back
    f_builtins f_code f_generator f_globals f_lasti f_lineno f_locals f_trace f_trace_lines f_trace_opcodes
    tb_frame tb_lasti tb_lineno tb_next co_argcount co_branches co_cellvars co_code co_consts co_exceptiontable
    co_filename co_firstlineno co_flags co_freevars co_kwonlyargcount co_lines co_linetable co_lnotab co_name
    co_names co_nlocals co_posonlyargcount co_positions co_qualname co_stacksize co_varnames with_traceback
    get_loop get_coro get_stack print_stack get_context mro getbuffer _new_member_
    """
)
"""Attributes of frames, code, coroutines, generators, tracebacks, futures and classes, the one that gives a memoryview,
and the `__new__` that an enum keeps. Refused on every object."""

GUARDED_ATTRIBUTES: Final = _words(
    """
    format format_map obj send throw close asend athrow aclose now utcnow today strptime register
    """
)
"""Attributes that are harmless on most objects, but not on strings, exceptions, coroutines, clocks, shared classes."""

PRIVATE_OF_NAMED_TUPLES: Final = _words("_asdict _replace _make _fields _field_defaults")
"""Private names that may also be read from a named tuple and its class."""


def is_dunder(name: str) -> bool:
    """Whether a name begins and ends with two underscores."""
    return name[:2] == "__" and name[-2:] == "__" and len(name) > 4


def is_safe_attribute(name: str) -> Verdict:
    """How an attribute of this name may be read, whatever the object.

    Args:
        name: An exact `str`; a subclass could lie about its content.

    Returns:
        "free": read it as it is. "guarded": look at the object first. "private": only on the script's own objects and
        named tuples. "refused": never.
    """
    if name[:1] != "_":
        if name in REFUSED_ATTRIBUTES or "." in name:
            return "refused"
        return "guarded" if name in GUARDED_ATTRIBUTES else "free"
    if not is_dunder(name):
        return "refused" if name in REFUSED_ATTRIBUTES else "private"
    return "guarded" if name in READABLE_DUNDERS else "refused"
