"""Laws of the language: a check never fails, points into the text, and promises no less than a run can do."""

from __future__ import annotations

import ast
import dis
import textwrap
from collections.abc import Iterator
from types import CodeType

from hypothesis import given, settings
from hypothesis import strategies as st

from policy.language import names
from policy.language.pipeline import compile_script
from policy.language.report import CheckReport, ToolSignature
from policy.language.source import BOM, MAX_EXCERPT
from tests.unit.policy.language.bound_guards import execute

TOOLS = tuple(
    ToolSignature(name, {"properties": {"x": {"type": "integer"}}}) for name in ("alpha", "beta_two", "ns.gamma")
)
_WORDS = """
    x y self _x __x __init__ __class__ __globals__ tools tools.alpha tools.betaTwo tools.ns tools.ns.gamma
    getattr super super() eval open import from as json os math global nonlocal def class async await return
    yield for in if else elif while try except except* finally with match case lambda print type format
    gi_frame None True 1 1.5 'é' f'{x}' b'y' = += := == ( ) [ ] { } : , . * ** @ -> + - not and or is del pass
    break continue assert raise
"""
_TOKENS = st.sampled_from([*_WORDS.split(), "\n", "\n    ", "\n        ", " "])
_SCRIPTS = st.lists(_TOKENS, max_size=60).map(" ".join)
_EXPRESSIONS = st.recursive(
    st.sampled_from(
        ["x", "1", "'a'", "tools", "tools.alpha", "tools.ns", "self._x", "a.b", "[]", "await tools.alpha(1)"]
    ),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}, {pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"f({pair[0]}, k={pair[1]})"),
        inner.map(lambda value: f"[{value} for y in z]"),
        inner.map(lambda value: f"(lambda: {value})"),
        inner.map(lambda value: f"{{'k': {value}}}['k']"),
        inner.map(lambda value: f"({value})._private"),
        inner.map(lambda value: f"(w := {value})"),
        inner.map(lambda value: f"[y for y in {value}]"),
        inner.map(lambda value: f"{{y: y for z in y for y in {value}}}"),
        inner.map(lambda value: f"(lambda k={value}: k)"),
        inner.map(lambda value: f"({value} if {value} else 1)"),
        inner.map(lambda value: f"f(*{value}, **{value})"),
    ),
    max_leaves=8,
)


def _holds(report: CheckReport, text: str) -> None:
    lines = text.removeprefix(BOM).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for found in report.diagnostics:
        assert 1 <= found.line <= found.end_line <= len(lines)
        assert 1 <= found.column <= len(lines[found.line - 1]) + 1
        assert 1 <= found.end_column <= len(lines[found.end_line - 1]) + 1
        assert (found.line, found.column) <= (found.end_line, found.end_column)
        assert found.excerpt == lines[found.line - 1][:MAX_EXCERPT]


@given(st.one_of(st.text(max_size=200), _SCRIPTS))
@settings(max_examples=400, deadline=None)
def test_a_check_of_any_text_gives_a_report_that_points_into_it(text: str) -> None:
    """`check` never raises; positions lie inside the source; accepted means compiled."""
    compiled = compile_script(text, TOOLS)
    assert compiled.report.ok == (compiled.code is not None)
    if text.isprintable() or text.isascii():
        _holds(compiled.report, text)


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_a_check_of_any_bytes_gives_a_report(data: bytes) -> None:
    """The same of bytes."""
    compiled = compile_script(data, TOOLS)
    assert compiled.report.ok == (compiled.code is not None)


@given(_EXPRESSIONS)
@settings(max_examples=300, deadline=None)
def test_well_formed_expressions_are_compiled_or_refused_with_a_code(expression: str) -> None:
    """No rewriting makes code that Python cannot compile: what it refuses after the passes, it refuses before them."""
    for source in (f"v = {expression}", f"async def f():\n    v = {expression}", f"f({expression}).x += {expression}"):
        own = [found for found in compile_script(source, TOOLS).report.diagnostics if found.code == "script.syntax"]
        assert bool(own) == _is_refused_by_python(source)


def _is_refused_by_python(source: str) -> bool:
    body = textwrap.indent(source, "    ")
    try:
        compile(f"async def main():\n    global v\n{body}", "<plain>", "exec", dont_inherit=True)
    except SyntaxError:
        return True
    return False


_ATTRIBUTE_NAMES = """
    upper format send obj now _x __x __init__ __class__ __name__ __dict__ __globals__ __code__ __subclasses__
    __traceback__ __reduce_ex__ __getattribute__ __setattr__ __new__ gi_frame cr_frame f_back tb_next co_code
    mro get_loop with_traceback
"""
_ATTRIBUTES = st.sampled_from(_ATTRIBUTE_NAMES.split())
_ACCESSES = st.one_of(
    st.tuples(_EXPRESSIONS, _ATTRIBUTES).map(lambda pair: f"v = ({pair[0]}).{pair[1]}"),
    st.tuples(_EXPRESSIONS, _ATTRIBUTES).map(lambda pair: f"({pair[0]}).{pair[1]} = 1"),
    st.tuples(_EXPRESSIONS, _ATTRIBUTES).map(lambda pair: f"({pair[0]}).{pair[1]} += 1"),
    st.tuples(_EXPRESSIONS, _ATTRIBUTES).map(lambda pair: f"del ({pair[0]}).{pair[1]}"),
    st.tuples(_EXPRESSIONS, _ATTRIBUTES).map(lambda pair: f"for ({pair[0]}).{pair[1]} in y: pass"),
    _ATTRIBUTES.map(lambda name: f"match x:\n    case object({name}=v): pass"),
    _ATTRIBUTES.map(lambda name: f"match x:\n    case a.{name}: pass"),
    _ATTRIBUTES.map(
        lambda name: f"class A:\n    def f(self): return super().{name}, super(A, self).{name}, self.{name}"
    ),
    _ATTRIBUTES.map(lambda name: f"class A(x.{name}, k=y.{name}):\n    z: w.{name} = w.{name}"),
)


