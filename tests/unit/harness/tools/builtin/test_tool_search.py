"""`search_tools` and `describe_tools`."""

from __future__ import annotations

import pytest

from harness import CallError, Harness, Tool, tool
from harness.tools.builtin import reading_tools
from harness.tools.builtin.tool_search import describe_tools, lookup_tools, search_tools


def named(name: str, description: str = "", **parameters: str) -> Tool:
    async def handle(arguments: object) -> object:
        return arguments

    properties = {key: {"type": "string", "description": text} for key, text in parameters.items()}
    return Tool(name, description, {"type": "object", "properties": properties}, handle)


TOOLS = [
    named("mcp.git.git_commit", "Record changes to the repository.", message="What has changed."),
    named("mcp.git.git_status", "Show the working tree status.", repo_path="Path of the repository."),
    named("mcp.mail.sendMessage", "Deliver a mail to somebody.", recipient="Who gets it."),
    named("mcp.calendar.create_event", "Put a meeting into the calendar.", attendees="Who is invited."),
    named("weather", "Forecast for a city.", city="The city.", units="Celsius or Fahrenheit."),
]


def found(query: str, limit: int = 10) -> list[str]:
    return [item["name"] for item in search_tools(TOOLS, query, limit=limit)]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("commit", "mcp.git.git_commit"),
        ("git status", "mcp.git.git_status"),
        ("send a message to somebody", "mcp.mail.sendMessage"),
        ("recipient", "mcp.mail.sendMessage"),
        ("forcast", "weather"),
        ("meetings", "mcp.calendar.create_event"),
        ("fahrenheit", "weather"),
        ("WEATHER of the city", "weather"),
    ],
)
def test_the_best_match_comes_first(query: str, first: str) -> None:
    assert found(query)[0] == first


def test_a_search_returns_only_what_matches_and_no_more_than_asked_for() -> None:
    assert found("git") == ["mcp.git.git_commit", "mcp.git.git_status"]
    assert found("git", limit=1) == ["mcp.git.git_commit"]
    assert found("zzz") == []
    assert found("?!") == []


def test_what_is_found_says_how_it_is_called() -> None:
    assert search_tools(TOOLS, "weather")[0] == {
        "name": "weather",
        "signature": "tools.weather(city: str = ..., units: str = ...) -> Any",
        "summary": "Forecast for a city.",
    }


def test_describing_takes_names_and_namespaces() -> None:
    described = describe_tools(TOOLS, ["weather", "tools.mcp.git", "weather"])
    assert [item["name"] for item in described] == ["weather", "mcp.git.git_commit", "mcp.git.git_status"]
    assert '"""Record changes to the repository.\n' in described[1]["declaration"]


def test_an_unknown_name_is_an_error_with_the_nearest_one() -> None:
    with pytest.raises(CallError) as raised:
        describe_tools(TOOLS, ["wether"])
    assert (raised.value.code, raised.value.hint) == ("tool.not_found", "did you mean 'weather'?")


def test_a_tool_of_the_embedder_keeps_its_name_and_a_namespace_too() -> None:
    assert [each.name for each in lookup_tools(TOOLS)] == ["search_tools", "describe_tools"]
    assert [each.name for each in lookup_tools([named("search_tools")])] == ["describe_tools"]
    assert [each.name for each in lookup_tools([named("describe_tools.all")])] == ["search_tools"]
    assert lookup_tools([]) == []


async def test_scripts_search_and_describe_and_nobody_is_asked() -> None:
    async with Harness(TOOLS, settings={"approval_policy": "unless-trusted"}, pool_size=1) as harness:
        script = (
            "best = (await tools.search_tools('forecast', limit=1))[0]\n"
            "return (await tools.describe_tools(names=[best.name]))[0].declaration"
        )
        outcome = await harness.run(script)
        head = "async def weather(city: str = ..., units: str = ...) -> Any:"
        assert head in outcome.value.splitlines()
        assert [(call.tool, call.approval) for call in outcome.calls] == [
            ("search_tools", None),
            ("describe_tools", None),
        ]
        report = await harness.check("await tools.search_tools()")
        assert [item.code for item in report.diagnostics] == ["tool.invalid_arguments"]


async def test_they_are_beside_the_tools_of_a_harness_not_among_them() -> None:
    @tool
    async def search_tools(query: str) -> str:
        """The embedder's own."""
        return f"own {query}"

    async with Harness([search_tools], pool_size=1) as harness:
        assert [each.name for each in harness.tools] == ["search_tools"]
        outcome = await harness.run("return [await tools.search_tools(query='x'), context.tools]")
        assert outcome.value == ["own x", ["search_tools"]]
        assert (await harness.call("describe_tools", {"names": ["search_tools"]})).status == "ok"
    async with Harness(pool_size=1) as bare:
        assert bare.tools == ()
        assert (await bare.check("await tools.search_tools(query='x')")).diagnostics[0].code == "tool.not_found"


def test_built_in_tools_are_found_by_what_they_do() -> None:
    tools = reading_tools(".")
    assert search_tools(tools, "find text in files with a regular expression")[0]["name"] == "grep_files"
    assert search_tools(tools, "read file")[0]["name"] == "read_file"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("search_tools", {"query": "x", "limit": 51}),
        ("search_tools", {"query": "x" * 401}),
        ("describe_tools", {"names": ["x"] * 51}),
    ],
    ids=["results", "query", "names"],
)
def test_so_much_can_be_asked_for_at_once(name: str, arguments: dict[str, object]) -> None:
    tools = {tool.name: tool for tool in lookup_tools(TOOLS)}
    with pytest.raises(CallError) as caught:
        tools[name].validated(arguments)
    assert caught.value.code == "tool.invalid_arguments"
