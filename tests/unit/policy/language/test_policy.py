"""What the language refuses, each beside what it allows."""

from __future__ import annotations

import builtins
import sys

import pytest

from policy.language import names
from policy.language.facades import FACADES, REPLACED
from policy.language.pipeline import check
from policy.language.report import ToolSignature

READ_FILE = ToolSignature("read_file", {"properties": {"path": {"type": "string"}}, "required": ["path"]})

REFUSED = {
    # names
    "eval": ("eval('1')", "script.forbidden_name"),
    "exec as a value": ("f = exec", "script.forbidden_name"),
    "open": ("open('x')", "script.forbidden_name"),
    "compile": ("compile('1', '', 'eval')", "script.forbidden_name"),
    "globals": ("globals()", "script.forbidden_name"),
    "__import__": ("__import__('os')", "script.forbidden_name"),
    "__builtins__": ("__builtins__", "script.forbidden_name"),
    "__build_class__": ("__build_class__", "script.forbidden_name"),
    "__debug__": ("x = __debug__", "script.forbidden_name"),
    "__class__ in a method": ("class A:\n    def f(self):\n        return __class__", "script.forbidden_name"),
    "names that normalise to a builtin": ("ｅｖａｌ('1')", "script.forbidden_name"),
    "binding a dunder": ("__builtins__ = {}", "script.forbidden_name"),
    "binding __name__": ("__name__ = 'x'", "script.forbidden_name"),
    "deleting a dunder": ("del __builtins__", "script.forbidden_name"),
    "def of a dunder": ("def __getattr__(name):\n    pass", "script.forbidden_name"),
    "class of a dunder name": ("class __x__:\n    pass", "script.forbidden_name"),
    "a dunder parameter": ("def f(__x__):\n    pass", "script.forbidden_name"),
    "a dunder positional-only parameter": ("def f(__x__, /):\n    pass", "script.forbidden_name"),
    "a dunder keyword-only parameter": ("def f(*, __x__):\n    pass", "script.forbidden_name"),
    "a dunder vararg": ("def f(*__x__):\n    pass", "script.forbidden_name"),
    "a dunder kwarg": ("def f(**__x__):\n    pass", "script.forbidden_name"),
    "a dunder lambda parameter": ("lambda __x__: 1", "script.forbidden_name"),
    "a dunder keyword argument": ("f(__x__=1)", "script.forbidden_name"),
    "a dunder loop target": ("for __x__ in []:\n    pass", "script.forbidden_name"),
    "a dunder in a comprehension": ("[1 for __x__ in []]", "script.forbidden_name"),
    "a dunder walrus": ("(__x__ := 1)", "script.forbidden_name"),
    "a dunder with target": ("with a as __x__:\n    pass", "script.forbidden_name"),
    "a dunder handler name": ("try:\n    pass\nexcept E as __x__:\n    pass", "script.forbidden_name"),
    "a dunder import name": ("import json as __x__", "script.forbidden_name"),
    "a dunder from-import name": ("from json import dumps as __x__", "script.forbidden_name"),
    "a dunder capture": ("match 1:\n    case __x__:\n        pass", "script.forbidden_name"),
    "a dunder star capture": ("match 1:\n    case [*__x__]:\n        pass", "script.forbidden_name"),
    "a dunder rest capture": ("match 1:\n    case {**__x__}:\n        pass", "script.forbidden_name"),
    "a dunder as capture": ("match 1:\n    case 1 as __x__:\n        pass", "script.forbidden_name"),
    "a dunder global": ("def f():\n    global __x__", "script.forbidden_name"),
    "a dunder nonlocal": ("def f():\n    y = 1\n    def g():\n        nonlocal __x__", "script.forbidden_name"),
    "rebinding super": ("super = 1", "script.forbidden_name"),
    "super as a parameter": ("def f(super):\n    pass", "script.forbidden_name"),
    "super as a loop target in a class": ("class A:\n    for super in []:\n        pass", "script.forbidden_name"),
    "three-argument type": ("type('A', (), {})", "script.forbidden_name"),
    # attributes
    "subclasses": ("().__class__.__base__.__subclasses__()", "script.forbidden_attribute"),
    "globals of a function": ("def f():\n    pass\nf.__globals__", "script.forbidden_attribute"),
    "code": ("def f():\n    pass\nf.__code__", "script.forbidden_attribute"),
    "frame of a generator": ("(x for x in []).gi_frame", "script.forbidden_attribute"),
    "frame of a coroutine": ("async def f():\n    pass\nf().cr_frame", "script.forbidden_attribute"),
    "frame of an async generator": ("async def f():\n    yield\nf().ag_frame", "script.forbidden_attribute"),
    "traceback": ("try:\n    1/0\nexcept Exception as e:\n    e.__traceback__", "script.forbidden_attribute"),
    "context": ("try:\n    1/0\nexcept Exception as e:\n    e.__context__", "script.forbidden_attribute"),
    "with_traceback": ("Exception().with_traceback(None)", "script.forbidden_attribute"),
    "loop of a future": ("x.get_loop()", "script.forbidden_attribute"),
    "mro": ("int.mro()", "script.forbidden_attribute"),
    "reduce": ("x.__reduce_ex__(4)", "script.forbidden_attribute"),
    "getattribute": ("object.__getattribute__(x, 'y')", "script.forbidden_attribute"),
    "setting a class": ("x.__class__ = int", "script.forbidden_attribute"),
    "setting a dict": ("x.__dict__ = {}", "script.forbidden_attribute"),
    "setting a method of every object": ("x.__eq__ = 1", "script.forbidden_attribute"),
    "deleting a dunder attribute": ("del x.__dict__", "script.forbidden_attribute"),
    "a dunder as a loop target": ("for x.__class__ in []:\n    pass", "script.forbidden_attribute"),
    "a dunder in a class pattern": (
        "match x:\n    case object(__class__=c):\n        pass",
        "script.forbidden_attribute",
    ),
    "a frame in a class pattern": (
        "match x:\n    case object(gi_frame=c):\n        pass",
        "script.forbidden_attribute",
    ),
    "a guarded name in a class pattern": (
        "match x:\n    case str(format=f):\n        pass",
        "script.forbidden_attribute",
    ),
    "a private name in a class pattern": (
        "match x:\n    case object(_x=f):\n        pass",
        "script.forbidden_attribute",
    ),
    "a guarded name in a value pattern": ("match x:\n    case a.format:\n        pass", "script.forbidden_attribute"),
    "a dunder in a value pattern": ("match x:\n    case a.__class__.b:\n        pass", "script.forbidden_attribute"),
    "a dunder in a mapping key": ("match x:\n    case {a.__class__: 1}:\n        pass", "script.forbidden_attribute"),
    "a dunder in a pattern's class": ("match x:\n    case a.__class__():\n        pass", "script.forbidden_attribute"),
    "updating format": ("x.format += y", "script.forbidden_attribute"),
    "a name that the facade hides": ("import json\njson.codecs", "script.forbidden_attribute"),
    # syntax
    "metaclass": ("class A(metaclass=M):\n    pass", "script.forbidden_syntax"),
    "class keywords from a dict": ("class A(**k):\n    pass", "script.forbidden_syntax"),
    "a class from an exception group": ("class A(ExceptionGroup):\n    pass", "script.forbidden_syntax"),
    "a method that no class may define": (
        "class A:\n    def __getattribute__(self, n):\n        pass",
        "script.forbidden_name",
    ),
    "a finaliser": ("class A:\n    def __del__(self):\n        pass", "script.forbidden_name"),
    "an instance check": ("class A:\n    def __instancecheck__(self, i):\n        pass", "script.forbidden_name"),
    "a lying class": ("class A:\n    __class__ = int", "script.forbidden_name"),
    "yield at the top level": ("yield 1", "script.syntax"),
    "nonlocal at the top level": ("nonlocal x", "script.syntax"),
    "await in a plain function": ("def f():\n    await g()", "script.syntax"),
    "break outside a loop": ("break", "script.syntax"),
    "return in a class": ("class A:\n    return 1", "script.syntax"),
    "late future import": ("x = 1\nfrom __future__ import annotations", "script.syntax"),
    "unknown future": ("from __future__ import nothing", "script.syntax"),
    # imports
    "os": ("import os", "script.forbidden_import"),
    "os.path": ("import os.path as p", "script.forbidden_import"),
    "sys from": ("from sys import modules", "script.forbidden_import"),
    "subprocess in a function": ("def f():\n    import subprocess", "script.forbidden_import"),
    "a private module": ("import _io", "script.forbidden_import"),
    "relative": ("from . import x", "script.forbidden_import"),
    "a hidden name": ("from json import codecs", "script.forbidden_import"),
    "a submodule": ("import asyncio.subprocess", "script.forbidden_import"),
    "a submodule by from": ("from asyncio import subprocess", "script.forbidden_import"),
    "star of a hidden module": ("from os import *", "script.forbidden_import"),
    "string.Formatter": ("from string import Formatter", "script.forbidden_import"),
    "get_type_hints": ("from typing import get_type_hints", "script.forbidden_import"),
    "builtins": ("import builtins", "script.forbidden_import"),
    "the worker's own": ("import harness", "script.forbidden_import"),
}


