"""Declarations of foreign tools: whatever a server says of its tools, the text is Python that only declares."""

from __future__ import annotations

import ast
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from harness import Tool
from harness.tools.schema_types import inert
from harness.tools.stubs import render_stubs

texts = st.one_of(
    st.text(max_size=40),
    st.lists(
        st.sampled_from(['"', '"""', "\\", "```", "</tools>", "<tool-calls>", "\n", "#", "\x00", "\u2028", "a"])
    ).map("".join),
)
names = st.sampled_from(["a", "from", "list", "page-size", "x.y", "self", "__x", "Any", "str", '"', "\n", ""])
references = st.sampled_from(["#", "#/$defs/A", "#/$defs/B", "#/nowhere", "#/properties/a", "elsewhere"])
leaves = st.one_of(
    st.fixed_dictionaries({"type": st.sampled_from(["string", "integer", "number", "null", "object", "array"])}),
    st.fixed_dictionaries({"$ref": references}),
    st.fixed_dictionaries({"enum": st.lists(st.one_of(texts, st.integers(), st.none(), st.floats(allow_nan=False)))}),
    st.fixed_dictionaries({"const": texts}),
    st.sampled_from([True, {}, None, 3, "odd"]),
)
schemas = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"type": st.just("array"), "items": inner, "description": texts}),
        st.fixed_dictionaries({"anyOf": st.lists(inner, max_size=3)}),
        st.fixed_dictionaries({"allOf": st.lists(inner, max_size=3)}),
        st.fixed_dictionaries(
            {
                "type": st.just("object"),
                "title": texts,
                "description": texts,
                "properties": st.dictionaries(names, inner, max_size=3),
                "required": st.lists(names, max_size=2),
            }
        ),
        st.fixed_dictionaries({"type": st.just("object"), "additionalProperties": inner}),
    ),
    max_leaves=8,
)
results = st.builds(
    lambda schema, a, b: {**schema, "$defs": {"A": a, "B": b}} if isinstance(schema, dict) else {},
    schemas,
    schemas,
    schemas,
)


async def handle(arguments: object) -> object:
    return arguments


@given(description=texts, note=texts, returns=results)
def test_whatever_a_tool_says_of_itself_stays_a_declaration(description: str, note: str, returns: Any) -> None:
    """A declaration parses, holds nothing but imports, types and functions, and ends no fence or tag."""
    parameters = {"type": "object", "properties": {"p": {"type": "string", "description": note, "default": note}}}
    made = Tool("t", description.encode("utf-8", "replace").decode(), parameters, handle, returns=returns)
    for detail in ("full", "signatures"):
        text = render_stubs([made], detail=detail)
        kinds = {type(node) for node in ast.parse(text).body}
        assert kinds <= {ast.ImportFrom, ast.Import, ast.ClassDef, ast.Assign, ast.AsyncFunctionDef}
        assert "```" not in text
        assert "</" not in text
        assert "<tool" not in text


@given(texts)
def test_an_inert_text_in_a_string_has_its_value(text: str) -> None:
    """Escapes change how a description is written, not what it says; line ends of every kind are one kind."""
    expected = "\n".join(text.expandtabs(4).splitlines())
    assert ast.literal_eval(f'"""{inert(text)}"""') == expected
