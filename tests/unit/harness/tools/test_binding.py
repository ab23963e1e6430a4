"""Declaring tools: from functions, models and JSON Schemas."""

import time
from collections.abc import Callable
from datetime import date
from typing import Literal

import anyio
import pytest
from pydantic import BaseModel

from harness.errors import CallError, ConfigError
from harness.tools.binding import Tool, ToolContext, tool


@tool
async def add(a: int, b: int = 2) -> int:
    """Add two numbers."""
    return a + b


def context() -> ToolContext:
    return ToolContext(call_id="c1")


async def test_a_function_becomes_a_tool_with_schema_description_and_return_type() -> None:
    assert (add.name, add.description) == ("add", "Add two numbers.")
    assert add.schema["required"] == ["a"]
    assert set(add.schema["properties"]) == {"a", "b"}
    assert add.returns == {"type": "integer"}
    assert await add.invoke(add.validated({"a": 1}), context) == 3


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({}, "a: Field required"),
        ({"a": "1"}, "a: Input should be a valid integer"),
        ({"a": 1, "c": 2}, "c: Extra inputs are not permitted"),
        ({"a": True}, "a: Input should be a valid integer"),
    ],
)
def test_wrong_arguments_name_every_problem_and_the_parameters(arguments: dict[str, object], problem: str) -> None:
    with pytest.raises(CallError) as caught:
        add.validated(arguments)
    assert caught.value.code == "tool.invalid_arguments"
    assert problem in caught.value.message
    assert caught.value.hint == "its parameters are: a, b"


async def test_json_forms_of_richer_types_are_read() -> None:
    @tool
    async def book(day: date, kind: Literal["a", "b"], where: tuple[int, int]) -> str:
        return f"{day:%d.%m.} {kind} {where}"

    arguments = book.validated({"day": "2026-11-22", "kind": "a", "where": [1, 2]})
    assert await book.invoke(arguments, context) == "22.11. a (1, 2)"


async def test_parameters_may_be_called_like_methods_of_a_model() -> None:
    @tool
    async def odd(schema: str, copy: int, json: bool) -> str:
        return f"{schema}{copy}{json}"

    assert await odd.invoke(odd.validated({"schema": "s", "copy": 1, "json": True}), context) == "s1True"


async def test_the_context_is_filled_in_and_is_no_parameter() -> None:
    @tool
    async def who(context: ToolContext, name: str) -> str:
        return context.call_id + name

    assert set(who.schema["properties"]) == {"name"}
    assert await who.invoke(who.validated({"name": "x"}), context) == "c1x"


async def test_a_plain_function_does_not_block_the_loop_and_is_abandoned_on_cancel() -> None:
    @tool
    def slow() -> None:
        time.sleep(0.5)

    began = time.monotonic()
    with anyio.move_on_after(0.05):
        await slow.invoke(slow.validated({}), context)
    assert time.monotonic() - began < 0.4


async def test_a_json_schema_tool_validates_in_linear_time() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string", "pattern": "^(a+)+$"}}, "required": ["a"]}

    async def handler(arguments: dict[str, object]) -> object:
        return arguments["a"]

    match = Tool("match", "", schema, handler)
    assert await match.invoke(match.validated({"a": "aaa"}), context) == "aaa"
    with pytest.raises(CallError, match="does not match"):
        match.validated({"a": "a" * 5000 + "!"})


async def test_a_model_and_a_handler_make_a_tool() -> None:
    class Parameters(BaseModel):
        x: int

    async def handler(arguments: Parameters) -> object:
        return arguments.x * 2

    double = Tool("double", "Double.", Parameters, handler)
    assert await double.invoke(double.validated({"x": 4}), context) == 8


@pytest.mark.parametrize("name", ["", "_x", "a b", "a..b", "a._b", "1a", "class", "a.lambda"])
def test_names_that_no_script_could_spell_are_refused(name: str) -> None:
    with pytest.raises(ConfigError):
        Tool(name, "", {"type": "object"}, add.handler)


def test_a_parameter_without_annotation_is_refused_with_a_hint() -> None:
    def untyped(a):  # type: ignore[no-untyped-def]
        return a

    with pytest.raises(ConfigError) as caught:
        tool(untyped)
    assert caught.value.hint == "write a: str, or whatever type it has"


@pytest.mark.parametrize("field", ["risk", "approval"])
def test_a_misspelled_risk_or_approval_is_refused_and_not_taken_for_the_mildest(field: str) -> None:
    with pytest.raises(ConfigError, match=f"{field} cannot be 'Always'") as caught:
        tool(**{field: "Always"})(add.handler)  # type: ignore[call-overload]  # that is the point
    assert caught.value.hint is not None
    assert caught.value.hint.startswith("it is one of ")


class NoData:
    """A type that pydantic knows nothing about."""


@pytest.mark.parametrize("annotation", [NoData, Callable[[], int], list[NoData]], ids=str)
def test_a_parameter_without_a_json_form_is_named(annotation: object) -> None:
    def typed(a, b):  # type: ignore[no-untyped-def]  # annotated below
        return a

    typed.__annotations__ = {"a": int, "b": annotation}
    with pytest.raises(ConfigError) as caught:
        tool(typed)
    assert caught.value.message == "tool 'typed': the type of parameter 'b' has no JSON form"
    assert caught.value.hint


def test_annotations_that_name_nothing_are_refused() -> None:
    def typed(a):  # type: ignore[no-untyped-def]  # annotated below
        return a

    typed.__annotations__ = {"a": "Nowhere"}
    with pytest.raises(ConfigError, match="its annotations cannot be read: name 'Nowhere' is not defined"):
        tool(typed)


def test_star_arguments_are_refused() -> None:
    def starred(*a: int) -> None: ...

    with pytest.raises(ConfigError, match="has no JSON form"):
        tool(starred)


def test_what_is_no_json_schema_is_refused() -> None:
    with pytest.raises(ConfigError, match="no JSON Schema"):
        Tool("bad", "", {"type": "nonsense"}, add.handler)
