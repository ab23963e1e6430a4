"""What the snippets use: syntax nodes, names of facade modules, builtins, guarded attributes."""

from __future__ import annotations

import ast
import builtins
import importlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from policy.language.facades import FACADES
from policy.language.grammar import GRAMMAR
from policy.language.names import BUILTINS, DUNDER_METHODS, GUARDED_ATTRIBUTES, PRIVATE_OF_NAMED_TUPLES
from tests.corpus.snippets import Snippet


@dataclass(slots=True)
class Used:
    """What a set of scripts uses.

    Attributes:
        nodes: Names of `ast` classes.
        names: Facade names, as `module.name`.
        builtins: Builtin names.
        attributes: Attribute names, and the methods that classes define.
    """

    nodes: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    builtins: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)


def used_by(snippets: Iterable[Snippet]) -> Used:
    """Collect what the snippets that this Python can parse use."""
    used = Used()
    for snippet in snippets:
        if snippet.runs_here():
            _collect(ast.parse(snippet.source), used)
    return used


def _collect(tree: ast.Module, used: Used) -> None:
    modules = dict(_imported_modules(tree))
    for node in ast.walk(tree):
        used.nodes.add(type(node).__name__)
        match node:
            case ast.ImportFrom(module=module, names=names):
                used.names.update(f"{module}.{alias.name}" for alias in names)
            case ast.Import(names=names):
                used.names.update(alias.name for alias in names if "." in alias.name)
            case ast.Name(id=name):
                used.builtins.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                used.attributes.add(name)
            case ast.Attribute(attr=name):
                used.attributes.add(name)
                used.names.update(_qualified(node, modules))


def _imported_modules(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Local name -> module, for the modules that a script imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield (alias.asname, alias.name) if alias.asname else (alias.name.split(".")[0],) * 2
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if f"{node.module}.{alias.name}" in FACADES:
                    yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _qualified(node: ast.Attribute, modules: dict[str, str]) -> set[str]:
    written = ast.unparse(node).split(".")
    module = modules.get(written[0])
    return {".".join([module, *written[1:]])} if module else set()


def nodes_to_cover() -> set[str]:
    """Every syntax node of this Python that a script may use."""
    return {name for name, rule in GRAMMAR.items() if rule.verdict != "refused" and hasattr(ast, name)}


def names_to_cover() -> set[str]:
    """Every facade name that this Python has."""
    found: set[str] = set()
    for module, names in FACADES.items():
        real = importlib.import_module(module)
        found.update(f"{module}.{name}" for name in names if hasattr(real, name))
    return found


def builtins_to_cover() -> set[str]:
    """Every builtin that a script may use and this Python has; the constants are syntax."""
    return {name for name in BUILTINS if hasattr(builtins, name)} - {"True", "False", "None"}


def attributes_to_cover() -> set[str]:
    """Every dunder method that a class may define, and every attribute that is looked at before it is read."""
    return set(DUNDER_METHODS | GUARDED_ATTRIBUTES | PRIVATE_OF_NAMED_TUPLES)
