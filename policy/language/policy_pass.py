"""The policy pass: RestrictedPython's transformer with the verdicts of this script language.

RestrictedPython's class gives the frame: what has no rule is refused (`generic_visit` -> `not_allowed` -> `error`),
names and attributes pass through one place each. The rules themselves are ours: async, match and annotations are
allowed, attributes are decided at compile time where their name settles it, and injected names cannot be spelled.
"""

# ruff: noqa: N802, N815  # the names of visitors are the names of the node classes

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, Final, Literal, TypeVar

from RestrictedPython.transformer import RestrictingNodeTransformer

from policy.language import guarded_nodes as build
from policy.language import hints, names
from policy.language.facades import FACADES
from policy.language.grammar import CHILDREN, WALKED_CLASSES
from policy.language.ownership import OwnershipTests
from policy.language.report import Diagnostic
from policy.language.source import Source
from policy.language.survey import Scope, Survey

Mode = Literal["standard", "strict"]
_Node = TypeVar("_Node", bound=ast.AST)
_FUTURES: Final = frozenset(
    {
        "nested_scopes",
        "generators",
        "division",
        "absolute_import",
        "with_statement",
        "print_function",
        "unicode_literals",
    }
    | {"generator_stop", "annotations"}
)
_GROUPS: Final = frozenset({"BaseExceptionGroup", "ExceptionGroup"})
_SUPER_FREE: Final = names.DUNDER_METHODS - names.SUPER_GUARDED
_NEVER_UPDATED: Final = frozenset({"format", "format_map"})


