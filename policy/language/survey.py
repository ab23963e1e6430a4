"""One walk over the parsed script: its scopes, what each binds, where names are read, and every node's parent."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from typing import Final, Literal

from policy.language.facades import FACADES
from policy.language.grammar import CHILDREN

MAX_DEPTH: Final = 200
"""Deepest nesting of syntax nodes. The passes and CPython's compiler recurse over it, whatever the host's stack."""

ScopeKind = Literal["module", "function", "class", "comprehension"]


class TooDeepError(Exception):
    """The script nests deeper than `MAX_DEPTH`. It carries the node."""

    def __init__(self, node: ast.AST) -> None:
        super().__init__("nested too deeply")
        self.node = node


class Scope:
    """A scope of names: what it binds, and by which nodes."""

    __slots__ = ("bindings", "globals", "kind", "node", "parent")

    def __init__(self, kind: ScopeKind, node: ast.AST, parent: Scope | None) -> None:
        self.kind = kind
        self.node = node
        self.parent = parent
        self.bindings: dict[str, list[ast.AST]] = {}
        self.globals: set[str] = set()


class Survey:
    """What one walk found.

    Attributes:
        module: The outermost scope; the keys of its bindings are the globals of the script.
        scopes: Scope of each function, lambda, class and comprehension.
        loads: Name -> where it is read, in the order of the walk.
        parents: Node -> the node that holds it.
        nonlocals: Every name that a `nonlocal` statement names.
        declared_globals: Every name that a `global` statement names.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.module = Scope("module", tree, None)
        self.scopes: dict[ast.AST, Scope] = {tree: self.module}
        self.loads: dict[str, list[tuple[ast.Name, Scope]]] = {}
        self.parents: dict[ast.AST, ast.AST] = {}
        self.nonlocals: set[str] = set()
        self.declared_globals: set[str] = set()
        self._walk(tree, self.module, 0)

    def resolve(self, name: str, scope: Scope) -> Scope | None:
        """The scope that binds a name read in `scope`, or None when no scope of the script does."""
        current: Scope | None = scope
        while current is not None:
            if name in current.globals:
                return self.module if name in self.module.bindings else None
            if name in current.bindings and (current.kind != "class" or current is scope):
                return current
            current = current.parent
        return None

    def is_fixed(self, name: str, owner: Scope) -> bool:
        """Whether a name is a parameter that nothing ever rebinds."""
        if not isinstance(owner.node, (ast.FunctionDef, ast.AsyncFunctionDef)) or name in self.nonlocals:
            return False
        bindings = owner.bindings[name]
        return len(bindings) == 1 and isinstance(bindings[0], ast.arg)

    def is_steady(self, name: str, scope: Scope) -> bool:
        """Whether a name means the same object throughout one expression, whatever else of the script may run.

        While an expression runs, the garbage collector may close a generator, whose `finally` may rebind a global or
        a name of a function around.
        """
        owner = self.resolve(name, scope)
        if owner is None or owner is self.module:
            return name not in self.declared_globals
        if owner is scope:
            return owner.kind != "class" and name not in self.nonlocals
        return self.is_fixed(name, owner)

    def reads_of(self, name: str, owner: Scope | None) -> list[tuple[ast.Name, Scope]]:
        """Where a name is read with the meaning that `owner` gives it."""
        return [(node, scope) for node, scope in self.loads.get(name, ()) if self.resolve(name, scope) is owner]

    def facade(self, name: str, scope: Scope) -> str | None:
        """The facade module that a name means and nothing else, or None."""
        owner = self.resolve(name, scope)
        if owner is None:
            return None
        modules = {self._module_of(node) for node in owner.bindings[name]}
        return modules.pop() if len(modules) == 1 else None

    def missing_module_attributes(self) -> Iterator[tuple[ast.Attribute, str]]:
        """Reads of `module.name` where the name means only that facade module, and the facade shows no such name."""
        for name, bindings in self.module.bindings.items():
            module = self._module_of(bindings[0]) and self.facade(name, self.module)
            if module is None:
                continue
            for read, _ in self.reads_of(name, self.module):
                attribute = self.parents[read]
                if isinstance(attribute, ast.Attribute) and attribute.attr not in FACADES[module]:
                    yield attribute, module

    def _module_of(self, binding: ast.AST) -> str | None:
        """The facade module that a binding names, or None for every other binding."""
        if not isinstance(binding, ast.alias):
            return None
        statement = self.parents[binding]
        if isinstance(statement, ast.ImportFrom):
            module = f"{statement.module}.{binding.name}"
        else:
            module = binding.name if binding.asname else binding.name.partition(".")[0]
        return module if module in FACADES else None

    def _walk(self, node: ast.AST, scope: Scope, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise TooDeepError(node)
        handler = _HANDLERS.get(type(node))
        if handler is None:
            self._descend(node, CHILDREN.get(type(node), ()), scope, depth)
        else:
            handler(self, node, scope, depth)

    def _descend(self, node: ast.AST, fields: Iterable[str], scope: Scope, depth: int) -> None:
        parents = self.parents
        depth += 1
        for field in fields:
            value = getattr(node, field, None)
            if value.__class__ is list:
                for child in value:
                    if child is not None:
                        parents[child] = node
                        self._walk(child, scope, depth)
            elif value is not None:
                parents[value] = node
                self._walk(value, scope, depth)

    def _open(self, kind: ScopeKind, node: ast.AST, parent: Scope) -> Scope:
        scope = self.scopes[node] = Scope(kind, node, parent)
        return scope

    def _bind(self, name: str | None, node: ast.AST, scope: Scope) -> None:
        if name is None:
            return
        owner = self.module if name in scope.globals else scope
        owner.bindings.setdefault(name, []).append(node)

    def _name(self, node: ast.Name, scope: Scope, depth: int) -> None:
        if isinstance(node.ctx, ast.Load):
            self.loads.setdefault(node.id, []).append((node, scope))
        else:
            self._bind(node.id, node, scope)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope, depth: int) -> None:
        self._bind(node.name, node, scope)
        inner = self._open("function", node, scope)
        self._descend(node, ("decorator_list",), scope, depth)
        self._arguments(node.args, scope, inner, depth)
        self._descend(node, ("type_params", "body"), inner, depth)

    def _lambda(self, node: ast.Lambda, scope: Scope, depth: int) -> None:
        inner = self._open("function", node, scope)
        self._arguments(node.args, scope, inner, depth)
        self._descend(node, ("body",), inner, depth)

    def _arguments(self, node: ast.arguments, scope: Scope, inner: Scope, depth: int) -> None:
        self._descend(node, ("defaults", "kw_defaults"), scope, depth)
        for arg in (*node.posonlyargs, *node.args, node.vararg, *node.kwonlyargs, node.kwarg):
            if arg is not None:
                self._bind(arg.arg, arg, inner)

    def _class(self, node: ast.ClassDef, scope: Scope, depth: int) -> None:
        self._bind(node.name, node, scope)
        inner = self._open("class", node, scope)
        self._descend(node, ("decorator_list",), scope, depth)
        outer = inner if getattr(node, "type_params", None) else scope
        self._descend(node, ("type_params", "bases", "keywords"), outer, depth)
        self._descend(node, ("body",), inner, depth)

    def _comprehension(self, node: ast.AST, scope: Scope, depth: int) -> None:
        inner = self._open("comprehension", node, scope)
        first, *others = node.generators  # type: ignore[attr-defined]  # the four comprehensions have generators
        self.parents[first] = node
        self._descend(first, ("iter",), scope, depth)
        self._descend(first, ("target", "ifs"), inner, depth)
        for generator in others:
            self.parents[generator] = node
            self._descend(generator, ("target", "iter", "ifs"), inner, depth)
        self._descend(node, ("elt", "key", "value"), inner, depth)

    def _named_expression(self, node: ast.NamedExpr, scope: Scope, depth: int) -> None:
        owner = scope
        while owner.kind == "comprehension" and owner.parent is not None:
            owner = owner.parent
        self._bind(node.target.id, node.target, owner)
        self._descend(node, ("value",), scope, depth)

    def _annotated(self, node: ast.AnnAssign, scope: Scope, depth: int) -> None:
        fields = ("annotation", "value", "target") if scope.kind == "class" else ("value", "target")
        self._descend(node, fields, scope, depth)

    def _augmented(self, node: ast.AugAssign, scope: Scope, depth: int) -> None:
        if isinstance(node.target, ast.Name):
            self.loads.setdefault(node.target.id, []).append((node.target, scope))
        self._descend(node, ("target", "value"), scope, depth)

    def _import(self, node: ast.Import | ast.ImportFrom, scope: Scope, depth: int) -> None:
        star = isinstance(node, ast.ImportFrom) and FACADES.get(node.module or "", frozenset())
        for alias in node.names:
            self.parents[alias] = node
            if alias.name == "*":
                for name in star or ():
                    self._bind(name, alias, scope)
            else:
                self._bind(alias.asname or alias.name.partition(".")[0], alias, scope)

    def _global(self, node: ast.Global, scope: Scope, depth: int) -> None:
        scope.globals.update(node.names)
        self.declared_globals.update(node.names)

    def _nonlocal(self, node: ast.Nonlocal, scope: Scope, depth: int) -> None:
        self.nonlocals.update(node.names)
        outer = scope.parent
        while outer is not None and outer.kind != "function":
            outer = outer.parent
        for name in node.names:
            self._bind(name, node, outer or scope)

    def _named(self, node: ast.AST, scope: Scope, depth: int) -> None:
        self._bind(getattr(node, "name", None), node, scope)
        self._descend(node, CHILDREN[type(node)], scope, depth)

    def _mapping_pattern(self, node: ast.MatchMapping, scope: Scope, depth: int) -> None:
        self._bind(node.rest, node, scope)
        self._descend(node, ("keys", "patterns"), scope, depth)


_NAMED: Final[dict[str, Callable[..., None]]] = {
    "Name": Survey._name,
    "FunctionDef": Survey._function,
    "AsyncFunctionDef": Survey._function,
    "Lambda": Survey._lambda,
    "ClassDef": Survey._class,
    "ListComp": Survey._comprehension,
    "SetComp": Survey._comprehension,
    "DictComp": Survey._comprehension,
    "GeneratorExp": Survey._comprehension,
    "NamedExpr": Survey._named_expression,
    "AnnAssign": Survey._annotated,
    "AugAssign": Survey._augmented,
    "Import": Survey._import,
    "ImportFrom": Survey._import,
    "Global": Survey._global,
    "Nonlocal": Survey._nonlocal,
    "ExceptHandler": Survey._named,
    "MatchAs": Survey._named,
    "MatchStar": Survey._named,
    "MatchMapping": Survey._mapping_pattern,
    "TypeVar": Survey._named,
    "ParamSpec": Survey._named,
    "TypeVarTuple": Survey._named,
}

_HANDLERS: Final[dict[type[ast.AST], Callable[..., None]]] = {
    getattr(ast, name): handler for name, handler in _NAMED.items() if hasattr(ast, name)
}
