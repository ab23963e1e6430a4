"""The words of the findings: a message, and a hint that the author of a script can act on."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from policy.language import names
from policy.language.facades import FACADES
from policy.language.grammar import GRAMMAR

Words = tuple[str, str | None]

NONLOCAL: Final = "names at the top level are already shared by all functions: write `global` inside the function"
YIELD: Final = "use `return` at the top level, or put the loop into a function"
METACLASS: Final = (
    "a class takes no metaclass and no ** keywords in the script language",
    "derive from abc.ABC for abstract classes, or define __init_subclass__",
)
EXCEPTION_GROUP: Final = (
    "a class cannot derive from an exception group in the script language",
    "derive from Exception, and raise ExceptionGroup(message, exceptions) itself",
)
THREE_ARGUMENT_TYPE: Final = (
    "type() takes one argument in the script language",
    "write a class statement, or use dataclasses or collections.namedtuple",
)
RELATIVE_IMPORT: Final = ("a script is no package, so there is nothing to import from", "define it in the script")

_TOOLS_FOR: Final = {
    "files": ("read_file", "list_dir", "file_search", "grep_files", "write_file", "edit_file"),
    "search": ("file_search", "list_dir", "grep_files", "read_file"),
    "commands": ("exec",),
    "network": ("http",),
}
_EXAMPLE_ARGUMENTS: Final = {
    "read_file": "path=...",
    "list_dir": "path=...",
    "file_search": "query=...",
    "grep_files": "pattern=...",
    "write_file": "path=..., content=...",
    "exec": "command=[...]",
    "http": "url=...",
}
_MODULES: Final = {
    "files": "os os.path pathlib shutil tempfile fileinput stat codecs mmap sqlite3 zipfile tarfile gzip linecache",
    "search": "glob fnmatch",
    "commands": "subprocess pty shlex sh signal",
    "network": "requests httpx aiohttp urllib.request urllib3 http http.client socket ssl ftplib smtplib websockets",
}
_PURPOSE: Final = {module: purpose for purpose, modules in _MODULES.items() for module in modules.split()}
_FALLBACK: Final = {
    "files": "files are reached only through tools, and none for files is available",
    "search": "files are reached only through tools, and none for files is available",
    "commands": "commands are run only through tools, and none for commands is available",
    "network": "the network is reached only through tools, and none for it is available",
}
_INSTEAD: Final = {
    "sys": "leave it out: `return` ends the script, print() writes to its log",
    "threading": "use asyncio.gather(...) or asyncio.TaskGroup for work that runs at once",
    "multiprocessing": "use asyncio.gather(...) or asyncio.TaskGroup for work that runs at once",
    "concurrent": "use asyncio.gather(...) or asyncio.TaskGroup for work that runs at once",
    "concurrent.futures": "use asyncio.gather(...) or asyncio.TaskGroup for work that runs at once",
    "queue": "use collections.deque, heapq or asyncio.Queue",
    "pickle": "use json",
    "marshal": "use json",
    "yaml": "use json",
    "logging": "use print(...): what it prints is the log of the script",
    "warnings": "use print(...)",
    "traceback": "use str(error) and type(error).__name__",
    "numpy": "use lists with math and statistics",
    "pandas": "use lists and dicts with statistics and csv",
    "typing_extensions": "use typing",
    "secrets": "use random or uuid",
    "types": "use a dataclass or collections.namedtuple",
    "inspect": "leave it out: a script does not look at its own code",
    "importlib": "write an import statement",
    "builtins": "builtin functions are there without an import",
    "ctypes": "leave it out",
    "dateutil": "use datetime and zoneinfo",
    "pytz": "use zoneinfo",
}


def _use_tools(purpose: str, tools: frozenset[str]) -> str:
    """A hint that names the tools which do what a refused module does."""
    usable = [tool for tool in _TOOLS_FOR[purpose] if tool in tools][:3]
    if not usable:
        return _FALLBACK[purpose]
    calls = [f"tools.{tool}({_EXAMPLE_ARGUMENTS.get(tool, '...')})" for tool in usable]
    return "call " + " or ".join(f"await {call}" for call in calls)


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The most similar word, or None when none is similar."""
    found = get_close_matches(word, list(words), n=1, cutoff=0.6)
    return found[0] if found else None


# Modules


def refused_module(module: str, tools: frozenset[str]) -> Words:
    """A module that is no facade."""
    return f"{module} is not a module of the script language", _instead_of_module(module, tools)


