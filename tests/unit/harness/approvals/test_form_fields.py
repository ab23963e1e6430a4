"""Forms that are filled in by typing."""

from __future__ import annotations

from typing import Any

import pytest

from harness.approvals.form_fields import can_be_typed, read_field, typed_fields

FORM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "who": {"type": "string", "minLength": 2},
        "age": {"type": "integer", "minimum": 1},
        "share": {"type": "number", "default": 0.5},
        "sure": {"type": "boolean"},
        "color": {"type": "string", "enum": ["red", "green"]},
        "size": {"type": "string", "oneOf": [{"const": "s", "title": "small"}, {"const": "l", "title": "large"}]},
        "days": {"type": "array", "items": {"type": "string", "enum": ["mon", "tue"]}},
        "note": {"type": "string"},
    },
    "required": ["who", "age", "share", "sure", "color", "size", "days"],
}


@pytest.mark.parametrize(
    ("name", "line", "value"),
    [
        ("who", " ann ", {"who": "ann"}),
        ("age", "5", {"age": 5}),
        ("share", "0.25", {"share": 0.25}),
        ("share", "", {}),
        ("sure", "Yes", {"sure": True}),
        ("sure", "n", {"sure": False}),
        ("color", "green", {"color": "green"}),
        ("size", "l", {"size": "l"}),
        ("days", "mon, tue", {"days": ["mon", "tue"]}),
        ("note", "", {}),
    ],
)
def test_a_line_becomes_the_value_of_its_field(name: str, line: str, value: dict[str, object]) -> None:
    assert read_field(FORM, name, line) == value


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("who", "x"),
        ("who", ""),
        ("age", "0"),
        ("age", "five"),
        ("age", "5.5"),
        ("share", "half"),
        ("share", "nan"),
        ("sure", "maybe"),
        ("sure", ""),
        ("color", "blue"),
        ("color", ""),
        ("size", "large"),
        ("days", "mon, fri"),
    ],
)
def test_what_does_not_fit_is_refused(name: str, line: str) -> None:
    with pytest.raises(ValueError) as raised:  # each has a message of its own
        read_field(FORM, name, line)
    assert str(raised.value)


def test_only_what_fits_on_a_line_is_asked_for() -> None:
    deep = {"properties": {"a": {"type": "object"}, "b": {"type": "string"}}, "required": ["a"]}
    assert can_be_typed(FORM)
    assert can_be_typed({})
    assert not can_be_typed(deep)
    assert not can_be_typed({"properties": {}, "required": ["a"]})
    assert list(typed_fields(deep)) == ["b"]
    assert typed_fields(FORM)["age"] == "age [whole number]: "
    assert typed_fields({"properties": {"a\n-> approved": {"type": "string"}}}) == {
        "a\n-> approved": '"a\\n-> approved" [text; Enter to leave it out]: '
    }
