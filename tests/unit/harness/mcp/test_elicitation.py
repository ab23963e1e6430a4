"""How much of a question of an MCP server reaches a person, and how often it may ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import pytest
from mcp_types import ElicitRequestFormParams, InputRequiredResult

from harness.errors import CallError
from harness.mcp import link as link_module
from harness.mcp.elicitation import elicit
from harness.mcp.link import Link
from harness.mcp.listing import Offered
from harness.tools.binding import ToolContext
from policy.approval import Approve, ReviewDecision
from policy.mcp import McpServer


class Asked:
    """The context of a call whose person says yes, and what the person was shown."""

    def __init__(self) -> None:
        self.reasons: list[str] = []

    async def ask(self, reason: str, form: Mapping[str, Any] | None = None) -> ReviewDecision:
        self.reasons.append(reason)
        return Approve(arguments={})


def form(message: str = "?", **schema: object) -> ElicitRequestFormParams:
    return ElicitRequestFormParams(message=message, requested_schema={"type": "object", "properties": {}, **schema})


@pytest.mark.parametrize(("size", "action"), [(65_000, "accept"), (65_600, "decline")], ids=["large", "too large"])
async def test_a_form_that_is_too_large_is_declined_and_shown_to_nobody(size: int, action: str) -> None:
    asked = Asked()
    result = await elicit("web", form(**{"$comment": "x" * size}), cast("ToolContext", asked))
    assert (result.action, bool(asked.reasons)) == (action, action == "accept")


async def test_a_long_question_is_cut() -> None:
    asked = Asked()
    await elicit("web", form("x" * 5_000), cast("ToolContext", asked))
    assert asked.reasons == ["the MCP server 'web' asks: " + "x" * 2_000 + "..."]


class AsksForEver(Link):
    """A connection to a server that answers every call with a question."""

    sent = 0

    async def _sent(self, *_: object) -> InputRequiredResult:
        self.sent += 1
        return InputRequiredResult(request_state="on")


async def test_a_call_that_asks_again_and_again_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_module, "_PAUSES_S", (0,))
    link = AsksForEver("web", McpServer(command="true"))
    offered = Offered("mcp.web.ask", "ask", "", None, is_wrapped=False, only_reads=True)
    with pytest.raises(CallError, match="again and again"):
        await link._answered(cast("Any", None), offered, {})
    assert link.sent == 100
