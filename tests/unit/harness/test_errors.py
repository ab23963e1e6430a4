"""The error tree: one class per reaction, one code per cause, one shape."""

import json

import pytest

from harness.errors import CLASS_BY_CODE, CLASSES, Location, ScriptError, error_for


def test_every_code_belongs_to_exactly_one_class() -> None:
    codes = [code for cls in CLASSES for code in cls.codes]
    assert len(codes) == len(set(codes)) == len(CLASS_BY_CODE)


@pytest.mark.parametrize("code", sorted(CLASS_BY_CODE))
def test_every_code_makes_an_error_of_its_class_that_is_plain_data_on_the_wire(code: str) -> None:
    error = error_for(code, "something happened", hint="do this", details={"used": 1})
    assert type(error) is CLASS_BY_CODE[code]
    wire = json.loads(json.dumps(error.to_wire()))
    assert wire["code"] == code
    assert list(wire) == ["code", "message", "hint", "location", "retryable", "phase", "details"]


def test_a_code_of_another_class_is_refused() -> None:
    with pytest.raises(ValueError, match="not a code of ScriptError"):
        ScriptError("limit.steps", "no")


def test_str_shows_line_code_excerpt_underline_and_hint() -> None:
    place = Location(line=2, column=8, end_line=2, end_column=10, excerpt="import os")
    error = error_for(
        "script.forbidden_import", "os is not a module of the script language", hint="use a tool", location=place
    )
    assert str(error).splitlines() == [
        "line 2: script.forbidden_import: os is not a module of the script language",
        "import os",
        "       ~~",
        "hint: use a tool",
    ]


def test_an_error_without_a_place_is_one_line() -> None:
    assert str(error_for("run.lost", "it is gone")) == "run.lost: it is gone"