class PolicyPass(RestrictingNodeTransformer):
    """Checks a parsed script and puts the guards into it. The tree is changed in place.

    Attributes:
        diagnostics: The findings, in the order of the walk.
        future_annotations: Whether the script wants its annotations as strings.
    """

    def __init__(self, source: Source, survey: Survey, tools: frozenset[str], *, mode: Mode) -> None:
        super().__init__()
        self.diagnostics: list[Diagnostic] = []
        self.future_annotations = False
        self._source = source
        self._survey = survey
        self._tools = tools
        self._mode = mode
        self._ownership = OwnershipTests(survey)
        self._scope: Scope = survey.module
        self._class_names: list[str] = []
        self._bars_walrus = False

    # The frame

    def visit(self, node: ast.AST) -> Any:
        """Check one node. Free nodes are walked right here: one Python frame per level of nesting."""
        cls = type(node)
        handler = _HANDLERS.get(cls)
        if handler is not None:
            return handler(self, node)
        if cls not in WALKED_CLASSES:
            self.generic_visit(node)
            return node
        for field in CHILDREN[cls]:
            value = getattr(node, field)
            if value.__class__ is list:
                for index, child in enumerate(value):
                    if child is not None:
                        value[index] = self.visit(child)
            elif value is not None:
                setattr(node, field, self.visit(value))
        return node

    def node_contents_visit(self, node: _Node) -> _Node:
        """Visit the children of a node; what the guards of this class do after their own check."""
        self._children(node, CHILDREN[type(node)])
        return node

    def not_allowed(self, node: ast.AST) -> None:
        """Refuse a node that the grammar does not know."""
        self.report(node, "script.forbidden_syntax", *hints.refused_node(type(node).__name__))

    def error(self, node: ast.AST, info: str) -> None:
        """Turn a finding of the base class into one of ours."""
        self.report(node, "script.forbidden_syntax", info)

    def report(self, node: ast.AST, code: str, message: str, hint: str | None = None) -> None:
        """Add a finding that spans a node."""
        self.diagnostics.append(self._source.diagnostic_at(node, code, message, hint))

    def report_attribute(self, node: ast.Attribute, message: str, hint: str | None) -> None:
        """Add a finding that spans the name of an attribute."""
        found = self._source.diagnostic_at_attribute(node, "script.forbidden_attribute", message, hint)
        self.diagnostics.append(found)

    def _children(self, node: ast.AST, fields: tuple[str, ...]) -> None:
        for field in fields:
            value = getattr(node, field, None)
            if value.__class__ is list:
                value[:] = [child if child is None else self.visit(child) for child in value]
            elif value is not None:
                setattr(node, field, self.visit(value))

    # Names

    def _check_bound(self, name: str | None, node: ast.AST) -> None:
        """The rule of every field that binds a name."""
        if name is None:
            return
        if names.is_dunder(name):
            allowed = names.CLASS_DUNDERS if self._scope.kind == "class" else frozenset()
            if name not in allowed:
                self.report(node, "script.forbidden_name", *hints.bound_dunder(name, self._scope.kind))
        elif name in names.STRUCTURAL:
            self.report(node, "script.forbidden_name", *hints.structural(name))

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Names that are bound or deleted, and names that are read."""
        name = node.id
        if not isinstance(node.ctx, ast.Load):
            self._check_bound(name, node)
        elif name in names.REFUSED_BUILTINS:
            if self._survey.resolve(name, self._scope) is None or names.is_dunder(name):
                self.report(node, "script.forbidden_name", *hints.refused_builtin(name, self._tools))
        elif name[:2] == "__" and names.is_dunder(name) and not self._may_read_dunder(name):
            self.report(node, "script.forbidden_name", *hints.read_dunder(name))
        return node

    def _may_read_dunder(self, name: str) -> bool:
        if name in names.READABLE_DUNDER_NAMES:
            return True
        return self._scope.kind == "class" and name in names.CLASS_DUNDERS

    def visit_Global(self, node: ast.Global | ast.Nonlocal) -> ast.stmt:
        """Declared names follow the rule of bound names."""
        for name in node.names:
            self._check_bound(name, node)
        if isinstance(node, ast.Nonlocal) and self._scope.kind == "module":
            self.report(node, "script.syntax", "nonlocal declaration not allowed at module level", hints.NONLOCAL)
            return build.placed(ast.Pass(), node)
        return node

    visit_Nonlocal = visit_Global

    def _visit_named(self, node: ast.AST) -> ast.AST:
        self._check_bound(node.name, node)  # type: ignore[attr-defined]  # handlers, patterns, type parameters
        return self.node_contents_visit(node)

    visit_ExceptHandler = visit_MatchAs = visit_MatchStar = _visit_named

    def visit_keyword(self, node: ast.keyword) -> ast.keyword:
        """Keyword arguments are names too."""
        if node.arg is not None and names.is_dunder(node.arg):
            self.report(node, "script.forbidden_name", *hints.read_dunder(node.arg))
        node.value = self.visit(node.value)
        return node

    # Attributes

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """Decide by the name of the attribute; look at the object only where the name does not settle it."""
        base = node.value = self.visit(node.value)
        load = isinstance(node.ctx, ast.Load)
        attr = node.attr
        verdict = names.is_safe_attribute(attr)
        if verdict == "refused":
            self.report_attribute(node, *hints.refused_attribute(attr))
            return node
        if load:
            return self._read_attribute(node, base, attr, verdict)
        if verdict == "guarded" and attr[0] == "_" and attr not in names.WRITABLE_DUNDERS:
            self.report_attribute(node, *hints.written_dunder(attr))
            return node
        private = self._mangled(attr) if verdict == "private" else None
        tested = build.writable_base(base, private, node, temporary=self._may_use_temporary())
        node.value = self._own(base, tested)
        return node

    def _read_attribute(self, node: ast.Attribute, base: ast.expr, attr: str, verdict: names.Verdict) -> ast.expr:
        if verdict == "free":
            return node
        if _is_plain_super(base) and (verdict == "private" or attr in _SUPER_FREE):
            return node
        if verdict == "private":
            mangled = self._mangled(attr)
            return self._own(base, build.private_read(base, attr, mangled, node, temporary=self._may_use_temporary()))
        return build.guarded_read(base, attr, node)

    def _own(self, base: ast.expr, tested: build.Tested) -> ast.expr:
        """The guarded expression; its test may move to the entry of the function."""
        expression, test = tested
        if test is not None:
            self._ownership.record(base, test, self._scope)
        return expression

    def _mangled(self, attr: str) -> str:
        """The name that Python really looks up for `__x` in a class body."""
        if attr[:2] != "__" or not self._class_names:
            return attr
        owner = self._class_names[-1].lstrip("_")
        return f"_{owner}{attr}" if owner else attr

    def _may_use_temporary(self) -> bool:
        """Whether Python allows a walrus here: not in the iterable of a comprehension, nor in annotation scopes."""
        return self._scope.kind in {"function", "module"} and not self._bars_walrus

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt:
        """An update reads and writes at once, so what needs a guarded read cannot be updated."""
        target = node.target
        if isinstance(target, ast.Attribute) and target.attr in _NEVER_UPDATED:
            self.report_attribute(target, *hints.updated_attribute(target.attr))
        return self.node_contents_visit(node)

    # Calls

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """`type` with three arguments makes a class behind the checks of a class statement."""
        if len(node.args) + len(node.keywords) > 1 and isinstance(node.func, ast.Name) and node.func.id == "type":
            self._check_type_call(node)
        self._children(node, ("func", "args", "keywords"))
        return node

    def _check_type_call(self, node: ast.Call) -> None:
        if self._survey.resolve("type", self._scope) is None:
            self.report(node, "script.forbidden_name", *hints.THREE_ARGUMENT_TYPE)

    # Functions and classes

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.stmt:
        """Annotations are dropped; decorators and defaults belong to the scope around."""
        self._check_bound(node.name, node)
        self._children(node, ("decorator_list",))
        node.returns = None
        self._defaults(node.args)
        with _Inside(self, node):
            self._parameters(node.args)
            self._type_parameters(node)
            self._children(node, ("body",))
        self._ownership.move_to_entry(node)
        return node

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        """Like a function without a name."""
        self._defaults(node.args)
        with _Inside(self, node):
            self._parameters(node.args)
            node.body = self.visit(node.body)
        return node

    def _defaults(self, arguments: ast.arguments) -> None:
        self._children(arguments, ("defaults", "kw_defaults"))

    def _parameters(self, arguments: ast.arguments) -> None:
        parameters = (*arguments.posonlyargs, *arguments.args, arguments.vararg, *arguments.kwonlyargs, arguments.kwarg)
        for parameter in parameters:
            if parameter is not None:
                self._check_bound(parameter.arg, parameter)
                parameter.annotation = None

    def _type_parameters(self, node: ast.AST) -> None:
        before, self._bars_walrus = self._bars_walrus, True
        for parameter in getattr(node, "type_params", ()):
            self._visit_named(parameter)
        self._bars_walrus = before

    def visit_TypeAlias(self, node: Any) -> ast.stmt:
        """`type X = ...`: evaluated later, under the same guards."""
        self._check_bound(node.name.id, node)
        self._type_parameters(node)
        before, self._bars_walrus = self._bars_walrus, True
        node.value = self.visit(node.value)
        self._bars_walrus = before
        return node  # type: ignore[no-any-return]  # the class exists since Python 3.12

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.stmt:
        """The worker looks at the bases when the class is made; here the names, the keywords and the body."""
        self._check_bound(node.name, node)
        self._check_class_header(node)
        self._children(node, ("decorator_list",))
        before, self._bars_walrus = self._bars_walrus, bool(getattr(node, "type_params", None))
        self._children(node, ("bases", "keywords"))
        self._bars_walrus = False
        self._class_names.append(node.name)
        with _Inside(self, node):
            self._type_parameters(node)
            self._children(node, ("body",))
        self._class_names.pop()
        self._bars_walrus = before
        return node

    def _check_class_header(self, node: ast.ClassDef) -> None:
        for keyword in node.keywords:
            if keyword.arg == "metaclass" or keyword.arg is None:
                self.report(keyword, "script.forbidden_syntax", *hints.METACLASS)
        for base in node.bases:
            if isinstance(base, ast.Name) and base.id in _GROUPS:
                self.report(base, "script.forbidden_syntax", *hints.EXCEPTION_GROUP)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:
        """Class bodies keep their annotations, dataclasses need them; elsewhere Python never uses them."""
        if self._scope.kind == "class":
            self._children(node, ("annotation", "value", "target"))
            return node
        self._children(node, ("value", "target"))
        if self._scope.kind == "module":
            return _without_annotation(node)
        node.annotation = build.constant(None, node.annotation)
        return node

    # Comprehensions

    def _visit_comprehension(self, node: Any) -> ast.expr:
        """The first iterable belongs to the scope around, all else to the comprehension."""
        first, *others = node.generators
        self._visit_iterable(first)
        with _Inside(self, node):
            self._children(first, ("target", "ifs"))
            for generator in others:
                self._visit_iterable(generator)
                self._children(generator, ("target", "ifs"))
            self._children(node, ("elt", "key", "value"))
        return node  # type: ignore[no-any-return]  # one of four classes

    def _visit_iterable(self, generator: ast.comprehension) -> None:
        before, self._bars_walrus = self._bars_walrus, True
        generator.iter = self.visit(generator.iter)
        self._bars_walrus = before

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _visit_comprehension

    # Generators at the top level

    def visit_Yield(self, node: ast.Yield | ast.YieldFrom) -> ast.expr:
        """The script itself is no generator."""
        if self._scope.kind == "module":
            self.report(node, "script.syntax", "'yield' outside function", hints.YIELD)
            return build.constant(None, node)
        return self.node_contents_visit(node)

    visit_YieldFrom = visit_Yield

    # Imports

    def visit_Import(self, node: ast.Import) -> ast.stmt | None:
        """`import a.b as c` of facade modules."""
        allowed = [alias for alias in node.names if self._check_module(alias.name, alias)]
        for alias in node.names:
            self._check_bound(alias.asname or alias.name.partition(".")[0], alias)
        return node if len(allowed) == len(node.names) else build.placed(ast.Pass(), node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.stmt | None:
        """`from a import b` of facade modules and the names they show; `*` is written out."""
        if node.module == "__future__" and not node.level:
            return self._future(node)
        if node.level:
            self.report(node, "script.forbidden_import", *hints.RELATIVE_IMPORT)
            return build.placed(ast.Pass(), node)
        module = node.module or ""
        if not self._check_module(module, node):
            return build.placed(ast.Pass(), node)
        found = [self._check_imported(module, alias, node) for alias in node.names]
        if not all(found):
            return build.placed(ast.Pass(), node)
        if node.names[0].name == "*":
            node.names = [_located_alias(name, node.names[0]) for name in sorted(FACADES[module])]
        return node

    def _future(self, node: ast.ImportFrom) -> ast.stmt:
        for alias in node.names:
            if alias.name not in _FUTURES:
                self.report(alias, "script.syntax", f"future feature {alias.name} is not defined")
            self.future_annotations = self.future_annotations or alias.name == "annotations"
        if not _stands_first(node, self._survey):
            self.report(node, "script.syntax", "from __future__ imports must occur at the beginning of the file")
        return build.placed(ast.Pass(), node)

    def _check_module(self, module: str, node: ast.AST) -> bool:
        if self._mode == "strict":
            self.report(node, "script.forbidden_import", *hints.strict_import(module, self._tools))
            return False
        if module in FACADES:
            return True
        self.report(node, "script.forbidden_import", *hints.refused_module(module, self._tools))
        return False

    def _check_imported(self, module: str, alias: ast.alias, node: ast.ImportFrom) -> bool:
        if alias.name == "*":
            if self._scope.kind != "module":
                self.report(node, "script.syntax", "import * only allowed at module level")
                return False
            return True
        self._check_bound(alias.asname or alias.name, alias)
        if alias.name in FACADES[module]:
            return True
        self.report(alias, "script.forbidden_import", *hints.refused_import(module, alias.name))
        return False

    # Patterns

    def visit_MatchMapping(self, node: ast.MatchMapping) -> ast.pattern:
        """The keys are expressions, the rest is a name."""
        self._check_bound(node.rest, node)
        for key in node.keys:
            self._check_pattern_value(key)
        self._children(node, ("patterns",))
        return node

    def visit_MatchValue(self, node: ast.MatchValue) -> ast.pattern:
        """A dotted name or a literal; Python allows no call here, so no guarded read."""
        self._check_pattern_value(node.value)
        return node

    def visit_MatchClass(self, node: ast.MatchClass) -> ast.pattern:
        """Class patterns read attributes in C: only names that are harmless on every object."""
        self._check_pattern_value(node.cls)
        for attr in node.kwd_attrs:
            if names.is_safe_attribute(attr) != "free":
                self.report(node, "script.forbidden_attribute", *hints.pattern_attribute(attr))
        self._children(node, ("patterns", "kwd_patterns"))
        return node

    def _check_pattern_value(self, value: ast.expr) -> None:
        if isinstance(value, ast.Attribute):
            if names.is_safe_attribute(value.attr) != "free":
                self.report_attribute(value, *hints.pattern_attribute(value.attr))
            self._check_pattern_value(value.value)
        else:
            self.visit(value)


class _Inside:
    """The pass inside the scope of a node."""

    __slots__ = ("_before", "_node", "_pass")

    def __init__(self, policy: PolicyPass, node: ast.AST) -> None:
        self._pass = policy
        self._node = node

    def __enter__(self) -> None:
        self._before = self._pass._scope
        self._pass._scope = self._pass._survey.scopes[self._node]

    def __exit__(self, *error: object) -> None:
        self._pass._scope = self._before


def _is_plain_super(base: ast.expr) -> bool:
    """Whether a base is `super()`: only then Python itself settles class and object."""
    if not isinstance(base, ast.Call) or base.args or base.keywords:
        return False
    return isinstance(base.func, ast.Name) and base.func.id == "super"


def _without_annotation(node: ast.AnnAssign) -> ast.stmt:
    """A global with an annotation, as an assignment: the script's globals are declared, and those take none."""
    if node.value is not None:
        return build.placed(ast.Assign([node.target], node.value), node)
    if isinstance(node.target, ast.Name):
        return build.placed(ast.Pass(), node)
    return build.placed(ast.Expr(node.target.value), node)


def _located_alias(name: str, at: ast.alias) -> ast.alias:
    return ast.alias(
        name,
        None,
        lineno=at.lineno,
        col_offset=at.col_offset,
        end_lineno=at.end_lineno,
        end_col_offset=at.end_col_offset,
    )


def _stands_first(node: ast.ImportFrom, survey: Survey) -> bool:
    """Whether only a docstring and other future imports stand before a future import."""
    module = survey.module.node
    if not isinstance(module, ast.Module):
        return False
    for index, statement in enumerate(module.body):
        if statement is node:
            return True
        docstring = index == 0 and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not docstring and not isinstance(statement, ast.Pass):
            return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
    return False


_HANDLERS: Final[dict[type[ast.AST], Callable[..., Any]]] = {
    getattr(ast, name.removeprefix("visit_")): handler
    for name, handler in vars(PolicyPass).items()
    if name.startswith("visit_") and hasattr(ast, name.removeprefix("visit_"))
}