def _instead_of_module(module: str, tools: frozenset[str]) -> str:
    root = module.partition(".")[0]
    if root in {names.TOOLS, "functions"}:
        return "`tools` is there without an import: await tools.NAME(...)"
    if root in tools:
        return f"{root} is a tool: await tools.{root}(...)"
    for name in (module, root):
        if name in _PURPOSE:
            return _use_tools(_PURPOSE[name], tools)
        if name in _INSTEAD:
            return _INSTEAD[name]
    similar = nearest(module, FACADES)
    if similar is not None:
        return f"did you mean {similar}?"
    return "the modules are " + ", ".join(sorted(FACADES))


def refused_import(module: str, name: str) -> Words:
    """A name that a facade does not show."""
    message = f"{module} has no {name} in the script language"
    similar = nearest(name, FACADES[module])
    return message, f"did you mean {similar}?" if similar else _names_of(module)


def refused_module_attribute(module: str, name: str) -> Words:
    """The same, met as `module.name`."""
    message = f"{module}.{name} is not part of the script language"
    similar = nearest(name, FACADES[module])
    return message, f"did you mean {module}.{similar}?" if similar else _names_of(module)


def _names_of(module: str) -> str:
    shown = sorted(FACADES[module])
    return f"{module} has " + ", ".join(shown[:12]) + (", ..." if len(shown) > 12 else "")


def strict_import(module: str, tools: frozenset[str]) -> Words:
    """Any import in strict mode."""
    hint = "use the builtins and the tools" if module in FACADES else _instead_of_module(module, tools)
    return f"the strict language mode imports nothing, so not {module}", hint


# Names


def refused_builtin(name: str, tools: frozenset[str]) -> Words:
    """A builtin that no script may use."""
    hint = _use_tools("files", tools) if name == "open" else names.REFUSED_BUILTINS[name]
    return f"{name} is not part of the script language", hint


def read_dunder(name: str) -> Words:
    """A name with two underscores on both sides."""
    return f"names like {name} are not part of the script language", "leave it out"


def bound_dunder(name: str, scope: str) -> Words:
    """A definition or assignment of such a name."""
    if scope == "class":
        similar = nearest(name, names.CLASS_DUNDERS)
        hint = f"did you mean {similar}?" if similar else "define an ordinary method"
        return f"a class cannot define {name} in the script language", hint
    if name in names.DUNDER_METHODS:
        return f"{name} can be defined only in the body of a class", "move it into a class"
    return f"{name} cannot be bound in the script language", "choose a name without the underscores"


def structural(name: str) -> Words:
    """A builtin that keeps its meaning."""
    return f"{name} cannot be rebound in the script language", "choose another name"


# Attributes

_ATTRIBUTE_HINTS: Final = {
    "__subclasses__": "leave it out",
    "__globals__": "leave it out",
    "__traceback__": "use str(error); the line of an error that nobody catches is reported",
    "__context__": "use str(error), or `raise ... from error` and your own attribute",
    "__cause__": "keep the first error in an attribute of your own",
    "with_traceback": "use `raise ... from error`",
    "__bases__": "use isinstance or issubclass",
    "__mro__": "use isinstance or issubclass",
    "mro": "use isinstance or issubclass",
    "__module__": "leave it out",
    "getbuffer": "use getvalue()",
    "__file__": "leave it out",
}


def refused_attribute(attr: str) -> Words:
    """An attribute that is refused on every object."""
    return f"the attribute {attr} is not part of the script language", _ATTRIBUTE_HINTS.get(attr, "leave it out")


def written_dunder(attr: str) -> Words:
    """An attribute that may be read, but not set."""
    return f"the attribute {attr} cannot be set in the script language", "set attributes of your own"


def updated_attribute(attr: str) -> Words:
    """An augmented assignment to an attribute that needs a guarded read."""
    return f"the attribute {attr} cannot be updated in place", f"write x.{attr} = x.{attr} ... in full"


def pattern_attribute(attr: str) -> Words:
    """An attribute in a pattern."""
    return (
        f"a pattern cannot read the attribute {attr} in the script language",
        "compare it in an `if` guard of the case",
    )


def refused_node(node: str) -> Words:
    """A syntax node without a verdict, or with a refusal."""
    rule = GRAMMAR.get(node)
    return f"{node} is not part of the script language", rule.note if rule is not None and rule.note else None
