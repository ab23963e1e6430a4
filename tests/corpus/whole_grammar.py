"""Scripts made from the syntax of the running Python: every node class that a module can hold, with every field of it.

What a field holds is read from the ASDL signature that `ast` gives each class as its docstring, so a class of a later
Python is generated from the day on which the interpreter has it. The methods of `_Maker` only keep what the signature
does not say: that both lists of a dict are equally long, that `break` stands in a loop.

*Tame* scripts use names and modules that the language has, and end: their loops take three items at most, and nothing
grows faster than it is written down. *Wild* ones use any name.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from hypothesis import strategies as st

from policy.language.grammar import GRAMMAR

Field = tuple[str, str]  # ASDL type, and "", "?" or "*"

TAME_NAMES = ("a", "b", "xs", "table", "text", "box", "fun", "Box")
WILD_NAMES = (
    *TAME_NAMES,
    "__class__",
    "__import__",
    "open",
    "eval",
    "super",
    "tools",
    "__x",
    "_",
    "print",
    "é",
    "type",
)
TAME_ATTRIBUTES = ("n", "real", "upper", "count", "keys", "made")
WILD_ATTRIBUTES = (*TAME_ATTRIBUTES, "__class__", "__globals__", "gi_frame", "format", "_x", "__x", "__init__", "mro")
TAME_MODULES = ("json", "math", "collections.abc", "asyncio")
WILD_MODULES = (*TAME_MODULES, "os", "sys", "os.path", "jsn", "__future__")
CONSTANTS = (0, 1, 2, -1, 1.5, 2j, True, None, "k", "", "Hello", "é\n", b"y", ...)

_LEAVES = {"expr": ("Name", "Constant"), "stmt": ("Pass", "Expr"), "pattern": ("MatchSingleton", "MatchValue")}
_NOT_FREE = {"Starred", "Slice", "FormattedValue", "Interpolation", "Global", "Nonlocal", "MatchStar"}
_IN_LOOPS = {"Break", "Continue"}
_IN_FUNCTIONS = {"Yield", "YieldFrom"}
_ASYNC = {"Await", "AsyncFor", "AsyncWith"}


@cache
def fields_of(cls: type[ast.AST]) -> dict[str, Field]:
    """Field name -> ASDL type and quantifier, as the running Python documents them."""
    inside = re.fullmatch(r"\w+(?:\((.*)\))?", " ".join((cls.__doc__ or "").split()))
    assert inside is not None, (cls, cls.__doc__)
    found = re.findall(r"(\w+)([?*]?) (\w+)", inside[1] or "")
    return {name: (kind, quantifier) for kind, quantifier, name in found}


@cache
def classes_of(kind: str) -> tuple[type[ast.AST], ...]:
    """The node classes of an ASDL type, sorted by name."""
    base = getattr(ast, kind)
    below = [cls for cls in base.__subclasses__() if cls.__module__ in ("ast", "_ast") and cls.__name__ in GRAMMAR]
    return tuple(sorted(below, key=lambda cls: cls.__name__)) if below else (base,)


@cache
def script_classes() -> tuple[type[ast.AST], ...]:
    """Every node class that can stand in a module, marks included."""
    found: dict[type[ast.AST], None] = {}
    waiting: list[type[ast.AST]] = [ast.Module]
    while waiting:
        cls = waiting.pop()
        for kind, _ in () if cls in found else fields_of(cls).values():
            if kind not in ("identifier", "string", "int", "constant", "type_ignore"):
                waiting += classes_of(kind)
        found[cls] = None
    del found[ast.Module]
    return tuple(sorted(found, key=lambda cls: cls.__name__))


def tame_classes() -> tuple[type[ast.AST], ...]:
    """Those of them that a script may use."""
    return tuple(cls for cls in script_classes() if GRAMMAR[cls.__name__].verdict != "refused")


class _Maker:
    """Draws nodes. `depth` is what may still be nested."""

    def __init__(self, draw: st.DrawFn, *, is_tame: bool) -> None:
        self._draw = draw
        self._is_tame = is_tame
        self._fresh = 0
        self._in_loop = False
        self._scope = "module"  # or "function", "async function", "class", "lambda"
        self.full = False

    def one(self, *options: Any) -> Any:
        return self._draw(st.sampled_from(options))

    def fresh(self) -> str:
        self._fresh += 1
        return f"v{self._fresh}"

    def any(self, kind: str, depth: int) -> Any:
        """A node of an ASDL type, of any class that may stand here."""
        if depth <= 0 and kind in _LEAVES:
            return self.node(getattr(ast, self.one(*_LEAVES[kind])), 0)
        usable = [cls for cls in classes_of(kind) if self._may_stand(cls.__name__)]
        return self.node(self.one(*usable), depth)

    def _may_stand(self, name: str) -> bool:
        if name in _NOT_FREE or name in _IN_LOOPS:
            return name in _IN_LOOPS and self._in_loop
        if name in _IN_FUNCTIONS:
            return self._scope.endswith("function") and not (name == "YieldFrom" and self._scope == "async function")
        if name in _ASYNC:
            return self._scope in ("module", "async function")
        if name == "Return":
            return self._scope == "function"
        return GRAMMAR[name].verdict != "refused" or not self._is_tame

    def node(self, cls: type[ast.AST], depth: int) -> ast.AST:
        """A node of a class, its fields drawn."""
        made: ast.AST = getattr(self, f"_{cls.__name__}", self._plain)(cls, depth)
        return made

    def _plain(self, cls: type[ast.AST], depth: int, **given: Any) -> ast.AST:
        full, self.full = self.full, False
        for name, (kind, quantifier) in fields_of(cls).items():
            if name not in given:
                given[name] = self._field(name, kind, quantifier, depth - 1, full=full)
        return cls(**given)

    def _field(self, name: str, kind: str, quantifier: str, depth: int, *, full: bool) -> Any:
        if name in ("type_comment", "kind"):
            return None
        if quantifier == "?" and not full and self.one(False, True):
            return None
        if quantifier == "*":
            least = 1 if full or name in ("body", "names", "targets", "items", "cases", "elts") else 0
            return [self._single(name, kind, depth) for _ in range(self._draw(st.integers(least, 2)))]
        return self._single(name, kind, depth)

    def _single(self, name: str, kind: str, depth: int) -> Any:
        if kind == "identifier":
            return self.attribute() if name == "attr" else self.name()
        if kind == "expr_context":
            return ast.Load()
        if kind in ("int", "string", "constant"):
            return 0
        if kind == "expr" and name in ("target", "targets", "optional_vars"):
            return self.target(depth)
        return self.any(kind, depth)

    def name(self) -> str:
        found: str = self.one(*(TAME_NAMES if self._is_tame else WILD_NAMES))
        return found

    def attribute(self) -> str:
        found: str = self.one(*(TAME_ATTRIBUTES if self._is_tame else WILD_ATTRIBUTES))
        return found

    def expr(self, depth: int) -> ast.expr:
        made: ast.expr = self.any("expr", depth)
        return made

    def target(self, depth: int) -> ast.expr:
        """What can be assigned to: often a name of its own, so that the names of the prelude stay useful."""
        kind = self.one("fresh", "name", "attribute", "item", "tuple", "list") if depth > 0 else "fresh"
        if kind == "attribute":
            return ast.Attribute(ast.Name("box", ast.Load()), self.attribute(), ast.Store())
        if kind == "item":
            return ast.Subscript(ast.Name("table", ast.Load()), self.expr(0), ast.Store())
        if kind in ("tuple", "list"):
            parts = [self.target(0), ast.Starred(self.target(0), ast.Store())]
            return ast.Tuple(parts, ast.Store()) if kind == "tuple" else ast.List(parts, ast.Store())
        return ast.Name(self.fresh() if kind == "fresh" else self.name(), ast.Store())

    def inside(self, scope: str, body: Callable[[], Any], *, loop: bool = False) -> Any:
        """What `body` makes, inside another scope, or inside a loop of this one."""
        before = self._scope, self._in_loop, self.full
        self._scope, self._in_loop, self.full = scope, loop, False
        try:
            return body()
        finally:
            self._scope, self._in_loop, self.full = before

    def body(self, depth: int, scope: str | None = None, *, loop: bool | None = None) -> list[ast.stmt]:
        def made() -> list[ast.stmt]:
            return [self.any("stmt", depth - 1) for _ in range(self._draw(st.integers(1, 2)))]

        found: list[ast.stmt] = self.inside(
            scope or self._scope, made, loop=self._in_loop if loop is None and scope is None else bool(loop)
        )
        return found

    def few(self, value: ast.expr) -> ast.expr:
        """At most three items: `some` of the prelude."""
        return ast.Call(ast.Name("some", ast.Load()), [value], []) if self._is_tame else value

    # Statements.

    def _Expr(self, cls: Any, depth: int) -> ast.AST:
        return ast.Expr(self.expr(depth))

    def _Delete(self, cls: Any, depth: int) -> ast.AST:
        return ast.Delete([ast.Subscript(ast.Name("table", ast.Load()), self.expr(0), ast.Del())])

    def _AugAssign(self, cls: Any, depth: int) -> ast.AST:
        target = self.one(ast.Name("a", ast.Store()), ast.Attribute(ast.Name("box", ast.Load()), "n", ast.Store()))
        return ast.AugAssign(target, self._operator(), self.node(ast.Constant, 0))

    def _operator(self) -> ast.operator:
        operators = [each for each in classes_of("operator") if each not in (ast.Pow, ast.LShift, ast.Mult)]
        made: ast.operator = self.one(*(operators if self._is_tame else classes_of("operator")))()
        return made

    def _AnnAssign(self, cls: Any, depth: int) -> ast.AST:
        value = self.expr(depth - 1) if self.full or self.one(True, False) else None
        self.full = False
        return ast.AnnAssign(ast.Name(self.fresh(), ast.Store()), self.expr(0), value, 1)

    def _For(self, cls: Any, depth: int) -> ast.AST:
        return self._plain(
            cls, depth, target=self.target(1), iter=self.few(self.expr(depth - 1)), body=self.body(depth, loop=True)
        )

    def _AsyncFor(self, cls: Any, depth: int) -> ast.AST:
        items = ast.Call(ast.Name("later", ast.Load()), [self.expr(depth - 1)], [])
        return self._plain(cls, depth, target=self.target(1), iter=items, body=self.body(depth, loop=True))

    def _While(self, cls: Any, depth: int) -> ast.AST:
        test: ast.expr = ast.Call(ast.Name("again", ast.Load()), [], [])
        if self.one(True, False):
            test = ast.BoolOp(ast.And(), [test, self.expr(depth - 1)])
        return self._plain(cls, depth, test=test, body=self.body(depth, loop=True))

    def _FunctionDef(self, cls: Any, depth: int) -> ast.AST:
        scope = "function" if cls is ast.FunctionDef else "async function"
        body = self.body(depth, scope)
        decorators: list[ast.expr] = [ast.Name("same", ast.Load())] if self.full else []
        return self._plain(cls, depth, name=self.fresh(), body=body, decorator_list=decorators, returns=self.expr(0))

    _AsyncFunctionDef = _FunctionDef

    def _ClassDef(self, cls: Any, depth: int) -> ast.AST:
        keywords = [ast.keyword("k", self.expr(0))] if self.full else []
        bases: list[ast.expr] = [ast.Name("Open", ast.Load())]
        decorators: list[ast.expr] = [ast.Name("same", ast.Load())] if self.full else []
        body = self.body(depth, "class")
        return self._plain(
            cls, depth, name=self.fresh(), bases=bases, keywords=keywords, body=body, decorator_list=decorators
        )

    def _Lambda(self, cls: Any, depth: int) -> ast.AST:
        body = self.inside("lambda", lambda: self.expr(depth - 1))
        return ast.Lambda(self.node(ast.arguments, depth - 1), body)

    def _arguments(self, cls: Any, depth: int) -> ast.AST:
        def parameters(most: int) -> list[ast.arg]:
            return [ast.arg(self.fresh(), None) for _ in range(1 if full else self._draw(st.integers(0, most)))]

        full, self.full = self.full, False
        first, then, named = parameters(1), parameters(2), parameters(1)
        return ast.arguments(
            posonlyargs=first,
            args=then,
            vararg=ast.arg(self.fresh()) if full or self.one(True, False) else None,
            kwonlyargs=named,
            kw_defaults=[self.expr(0) if full or self.one(True, False) else None for _ in named],
            kwarg=ast.arg(self.fresh()) if full or self.one(True, False) else None,
            defaults=[self.expr(0) for _ in then],
        )

    def _arg(self, cls: Any, depth: int) -> ast.AST:
        return ast.arg(self.fresh(), self.expr(0))

    def _Try(self, cls: Any, depth: int) -> ast.AST:
        handlers = [self.node(ast.ExceptHandler, depth - 1)]
        return self._plain(cls, depth, body=self.body(depth), handlers=handlers)

    def _TryStar(self, cls: Any, depth: int) -> ast.AST:
        handled: list[Any] = [ast.ExceptHandler(ast.Name("Exception", ast.Load()), self.fresh(), [ast.Pass()])]
        return self._plain(cls, depth, body=self.body(0), handlers=handled, orelse=[ast.Pass()], finalbody=[ast.Pass()])

    def _ExceptHandler(self, cls: Any, depth: int) -> ast.AST:
        kind = self.one("Exception", "KeyError", "TypeError", "LookupError")
        return ast.ExceptHandler(ast.Name(kind, ast.Load()), self.fresh(), self.body(0))

    def _Raise(self, cls: Any, depth: int) -> ast.AST:
        error = ast.Call(ast.Name(self.one("ValueError", "KeyError"), ast.Load()), [self.node(ast.Constant, 0)], [])
        cause = ast.Call(ast.Name("OSError", ast.Load()), [], []) if self.full or self.one(True, False) else None
        return ast.Raise(error, cause)  # type: ignore[arg-type]  # an expression

    def _With(self, cls: Any, depth: int) -> ast.AST:
        return self._plain(cls, depth, items=[self.node(ast.withitem, depth - 1)], body=self.body(depth))

    _AsyncWith = _With

    def _withitem(self, cls: Any, depth: int) -> ast.AST:
        held: ast.expr = ast.Call(ast.Name("Box", ast.Load()), [], [])
        return self._plain(cls, depth, context_expr=held)

    def _Import(self, cls: Any, depth: int) -> ast.AST:
        return ast.Import([self.node(ast.alias, depth - 1)])

    def _ImportFrom(self, cls: Any, depth: int) -> ast.AST:
        module, name = self.one(("math", "floor"), ("json", "dumps"), ("asyncio", "gather"))
        if not self._is_tame:
            module, name = self.one(*WILD_MODULES), self.one(name, *WILD_NAMES, "*")
        level = 0 if self._is_tame else self.one(0, 0, 1, 2)
        alias = ast.alias(name, None if name == "*" else self.fresh())
        return self._plain(cls, depth, module=module, names=[alias], level=level)

    def _alias(self, cls: Any, depth: int) -> ast.AST:
        return ast.alias(self.one(*(TAME_MODULES if self._is_tame else WILD_MODULES)), self.fresh())

    def _Global(self, cls: Any, depth: int) -> ast.AST:
        return cls(["a"])  # type: ignore[no-any-return]  # one of two classes

    _Nonlocal = _Global

    def _Match(self, cls: Any, depth: int) -> ast.AST:
        return ast.Match(self.expr(depth - 1), [self.node(ast.match_case, depth)])

    def _match_case(self, cls: Any, depth: int) -> ast.AST:
        return self._plain(cls, depth, body=self.body(depth))

    # Expressions.

    def _Name(self, cls: Any, depth: int) -> ast.AST:
        return ast.Name(self.name(), ast.Load())

    def _Constant(self, cls: Any, depth: int) -> ast.AST:
        value = self.one(*CONSTANTS)
        return ast.Constant(value, "u" if value == "Hello" and self.one(True, False) else None)

    def _BoolOp(self, cls: Any, depth: int) -> ast.AST:
        return self._plain(cls, depth, values=[self.expr(depth - 1), self.expr(depth - 2)])

    def _NamedExpr(self, cls: Any, depth: int) -> ast.AST:
        return ast.NamedExpr(ast.Name(self.fresh(), ast.Store()), self.expr(depth - 1))

    def _BinOp(self, cls: Any, depth: int) -> ast.AST:
        operator = self.one(*classes_of("operator"))()
        if self._is_tame and isinstance(operator, (ast.Pow, ast.LShift, ast.Mult)):
            return ast.BinOp(self.node(ast.Constant, 0), operator, self.node(ast.Constant, 0))
        return ast.BinOp(self.expr(depth - 1), operator, self.expr(depth - 2))

    def _Compare(self, cls: Any, depth: int) -> ast.AST:
        count = self._draw(st.integers(1, 2))
        operators = [self.any("cmpop", 0) for _ in range(count)]
        return ast.Compare(self.expr(depth - 1), operators, [self.expr(0) for _ in operators])

    def _Dict(self, cls: Any, depth: int) -> ast.AST:
        keys = [self.one(None, ast.Constant("k"), self.expr(0)) for _ in range(2)]
        values = [ast.Name("table", ast.Load()) if key is None else self.expr(depth - 1) for key in keys]
        return ast.Dict([ast.Constant("z"), *keys], [self.expr(0), *values])

    def _elements(self, cls: Any, depth: int) -> ast.AST:
        parts = [self.expr(depth - 1), *([self.node(ast.Starred, depth - 1)] if self.one(True, False) else [])]
        return cls(parts) if cls is ast.Set else cls(parts, ast.Load())  # type: ignore[no-any-return]  # one of three

    _Set = _List = _Tuple = _elements

    def _Await(self, cls: Any, depth: int) -> ast.AST:
        tool = ast.Attribute(ast.Name("tools", ast.Load()), self.one("add", "fail"), ast.Load())
        keywords = [ast.keyword(name, ast.Constant(self.one(0, 1, 2))) for name in ("a", "b")]
        return ast.Await(ast.Call(tool, [], keywords))

    def _Call(self, cls: Any, depth: int) -> ast.AST:
        function = self.one("fun", "str", "len", "list", "repr", "int", "sorted", "abs", "type", "Box")
        arguments: list[ast.expr] = [self.expr(depth - 1)]
        if function == "fun":
            arguments += [self.node(ast.Starred, depth - 2)] if self.one(True, False) else []  # type: ignore[list-item]
        keywords = (
            [self.node(ast.keyword, depth - 2)] if function == "fun" and (self.full or self.one(True, False)) else []
        )
        if self.full:
            function, keywords = "fun", keywords or [ast.keyword("k", self.expr(0))]
        callee: Any = ast.Name(function, ast.Load()) if self._is_tame else self.expr(depth - 1)
        return ast.Call(callee, arguments, keywords)  # type: ignore[arg-type]  # keywords

    def _keyword(self, cls: Any, depth: int) -> ast.AST:
        if self.one(True, False) and not self.full:
            return ast.keyword(None, ast.Name("table", ast.Load()))
        return ast.keyword(self.one("k", "j", *(() if self._is_tame else ("__x__",))), self.expr(depth - 1))

    def _Starred(self, cls: Any, depth: int) -> ast.AST:
        return ast.Starred(self.few(self.expr(depth - 1)), ast.Load())

    def _YieldFrom(self, cls: Any, depth: int) -> ast.AST:
        return ast.YieldFrom(self.few(self.expr(depth - 1)))

    def _JoinedStr(self, cls: Any, depth: int) -> ast.AST:
        return cls([ast.Constant("{x} "), self.node(ast.FormattedValue, depth - 1)])  # type: ignore[no-any-return]

    def _FormattedValue(self, cls: Any, depth: int) -> ast.AST:
        spec = ast.JoinedStr([ast.Constant(">6")]) if self.full or self.one(True, False) else None
        return ast.FormattedValue(self.expr(depth - 1), self.one(-1, 97, 114, 115), spec)

    def _TemplateStr(self, cls: Any, depth: int) -> ast.AST:
        return cls([ast.Constant("x "), self.node(ast.Interpolation, depth - 1)])  # type: ignore[attr-defined,no-any-return]

    def _Interpolation(self, cls: Any, depth: int) -> ast.AST:
        return cls(self.expr(0), "x", self.one(-1, 114), ast.JoinedStr([ast.Constant(">6")]))  # type: ignore[no-any-return]

    def _Subscript(self, cls: Any, depth: int) -> ast.AST:
        part = self.node(ast.Slice, depth - 1) if self.one(True, False) else self.expr(depth - 1)
        return ast.Subscript(self.expr(depth - 1), part, ast.Load())  # type: ignore[arg-type]  # an expression

    def _comprehension(self, cls: Any, depth: int) -> ast.AST:
        items = self.few(self.expr(0))
        return self._plain(cls, min(depth, 1), target=self.target(0), iter=items, is_async=0)

    def _over(self, cls: Any, depth: int) -> ast.AST:
        generators = [self.node(ast.comprehension, depth - 1)]
        if self._scope in ("module", "async function") and self.one(True, False, False):
            later = ast.Call(ast.Name("later", ast.Load()), [self.expr(0)], [])
            generators.append(ast.comprehension(self.target(0), later, [], 1))
        parts = {
            name: self.inside("lambda", lambda: self.expr(depth - 1)) for name in fields_of(cls) if name != "generators"
        }
        return cls(**parts, generators=generators)

    _ListComp = _SetComp = _DictComp = _GeneratorExp = _over

    # Patterns. Names are fresh, so that no pattern binds one twice.

    def _MatchValue(self, cls: Any, depth: int) -> ast.AST:
        return ast.MatchValue(
            self.one(ast.Constant(1), ast.Constant("k"), ast.Attribute(ast.Name("box", ast.Load()), "n", ast.Load()))
        )

    def _MatchSingleton(self, cls: Any, depth: int) -> ast.AST:
        return ast.MatchSingleton(self.one(None, True, False))

    def _MatchSequence(self, cls: Any, depth: int) -> ast.AST:
        star = [ast.MatchStar(self.fresh())] if self.one(True, False) else []
        return ast.MatchSequence([self.any("pattern", depth - 1), *star])

    def _MatchMapping(self, cls: Any, depth: int) -> ast.AST:
        rest = self.fresh() if self.full or self.one(True, False) else None
        return ast.MatchMapping([ast.Constant("k")], [self.any("pattern", depth - 1)], rest)

    def _MatchClass(self, cls: Any, depth: int) -> ast.AST:
        attribute = "n" if self._is_tame else self.attribute()
        positional = [self.any("pattern", depth - 1)] if self.full or self.one(True, False) else []
        matched = self.one("Box", "int") if not self.full else "Box"
        return ast.MatchClass(ast.Name(matched, ast.Load()), positional, [attribute], [self.any("pattern", depth - 1)])

    def _MatchStar(self, cls: Any, depth: int) -> ast.AST:
        return ast.MatchStar(self.fresh())

    def _MatchAs(self, cls: Any, depth: int) -> ast.AST:
        return ast.MatchAs(self.any("pattern", depth - 1) if self.full or self.one(True, False) else None, self.fresh())

    def _MatchOr(self, cls: Any, depth: int) -> ast.AST:
        return ast.MatchOr([self.any("pattern", 0), self.any("pattern", 0)])

    # Type parameters and aliases: leaves only, their scopes take no walrus, yield or await.

    def _TypeVar(self, cls: Any, depth: int) -> ast.AST:
        return self._plain(cls, 0, name=self.fresh())

    _ParamSpec = _TypeVarTuple = _TypeVar

    def _TypeAlias(self, cls: Any, depth: int) -> ast.AST:
        return self._plain(cls, 0, name=ast.Name(self.fresh(), ast.Store()))

    # A node where it can stand.

    def statement_with(self, cls: type[ast.AST]) -> ast.stmt:
        """A statement that holds a node of the class, with every field that it can have filled."""
        self.full = True
        if cls in classes_of("operator"):
            return ast.Expr(ast.BinOp(self.expr(0), cls(), self.expr(0)))  # type: ignore[arg-type]  # an operator
        if cls in classes_of("unaryop"):
            return ast.Expr(ast.UnaryOp(cls(), self.expr(0)))  # type: ignore[arg-type]
        if cls in classes_of("boolop"):
            return ast.Expr(ast.BoolOp(cls(), [self.expr(0), self.expr(0)]))  # type: ignore[arg-type]
        if cls in classes_of("cmpop"):
            return ast.Expr(ast.Compare(self.expr(0), [cls()], [self.expr(0)]))  # type: ignore[list-item]
        if cls in classes_of("expr_context"):
            return self.one(ast.Delete([ast.Subscript(ast.Name("table", ast.Load()), ast.Constant("k"), ast.Del())]), ast.Assign([ast.Name("a", ast.Store())], ast.Name("b", ast.Load())))  # type: ignore[no-any-return]  # fmt: skip
        name = cls.__name__
        if name in _IN_LOOPS:
            return ast.For(ast.Name("a", ast.Store()), self.few(ast.Name("xs", ast.Load())), [cls()], [])  # type: ignore[list-item]
        if name == "Nonlocal":
            inner = self._function([ast.Nonlocal(["v0"]), ast.Assign([ast.Name("v0", ast.Store())], self.expr(0))])
            return self._function([ast.Assign([ast.Name("v0", ast.Store())], self.expr(0)), inner])
        if name in ("Global", "Return", *_IN_FUNCTIONS):
            made = self.inside("function", lambda: self.node(cls, 2))
            return self._function([made if isinstance(made, ast.stmt) else ast.Expr(made)])
        return self._lifted(self.node(cls, 2))

    def _function(self, body: list[Any]) -> ast.stmt:
        empty = ast.arguments(
            posonlyargs=[], args=[], vararg=None, kwonlyargs=[], kw_defaults=[], kwarg=None, defaults=[]
        )
        made: Any = self._plain(
            ast.FunctionDef, 0, name=self.fresh(), args=empty, body=body, decorator_list=[], returns=None
        )
        made.type_params = []
        return made  # type: ignore[no-any-return]  # a function

    def _lifted(self, node: ast.AST) -> ast.stmt:
        """The smallest statement around a node."""
        match node:
            case ast.stmt():
                return node
            case ast.expr():
                return ast.Expr(_lifted_expression(node))
            case ast.MatchStar():
                return self._lifted(ast.MatchSequence([node]))
            case ast.pattern():
                return self._lifted(ast.match_case(node, self.expr(0), [ast.Pass()]))
            case ast.match_case():
                return ast.Match(ast.Name("xs", ast.Load()), [node])
            case ast.ExceptHandler():
                return ast.Try([ast.Expr(self.expr(1))], [node], [], [])
            case ast.alias():
                return ast.Import([node])
            case ast.withitem():
                return ast.With([node], [ast.Pass()])
        return self._around_part(node)

    def _around_part(self, node: ast.AST) -> ast.stmt:
        """A part of an expression."""
        match node:
            case ast.comprehension():
                return ast.Expr(ast.ListComp(self.expr(0), [node]))
            case ast.keyword():
                return ast.Expr(ast.Call(ast.Name("fun", ast.Load()), [], [node]))
            case ast.arguments():
                return ast.Expr(ast.Lambda(node, self.expr(0)))
        return self._in_function(node)

    def _in_function(self, node: ast.AST) -> ast.stmt:
        """A parameter, or a parameter for types, of a function."""
        made: Any = self._function([ast.Pass()])
        if isinstance(node, ast.arg):
            made.args.args = [node]
        else:
            made.type_params = [node]
        return made  # type: ignore[no-any-return]  # a function


def _lifted_expression(node: ast.expr) -> ast.expr:
    """The expression around one that cannot stand alone."""
    match type(node).__name__:
        case "Slice":
            return ast.Subscript(ast.Name("xs", ast.Load()), node, ast.Load())
        case "Starred":
            return ast.List([node], ast.Load())
        case "FormattedValue":
            return ast.JoinedStr([node])
        case "Interpolation":
            return ast.TemplateStr([node])  # type: ignore[attr-defined,no-any-return]  # of Python 3.14
    return node


def source_of(statements: list[ast.stmt]) -> str:
    """The text of statements, or a text that is no script where `ast` cannot write them."""
    module = ast.fix_missing_locations(ast.Module(statements, []))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.unparse(module)
        except (ValueError, TypeError, AttributeError):  # a quote too many in an f-string before 3.12
            return "(\n"


@st.composite
def statements_with(draw: st.DrawFn, cls: type[ast.AST], *, is_tame: bool) -> ast.stmt:
    """A statement that holds a node of the class."""
    return _Maker(draw, is_tame=is_tame).statement_with(cls)


@st.composite
def scripts(draw: st.DrawFn, *, is_tame: bool) -> str:
    """Texts of a few statements, each around a node of any class."""
    maker = _Maker(draw, is_tame=is_tame)
    usable = tame_classes() if is_tame else script_classes()
    return source_of([maker.statement_with(maker.one(*usable)) for _ in range(draw(st.integers(1, 5)))])


def used_fields(source: str) -> Iterator[tuple[str, str | None]]:
    """Class and field, for every field of a text that holds something; class and None for every class."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(source)
    for node in ast.walk(tree):
        name = type(node).__name__
        yield name, None
        for field in node._fields:
            if getattr(node, field, None) not in (None, [], 0, -1) or (name, field) in _ANY_VALUE:
                yield name, field


