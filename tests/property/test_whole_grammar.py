"""The whole grammar: scripts with every node and field of the table, checked, and run as plain CPython runs them."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st

from harness import Harness, tool
from policy.language import CheckReport, ToolSignature, compile_script
from policy.language.grammar import GRAMMAR
from tests.corpus.long_runs import longer
from tests.corpus.observed import Observed
from tests.corpus.plain_python import PlainPython
from tests.corpus.whole_grammar import (
    TOOLS_IN_PLAIN_PYTHON,
    as_programs,
    fields_to_use,
    script_classes,
    scripts,
    source_of,
    statements_with,
    tame_classes,
    used_fields,
)
from tests.pythons import find_pythons

ROOT = Path(__file__).resolve().parents[2]
TOOLS = [ToolSignature(name, {"type": "object", "properties": {"a": {}, "b": {}}}) for name in ("add", "fail")]
ONLY_REFUSED = {("ImportFrom", "level")}  # a relative import
few = settings(max_examples=6, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))


def check(source: str | bytes) -> CheckReport:
    return compile_script(source, TOOLS).report


def used_by(cls: type[ast.AST], *, is_tame: bool) -> set[tuple[str, str | None]]:
    """What a few statements around a node of a class use; of tame ones, those that are accepted."""
    used: set[tuple[str, str | None]] = set()

    @few
    @given(statements_with(cls, is_tame=is_tame))
    def collect(statement: ast.stmt) -> None:
        source = source_of([statement])
        if not is_tame or check(source).ok:
            try:
                used.update(used_fields(source))
            except SyntaxError:
                assert not is_tame

    collect()
    return used


def test_accepted_scripts_use_every_node_and_field_that_is_not_refused() -> None:
    """The table is enumerated: the differential test below is made of these statements."""
    wanted = {(name, field) for name, field in fields_to_use() if GRAMMAR[name].verdict != "refused"} - ONLY_REFUSED
    used = set().union(*(used_by(cls, is_tame=True) for cls in tame_classes()))
    assert wanted - used == set()


def test_checked_scripts_use_every_node_and_field_of_the_table() -> None:
    """Refused nodes too, where a text of this Python can hold them."""
    used = set().union(*(used_by(cls, is_tame=False) for cls in script_classes()))
    assert fields_to_use() - used == set()


def test_a_text_can_hold_every_node_of_the_table_but_whole_modules_of_another_kind() -> None:
    held = {cls.__name__ for cls in script_classes()} | {"Module"}
    here = {name for name in GRAMMAR if hasattr(ast, name)}
    assert here - held == {"Interactive", "Expression", "FunctionType", "TypeIgnore"}


@longer(150)
@given(st.one_of(scripts(is_tame=False), scripts(is_tame=True)))
def test_a_check_of_any_syntax_is_total_and_says_where_and_what_to_do(source: str) -> None:
    """A check never raises, says the same twice, compiles what it accepts, and each finding has its place and a hint."""
    note(source)
    compiled = compile_script(source, TOOLS)
    report = compiled.report
    assert report == check(source) == check(source.encode())
    assert report.ok == (compiled.code is not None)
    lines = source.split("\n")
    for found in report.diagnostics:
        assert 1 <= found.line <= found.end_line <= len(lines)
        assert found.excerpt == lines[found.line - 1][:200]
        assert found.hint or found.code == "script.syntax", found
    if report.ok:
        ast.parse(source)


@longer(150)
@given(scripts(is_tame=True))
def test_a_tame_script_is_accepted(source: str) -> None:
    note(source)
    assert check(source).diagnostics == ()


VERDICTS = """
import json, sys
from policy.language import ToolSignature, check
tools = [ToolSignature(name, {"type": "object", "properties": {"a": {}, "b": {}}}) for name in ("add", "fail")]
reports = [check(source, tools) for source in json.load(sys.stdin)]
json.dump([sorted({(found.code, found.line) for found in report.diagnostics}) for report in reports], sys.stdout)
"""


def test_every_python_here_gives_the_same_verdict() -> None:
    """Where the syntax exists on both: what other Pythons cannot parse is left out, and so is what this one cannot."""
    others = [python for python in find_pythons().values() if python != sys.executable]
    if not others:
        pytest.skip("there is no other Python here")
    sources = _some_scripts(60)
    own = _verdicts(sys.executable, sources)
    for python in others:
        pairs = [
            pair for pair in zip(own, _verdicts(python, sources), sources, strict=True) if not _is_syntax(pair[:2])
        ]
        assert len(pairs) > 40
        for here, there, source in pairs:
            assert here == there, source


def _some_scripts(count: int) -> list[str]:
    found: list[str] = []

    @longer(count)
    @given(scripts(is_tame=False))
    def collect(source: str) -> None:
        found.append(source)

    collect()
    return found


def _verdicts(python: str, sources: list[str]) -> list[Any]:
    """The pure packages of this environment serve every Python."""
    paths = os.pathsep.join([str(ROOT), *(path for path in sys.path if path.endswith("site-packages"))])
    done = subprocess.run(
        [python, "-c", VERDICTS],
        input=json.dumps(sources),
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": paths},
    )
    assert done.returncode == 0, done.stderr
    verdicts: list[Any] = json.loads(done.stdout)
    return verdicts


def _is_syntax(verdicts: tuple[Any, ...]) -> bool:
    return any(code == "script.syntax" for verdict in verdicts for code, _ in verdict)


# The same scripts, run.


@tool
async def add(a: int, b: int) -> int:
    """Add."""
    return a + b


@tool
async def fail(a: int, b: int) -> int:
    """Fail."""
    raise ValueError(f"no {a} {b}")


class BothWays:
    """One harness and one reference interpreter, for code without an event loop."""

    def __init__(self, portal: BlockingPortal, harness: Harness, plain_python: PlainPython) -> None:
        self._portal, self._harness, self._plain_python = portal, harness, plain_python

    def run(self, statements: list[str]) -> tuple[Observed, Observed]:
        """Ours first: what meets a limit of ours would take plain Python as long as it likes."""
        outcome = self._portal.call(self._harness.run, as_programs(statements, "pass"))
        assume(outcome.error is None or not outcome.error.code.startswith("limit."))
        plain = as_programs(statements, f"exec({TOOLS_IN_PLAIN_PYTHON!r}, globals())")
        return _without_addresses(Observed.of(outcome)), _without_addresses(self._plain_python.run(plain))


def _without_addresses(seen: Observed) -> Observed:
    def clean(value: object) -> object:
        return json.loads(re.sub(r"0x[0-9a-f]+", "0x", json.dumps(value)))

    return Observed(
        clean(seen.value), str(clean(seen.printed)), seen.error_type, str(clean(seen.error_message)), seen.traceback
    )


@pytest.fixture(scope="module")
def both_ways() -> Iterator[BothWays]:
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(Harness(tools=[add, fail])) as harness,
        PlainPython() as plain_python,
    ):
        yield BothWays(portal, harness, plain_python)


TAME = st.sampled_from(tame_classes()).flatmap(lambda cls: statements_with(cls, is_tame=True))


@longer(60)
@given(st.lists(TAME.map(lambda statement: source_of([statement])), min_size=1, max_size=6))
def test_an_accepted_script_does_what_it_does_in_plain_python(both_ways: BothWays, statements: list[str]) -> None:
    """An accepted script gives the same outcome as plain CPython: value, printed text, error classes and messages."""
    note("\n".join(statements))
    ours, plain = both_ways.run(statements)
    assert ours == plain
