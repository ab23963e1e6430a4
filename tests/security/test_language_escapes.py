"""Every known way out of the language fails, in the check or at run time, and its harmless twin runs."""

from __future__ import annotations

import ast
import asyncio
import builtins
import os
import types
import warnings
from collections.abc import Iterator

import pytest

from tests.integration import blocking_host
from tests.integration.blocking_host import Zygote
from tests.security.language_escapes import ESCAPES, PRELUDE, Escape

_REFUSED = {
    "script.forbidden_name",
    "script.forbidden_attribute",
    "script.forbidden_syntax",
    "script.forbidden_import",
    "script.runtime",
}
_END = "\nassert found\nreturn type(found).__name__"


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    with blocking_host.zygote() as made:
        yield made


def test_the_table_is_large_and_its_twins_differ_by_one_token() -> None:
    assert len(ESCAPES) >= 80
    assert len({escape.name for escape in ESCAPES}) == len(ESCAPES)
    for escape in ESCAPES:
        assert escape.offending in escape.attack, escape.name
        assert escape.twin != escape.attack, escape.name


@pytest.mark.parametrize("escape", ESCAPES, ids=lambda escape: escape.name)
def test_an_escape_is_refused(zygote: Zygote, escape: Escape) -> None:
    result = zygote.run(PRELUDE + escape.attack + _END)
    [checked] = result.of("checked")
    if checked["diagnostics"]:
        assert {found["code"] for found in checked["diagnostics"]} <= _REFUSED
    else:
        assert result.error["code"] in _REFUSED, result.error


@pytest.mark.parametrize("escape", ESCAPES, ids=lambda escape: escape.name)
def test_its_twin_runs(zygote: Zygote, escape: Escape) -> None:
    result = zygote.run(PRELUDE + escape.twin + _END)
    assert not result.of("checked")[0]["diagnostics"], result.of("checked")
    assert result.value


@pytest.mark.parametrize("escape", [escape for escape in ESCAPES if escape.works], ids=lambda escape: escape.name)
def test_plain_python_lets_it_out(escape: Escape) -> None:
    """Else the attack would prove nothing. It may change shared objects, so it runs in a process of its own."""
    code = _plain(escape.attack)
    pid = os.fork()
    if pid == 0:
        _exit_with(code)
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0


def _plain(source: str) -> types.CodeType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        code = compile(PRELUDE + source, "plain", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    assert isinstance(code, types.CodeType)
    return code


def _exit_with(code: types.CodeType) -> None:
    """Run the code as a script, and exit with 0 if it found something."""
    status = 1
    try:
        scope: dict[str, object] = {"__name__": "__main__", "__builtins__": builtins}

        async def run() -> None:
            value = types.FunctionType(code, scope)()
            if asyncio.iscoroutine(value):
                await value

        with open(os.devnull, "w") as silence:
            os.dup2(silence.fileno(), 1)
            os.dup2(silence.fileno(), 2)
        asyncio.new_event_loop().run_until_complete(run())
        status = 0 if scope["found"] else 1
    finally:
        os._exit(status)


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