def _instructions(code: CodeType) -> Iterator[dis.Instruction]:
    yield from dis.get_instructions(code)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _instructions(constant)


@given(_ACCESSES)
@settings(max_examples=400, deadline=None)
def test_accepted_code_reads_no_attribute_raw_that_a_guard_should_see(source: str) -> None:
    """In the bytecode, raw attribute names are free or private, or methods of `super()`; stores add names of functions."""
    code = compile_script(source, TOOLS).code
    if code is None:
        return
    on_super = names.DUNDER_METHODS - names.SUPER_GUARDED if "super()" in source else frozenset()
    for instruction in _instructions(code):
        if instruction.opname in {"LOAD_ATTR", "LOAD_METHOD", "LOAD_SUPER_ATTR"} and "+=" not in source:
            assert names.is_safe_attribute(instruction.argval) in {"free", "private"} or instruction.argval in on_super
        if instruction.opname in {"STORE_ATTR", "DELETE_ATTR"}:
            verdict = names.is_safe_attribute(instruction.argval)
            assert (
                verdict in {"free", "private"}
                or instruction.argval in names.WRITABLE_DUNDERS | names.GUARDED_ATTRIBUTES
            )


class _Recorder:
    """Stands for `tools`: remembers which were called, whatever path leads to them."""

    def __init__(self, called: set[str], path: str = "") -> None:
        self.called = called
        self.path = path

    def __getattr__(self, name: str) -> _Recorder:
        return _Recorder(self.called, f"{self.path}.{name}" if self.path else name)

    def __call__(self, *args: object) -> None:
        self.called.add(self.path)


_REACHES = st.sampled_from(
    ["tools", "t", "u[0]", "pick(tools)", "(lambda: tools)()", "getattr(tools, 'ns')", "box['k']", "tools.ns"]
)
_STATEMENTS = st.one_of(
    _REACHES.map(lambda value: f"t = {value}"),
    _REACHES.map(lambda value: f"u = [{value}]"),
    _REACHES.map(lambda value: f"box = {{'k': {value}}}"),
    st.tuples(_REACHES, st.sampled_from(["alpha", "beta_two", "ns.gamma", "gamma"])).map(
        lambda pair: f"call({pair[0]}, {pair[1]!r})"
    ),
    st.sampled_from(["tools.alpha", "tools.beta_two", "tools.ns.gamma"]).map(lambda path: f"keep = {path}\nkeep()"),
    st.sampled_from(["alpha", "beta_two"]).map(lambda name: f"getattr(tools, {name!r})()"),
)
_PRELUDE = """
t = None
u = [None]
box = {}
def pick(v):
    return v
def call(owner, path):
    for part in path.split("."):
        owner = getattr(owner, part, None) or owner
    if callable(owner):
        owner()
"""


@given(st.lists(_STATEMENTS, max_size=6))
@settings(max_examples=300, deadline=None)
def test_a_run_calls_only_tools_of_the_plan(statements: list[str]) -> None:
    """Executed calls are always a subset of the plan's tools."""
    source = _PRELUDE + "\n".join(statements)
    compiled = compile_script(source, TOOLS)
    assert compiled.report.plan is not None
    if compiled.code is None:
        return
    called: set[str] = set()
    execute(compiled, names={"tools": _Recorder(called)})
    known = {tool.name for tool in TOOLS}
    assert called & known <= set(compiled.report.plan.tools)


_VALUES = st.recursive(
    st.one_of(st.integers(-99, 99), st.text(max_size=5), st.none(), st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)),
    max_leaves=8,
)


@given(_VALUES)
@settings(max_examples=200, deadline=None)
def test_a_literal_argument_stands_in_the_plan_as_it_is(value: object) -> None:
    """The plan's arguments are the values of the literals."""
    tool = ToolSignature("keep", {"properties": {"x": {}}})
    report = compile_script(f"await tools.keep(x={value!r})", [tool]).report
    assert report.plan is not None
    assert report.plan.calls[0].arguments == {"x": ast.literal_eval(repr(value))}


@given(st.integers(0, 30), st.integers(0, 10))
@settings(max_examples=50, deadline=None)
def test_steps_add_up(outer: int, inner: int) -> None:
    """A loop of n costs n + 1; nested loops multiply."""
    compiled = compile_script(f"for i in range({outer}):\n    [j for j in range({inner})]")
    assert execute(compiled).steps == outer + 1 + outer * (inner + 1)
