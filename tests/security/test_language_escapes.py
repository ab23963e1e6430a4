"""Every known way out of the language fails, in the check or at run time, and its harmless twin runs."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

import pytest

from tests.integration import blocking_host
from tests.integration.blocking_host import Zygote
from tests.security.attacks.corpus import Escape, escapes, techniques
from tests.security.layers import end_of
from tests.security.plain_python import reached_by

ESCAPES = escapes()
TECHNIQUES = sorted(techniques())
ASYNC = (ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith, ast.Await)
FAMILIES = """
    aliases builtins class_changes class_hooks class_patterns comparisons copies coroutines dataclasses descriptors
    dunder_walks enums exceptions facades format_strings frames futures imports init_subclass metaclasses name_fields
    operators patterns private_names shadowed_guards string_subclasses throw tracebacks type_parameters
"""


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    with blocking_host.zygote() as made:
        yield made


def of(technique: str) -> list[Escape]:
    return [escape for escape in ESCAPES if escape.name.startswith(f"{technique}/")]


def test_there_are_enough_of_every_technique_also_with_async() -> None:
    assert set(TECHNIQUES) == set(FAMILIES.split())
    assert sum(escape.reaches is not None for escape in ESCAPES) >= 400
    for technique in TECHNIQUES:
        if technique != "type_parameters" or sys.version_info >= (3, 12):
            assert len(of(technique)) >= 4, technique
            assert any(escape.reaches and has_async_code(escape.source) for escape in of(technique)), technique


def has_async_code(source: str) -> bool:
    """Whether something in it is a coroutine, or waits for one; the word alone is in `asyncio` too."""
    return any(isinstance(node, ASYNC) or getattr(node, "is_async", 0) for node in ast.walk(ast.parse(source)))


def test_an_attack_and_its_twin_differ_by_the_offending_part_alone() -> None:
    for escape in ESCAPES:
        assert escape.twin != escape.source, escape.name
        body = escape.source.partition("\n\n")[2]
        assert body.replace(escape.offending, escape.allowed) == escape.twin.partition("\n\n")[2], escape.name


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_an_escape_ends_with_its_error(zygote: Zygote, technique: str) -> None:
    ends = {escape.name: end_of(zygote, escape.source) for escape in of(technique)}
    assert ends == {escape.name: escape.expect for escape in of(technique)}


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_its_twin_runs(zygote: Zygote, technique: str) -> None:
    ends = {escape.name: end_of(zygote, escape.twin) for escape in of(technique)}
    assert ends == dict.fromkeys(ends, "found")


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_plain_python_lets_it_out(technique: str) -> None:
    """Else the attack would prove nothing."""
    reached = {escape.name: reached_by(escape.source) for escape in of(technique) if escape.reaches}
    assert reached == {escape.name: escape.reaches for escape in of(technique) if escape.reaches}


_RACE = """
import asyncio
class A:
    _value = "own"
def close_later():
    def finish():
        global x
        try:
            yield
        finally:
            x = asyncio.Event()
    started = finish()
    next(started)
    cycle = [started]
    cycle.append(cycle)
{readers}
reached = []
for count, reader in enumerate([{names}]):
    x = {own}
    garbage = [[] for _ in range(50)]
    close_later()
    padding = [[] for _ in range(count * 50)]
    try:
        if reader() != "own":
            reached.append(count)
    except AttributeError:
        pass
    garbage = padding = None
return reached
"""


@pytest.mark.parametrize("own", ["A()", "A"])
def test_a_finalizer_cannot_swap_an_object_between_its_check_and_its_use(zygote: Zygote, own: str) -> None:
    """The lists before the read let the garbage collector run at every point of it, once in each reader."""
    lists = "[], " * 70
    readers = "\n".join(f"def reader{n}(): return ({lists}x._value)[-1]" for n in range(45))
    names = ", ".join(f"reader{n}" for n in range(45))
    assert zygote.run(_RACE.format(readers=readers, names=names, own=own)).value == []


_LIAR = """
class S(str):
    def __getitem__(self, key): return self
    def __len__(self): return 0
    def __bool__(self): return True
    def encode(self, *args): return self
    def decode(self, *args): return {"not": "text"}
    def replace(self, *args): return {"not": "text"}
class R:
    def __repr__(self): return S("said")
    __str__ = __repr__
"""


@pytest.mark.parametrize(
    "script",
    [
        "import pprint\npprint.pprint(R())\nreturn 1",
        "print(R(), end=S(''))\nreturn 1",
        "progress(R())\nreturn 1",
        "return {S('said'): S('said')}",
    ],
)
def test_text_that_lies_about_itself_is_sent_as_its_content(zygote: Zygote, script: str) -> None:
    result = zygote.run(_LIAR + script)
    assert result.value in (1, {"said": "said"})
    assert result.log.strip() in ("said", "")
    assert [frame["message"] for frame in result.of("progress")] in ([], ["said"])


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("class E(Exception):\n    def __str__(self): return S('said')\nraise E()", "E: said"),
        ("class E(Exception):\n    def __str__(self): raise KeyboardInterrupt\nraise E()", "E: <its text"),
        ("e = ToolError('said')\ne.code = []\nraise e", "ToolError: said"),
        ("e = ToolError('said')\ndel e.code\nraise e", "ToolError"),
        (
            "class E(ToolError):\n    code = property(lambda self: 1 / 0, lambda self, code: None)\nraise E('said')",
            "E",
        ),
        ("class E(Exception): pass\nE.__name__ = 'E' * 5_000_000\nraise E('said')", "EEE"),
    ],
)
def test_an_error_that_cannot_be_read_is_still_the_scripts_error(zygote: Zygote, script: str, message: str) -> None:
    result = zygote.run(_LIAR + script)
    assert result.error["code"] == "script.runtime"
    assert result.error["message"].startswith(message)
    assert len(str(result.error)) < 20_000


def test_a_hint_that_is_no_text_is_left_out(zygote: Zygote) -> None:
    result = zygote.run(
        "try: await tools.echo(value=object())\nexcept Exception as e:\n    e.hint = object()\n    raise"
    )
    assert result.error["code"] == "script.unserializable"
    assert result.error["hint"] is None


def test_a_generator_that_refuses_to_end_does_not_hold_the_outcome(zygote: Zygote) -> None:
    result = zygote.run(
        "import asyncio\nasync def g():\n    try: yield\n    finally:\n        while True:\n"
        "            try: await asyncio.sleep(1)\n            except BaseException: pass\n"
        "kept = g()\nawait anext(kept)\nreturn 'done'"
    )
    assert result.value == "done"