_ANY_VALUE = {("Constant", "value"), ("MatchSingleton", "value")}


def fields_to_use() -> set[tuple[str, str | None]]:
    """What the table names and a text of this Python can hold."""
    found: set[tuple[str, str | None]] = set()
    for cls in script_classes():
        found.add((cls.__name__, None))
        for field in fields_of(cls):
            if GRAMMAR[cls.__name__].fields.get(field) is not None and field != "type_comment":
                found.add((cls.__name__, field))
    return found


TOOLS_IN_PLAIN_PYTHON = """\
class ToolError(Exception): pass
class tools:
    async def add(a, b): return a + b
    async def fail(a, b): raise ToolError(f"tools.fail failed: ValueError: no {a} {b}")
"""

PRELUDE = """\
import json
log = []
a, b = 3, -2
xs = [4, 1, "k"]
table = {"k": 1, 5: "five"}
text = "Hello"
turns = 0


def some(value):
    return [item for item, _ in zip(value, range(3))]


def again():
    global turns
    turns += 1
    return turns % 3


def same(value):
    return value


async def later(value):
    for item in some(value):
        yield item


def fun(*args, k=1, **rest):
    return [len(args), k, *rest]


class Open:
    def __init_subclass__(cls, **rest):
        log.append(sorted(rest))


class Box:
    __match_args__ = ("n",)
    made = 0

    def __init__(self, n=0):
        self.n = n

    def __enter__(self):
        return self

    def __exit__(self, *error):
        log.append("exit")

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        log.append("aexit")


box = Box(1)


def shown(value, depth=3):
    if isinstance(value, (list, tuple)) and depth:
        return [shown(item, depth - 1) for item in value[:9]]
    if isinstance(value, dict) and depth:
        return [[shown(key, 0), shown(item, depth - 1)] for key, item in list(value.items())[:9]]
    if isinstance(value, (int, float, str, bytes, bool)):
        return repr(value)[:99]
    return type(value).__name__


"""

EPILOGUE = """\
print(shown([a, b, xs, table, text, turns, box.__dict__]))
return log
"""


def as_programs(statements: list[str], first_line: str) -> str:
    """A whole script of statements that are each tried, so that it runs to its end and tells what each did."""
    tried = []
    for statement in statements:
        body = "\n".join("    " + line for line in statement.splitlines())
        tried.append(
            f"try:\n{body}\nexcept Exception as error:\n    log.append([type(error).__name__, str(error)])\nlog.append(shown(a))\n"
        )
    return first_line + "\n" + PRELUDE + "".join(tried) + EPILOGUE