@pytest.mark.parametrize(("source", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_it_is_refused(source: str, code: str) -> None:
    report = check(source)
    assert code in {each.code for each in report.diagnostics}
    assert all(each.hint or each.code == "script.syntax" for each in report.diagnostics)


ALLOWED = {
    "own names like builtins": "input = 1\nvars = input\nopen = compile = vars\nprint(open)",
    "own functions like builtins": "def eval(x):\n    return x\neval(1)",
    "parameters like builtins": "def f(input, exec):\n    return input + exec",
    "__name__": "__name__ == '__main__'",
    "own dunder methods": (
        "class A:\n    def __init__(self):\n        pass\n"
        "    __repr__ = __str__ = lambda self: 'A'\n    __radd__ = __repr__"
    ),
    "names of types": "type(1).__name__\n(5).__class__.__name__\nlen.__name__\nlen.__doc__",
    "calling a base's method": "class A(dict):\n    def __setitem__(self, k, v):\n        dict.__setitem__(self, k, v)",
    "frozen dataclass idiom": "class A:\n    def __init__(self):\n        object.__setattr__(self, 'x', 1)",
    "naming a wrapper": (
        "def d(f):\n    def w():\n        pass\n    w.__name__ = f.__name__\n    w.__doc__ = f.__doc__\n    return w"
    ),
    "attributes like those of code": "x.func_name, x.f_score, x.co_author, x.tb_size, x.im_width",
    "own attributes like guarded ones": (
        "class A:\n    def f(self):\n        self.format = self.obj = self.now = 1\n        self.now += 1"
    ),
    "imports": (
        "import json, math as m\nimport collections.abc\nfrom urllib import parse\n"
        "from urllib.parse import quote as q\nimport asyncio"
    ),
    "star import": "from math import *",
    "future annotations": "'''doc'''\nfrom __future__ import annotations\nx = 1",
    "one-argument type": "type(1)",
    "own type": "def type(a, b, c):\n    pass\ntype(1, 2, 3)",
    "class keywords": "class A(B, flag=True, total=False):\n    pass",
    "except star": "try:\n    pass\nexcept* ValueError as e:\n    e.exceptions",
    "async everywhere": (
        "async def f():\n    async with a as b:\n        async for c in d:\n            await c\n"
        "    return [x async for x in y if await x]"
    ),
    "patterns": (
        "match x:\n    case {'a': [1, *_], **rest} if rest:\n        pass\n"
        "    case datetime.date(year=y):\n        pass"
    ),
    "a local name hides a module": "import json\ndef f(json):\n    return json.codecs",
    "a rebound module": "import json\njson = make()\njson.codecs",
}


@pytest.mark.parametrize("source", ALLOWED.values(), ids=ALLOWED.keys())
def test_its_twin_is_allowed(source: str) -> None:
    assert check(source).diagnostics == ()


def test_all_findings_are_reported_at_once_in_the_order_of_the_script() -> None:
    report = check("import os\nx = eval('1')\nx.__globals__\nawait tools.nothing()\ndef f():\n    await x\n")
    assert [(each.line, each.code) for each in report.diagnostics] == [
        (1, "script.forbidden_import"),
        (2, "script.forbidden_name"),
        (3, "script.forbidden_attribute"),
        (4, "tool.not_found"),
        (6, "script.syntax"),
    ]


def test_columns_count_characters() -> None:
    (found,) = check("größe = 'é'; x = eval('1')").diagnostics
    assert (found.line, found.column, found.end_column) == (1, 18, 22)
    assert found.excerpt[found.column - 1 : found.end_column - 1] == "eval"


def test_an_attribute_is_marked_by_its_name() -> None:
    (found,) = check("x = (\n    'é'.\n    __globals__\n)").diagnostics
    assert (found.line, found.column, found.end_column) == (3, 5, 16)


def test_strict_mode_refuses_every_import() -> None:
    report = check("import json\nfrom math import pi", mode="strict")
    assert [each.code for each in report.diagnostics] == ["script.forbidden_import"] * 2


def test_hints_name_only_tools_that_exist() -> None:
    (without,) = check("open('x')").diagnostics
    (with_tool,) = check("open('x')", [READ_FILE]).diagnostics
    assert "read_file" not in (without.hint or "")
    assert "tools.read_file(path=...)" in (with_tool.hint or "")


def test_every_builtin_of_this_python_has_a_verdict() -> None:
    known = names.BUILTINS | set(names.REFUSED_BUILTINS) | names.READABLE_DUNDER_NAMES | {"_", "_IncompleteInputError"}
    present = {name for name in vars(builtins) if not name.startswith("__pybind11")}  # extensions leave marks there
    assert present <= known | {"WindowsError"}


def test_every_builtin_that_is_allowed_exists() -> None:
    assert {name for name in names.BUILTINS if not hasattr(builtins, name)} <= {"PythonFinalizationError"}


def test_facades_show_only_what_this_python_has() -> None:
    for module, shown in FACADES.items():
        __import__(module)
        assert [name for name in shown if not hasattr(sys.modules[module], name) and name != "parse"] == []
        assert not any(name.startswith("_") for name in shown)


def test_replaced_names_are_shown_names() -> None:
    for module, replaced in REPLACED.items():
        assert replaced <= FACADES[module]


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("upper", "free"),
        ("format", "guarded"),
        ("__init__", "guarded"),
        ("__name__", "guarded"),
        ("_x", "private"),
        ("__x", "private"),
        ("_", "private"),
        ("__", "private"),
        ("____", "private"),
        ("__x__", "refused"),
        ("gi_frame", "refused"),
        (".budget", "refused"),
        ("a.b", "refused"),
        ("", "free"),
    ],
)
def test_attributes_are_judged_by_their_name(name: str, verdict: str) -> None:
    assert names.is_safe_attribute(name) == verdict
