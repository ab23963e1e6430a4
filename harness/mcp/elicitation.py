"""What a server wants to know of the user: a question to whoever approves calls."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mcp_types import ElicitRequestFormParams, ElicitRequestParams, ElicitRequestURLParams, ElicitResult

from harness.tools.binding import ToolContext
from policy.approval import Approve

_MOST_CHARACTERS = 2000
_MOST_FORM_BYTES = 64 * 1024


async def elicit(server: str, params: ElicitRequestParams, context: ToolContext) -> ElicitResult:
    """Put a server's question as one of the call that it serves.

    Returns:
        "accept" with the fields of the form, or "decline": a person, policy or a timeout said no.

    Raises:
        DeniedError: `approval.aborted`, a person ended the run.
    """
    reason = f"the MCP server {server!r} asks: {_short(params.message)}"
    if isinstance(params, ElicitRequestURLParams):
        decision = await context.ask(f"{reason} (it wants this address to be opened: {_short(params.url)})")
        return ElicitResult(action="accept" if isinstance(decision, Approve) else "decline")
    form = _form(params)
    if form is None:
        return ElicitResult(action="decline")
    decision = await context.ask(reason, form)
    if not isinstance(decision, Approve):
        return ElicitResult(action="decline")
    given: Mapping[str, Any] = decision.arguments or {}
    known = form.get("properties", {})
    return ElicitResult(action="accept", content={name: value for name, value in given.items() if name in known})


def _form(params: ElicitRequestFormParams) -> dict[str, Any] | None:
    form = params.requested_schema
    fits = len(json.dumps(form)) <= _MOST_FORM_BYTES and isinstance(form.get("properties", {}), dict)
    return form if fits else None


def _short(text: str) -> str:
    return text if len(text) <= _MOST_CHARACTERS else text[:_MOST_CHARACTERS] + "..."
