"""Schemas of others are compiled so that they fetch nothing and take no long time."""

from pathlib import Path

import pytest

from harness import ConfigError, Tool
from harness.tools.json_schema import SchemaFault, filled_in, has_open_fields, problems_of, validator_of


async def _nothing(arguments: object) -> None: ...


@pytest.mark.parametrize("where", ["file", "http"])
def test_a_reference_out_of_the_schema_is_refused_and_not_fetched(where: str, tmp_path: Path) -> None:
    outside = tmp_path / "schema.json"
    outside.write_text('{"type": "integer"}')
    address = outside.as_uri() if where == "file" else "http://127.0.0.1:9/schema"
    schema = {"type": "object", "properties": {"a": {"$ref": address}}}
    with pytest.raises(SchemaFault, match="is not fetched"):
        validator_of(schema)
    with pytest.raises(ConfigError, match="is not fetched"):
        Tool(name="t", description="", parameters=schema, handler=_nothing)


def test_a_reference_inside_the_schema_holds() -> None:
    validator = validator_of({"properties": {"a": {"$ref": "#/$defs/n"}}, "$defs": {"n": {"type": "integer"}}})
    [(path, said)] = problems_of(validator, {"a": "x"})
    assert path == ("a",)
    assert "integer" in said


def test_a_pattern_takes_time_that_grows_with_the_text_alone() -> None:
    validator = validator_of({"type": "string", "pattern": "^(a+)+$"})
    assert list(problems_of(validator, "a" * 50_000 + "!"))


def test_defaults_fill_in_a_form() -> None:
    form = {"type": "object", "properties": {"a": {"default": 1}, "b": {}}, "required": ["a"]}
    assert filled_in(form, None) == {"a": 1}
    assert filled_in(form, {"a": 2, "b": 3}) == {"a": 2, "b": 3}
    assert not has_open_fields(form)
    assert has_open_fields({"properties": {}, "required": ["c"]})
    assert not has_open_fields({})


def test_a_form_that_is_no_schema_says_so() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        filled_in({"type": "nonsense"}, {})
