"""Requests with Anthropic's SDK, to Anthropic or to any server that speaks its wire format."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any, Final

import httpx2

from harness.extras import missing_extra

try:
    import anthropic
except ModuleNotFoundError as error:
    raise missing_extra("anthropic", error) from None

from harness.cli.conversation import Request, model_error, require_key

KEY: Final = "ANTHROPIC_API_KEY"
MAX_TOKENS: Final = 8192
"""Of one response, where nothing else is said; the interface wants a number."""


class MessagesClient:
    """The interface Messages. The SDK itself sends again what was answered with 429."""

    def __init__(self, base_url: str | None) -> None:
        require_key(KEY)
        self._sdk = anthropic.AsyncAnthropic(base_url=base_url)

    async def ask(self, request: Request) -> AsyncGenerator[Any]:
        """Yield the events of a stream, or the whole response alone."""
        more: dict[str, Any] = {"tools": list(request.tools)} if request.tools else {}
        messages: Any = list(request.items)
        try:
            answer: Any = await self._sdk.messages.create(
                model=request.model,
                max_tokens=request.max_tokens or MAX_TOKENS,
                system=request.instructions,
                messages=messages,
                stream=request.stream,
                **more,
            )
            if not request.stream:
                yield answer
                return
            async with answer:
                async for event in answer:
                    yield event
        except (anthropic.AnthropicError, httpx2.HTTPError, ValueError) as error:
            # The SDK passes on what breaks within a stream, and a ValueError for an event that is no JSON.
            raise model_error(error, url=str(self._sdk.base_url), key=KEY) from None

    async def close(self) -> None:
        """Close the connections."""
        await self._sdk.close()
