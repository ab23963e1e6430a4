"""Compiled scripts do what plain CPython does: same output, same exception, same message."""

from __future__ import annotations

import io
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from tests.unit.policy.language.bound_guards import run

DATA = Path(__file__).resolve().parents[3] / "data" / "language"


def _programs(file: str) -> dict[str, str]:
    """The programs of a data file by name; `### name` stands in front of each."""
    parts = (DATA / file).read_text(encoding="utf-8").split("### ")[1:]
    return {name: source for name, _, source in (part.partition("\n") for part in parts)}


PROGRAMS = _programs("programs.txt")
NEWER = _programs("programs_3_12.txt")


def _plain(source: str) -> tuple[str, str | None]:
    """Output and exception of plain CPython."""
    output = io.StringIO()
    namespace: dict[str, Any] = {"__name__": "__main__"}
    with redirect_stdout(output):
        try:
            exec(compile(source, "<script>", "exec", dont_inherit=True), namespace)
        except Exception as error:  # noqa: BLE001  # whatever a program raises is what is compared
            return output.getvalue(), _shown(error)
    return output.getvalue(), None


def _shown(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def _compiled(source: str) -> tuple[str, str | None]:
    ran = run(source)
    return ran.output, None if ran.error is None else _shown(ran.error)


@pytest.mark.parametrize("source", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_a_program_does_what_it_does_in_cpython(source: str) -> None:
    assert _compiled(source) == _plain(source)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the syntax is new in Python 3.12")
@pytest.mark.parametrize("source", NEWER.values(), ids=NEWER.keys())
def test_a_program_of_newer_pythons_does_what_it_does_in_cpython(source: str) -> None:
    assert _compiled(source) == _plain(source)


def test_annotations_of_functions_and_variables_are_not_evaluated() -> None:
    function = "def f(a: nothing, *, b: nobody = 1) -> nowhere:\n    c: nil = 2\n    return a + b + c\n"
    assert run(function + "x: no = f(1)\nreturn x").value == 4
