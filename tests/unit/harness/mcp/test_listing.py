"""How much of what an MCP server offers is taken."""

from __future__ import annotations

from typing import Any, cast

import pytest
from mcp_types import ListToolsResult, PaginatedRequestParams
from mcp_types import Tool as ServerTool

from harness.mcp.listing import Call, list_tools, tools_of


class Pages:
    """A session whose list of tools never ends."""

    def __init__(self, tools_a_page: int) -> None:
        self.asked = 0
        self._size = tools_a_page

    async def list_tools(self, *, params: PaginatedRequestParams) -> ListToolsResult:
        begin = self.asked * self._size
        self.asked += 1
        tools = [offered(f"t{number}") for number in range(begin, begin + self._size)]
        return ListToolsResult(tools=tools, next_cursor=str(self.asked))


def offered(name: str, description: str = "", **schema: object) -> ServerTool:
    return ServerTool(name=name, description=description, input_schema={"type": "object", **schema})


async def never(*_: object) -> object:
    raise AssertionError


@pytest.mark.parametrize(("size", "pages", "tools"), [(1, 100, 100), (600, 2, 1000)], ids=["pages", "tools"])
async def test_a_list_without_end_is_read_to_a_most(size: int, pages: int, tools: int) -> None:
    session = Pages(size)
    found = await list_tools(cast("Any", session))
    assert (session.asked, len(found)) == (pages, tools)


@pytest.mark.parametrize(("size", "is_taken"), [(262_000, True), (262_200, False)], ids=["large", "too large"])
def test_a_tool_with_too_large_a_schema_is_left_out_with_a_note(size: int, is_taken: bool) -> None:
    item = offered("big", **{"$comment": "x" * size})
    tools, notes = tools_of("web", {"big": item}, is_trusted=False, call=cast("Call", never))
    assert [tool.name for tool in tools] == (["mcp.web.big"] if is_taken else [])
    assert [("more than 262144 bytes" in note) for note in notes] == ([] if is_taken else [True])


def test_a_long_description_is_cut() -> None:
    item = offered("told", "x" * 9_000)
    ((told,), _) = tools_of("web", {"told": item}, is_trusted=False, call=cast("Call", never))
    assert told.description == "x" * 8_000
