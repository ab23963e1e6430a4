"""Requests with OpenAI's SDK, to OpenAI or to any server that speaks one of its two wire formats."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import Any, Final

import httpx2

from harness.extras import missing_extra

try:
    import openai
except ModuleNotFoundError as error:
    raise missing_extra("openai", error) from None

from harness.cli.conversation import Request, model_error, require_key

KEY: Final = "OPENAI_API_KEY"


class ResponsesClient:
    """The interface Responses. The SDK itself sends again what was answered with 429."""

    def __init__(self, base_url: str | None) -> None:
        require_key(KEY)
        self._sdk = openai.AsyncOpenAI(base_url=base_url)

    async def ask(self, request: Request) -> AsyncGenerator[Any]:
        """Yield the events of a stream, or the whole response alone."""
        try:
            async for each in _each(await self._create(request)):
                yield each
        except (openai.OpenAIError, httpx2.HTTPError, ValueError) as error:
            # The SDK passes on what breaks within a stream, and a ValueError for an event that is no JSON.
            raise model_error(error, url=str(self._sdk.base_url), key=KEY) from None

    async def _create(self, request: Request) -> Any:
        items: Any = list(request.items)
        more: dict[str, Any] = {}
        if request.max_tokens is not None:
            more["max_output_tokens"] = request.max_tokens
        return await self._sdk.responses.create(
            model=request.model,
            instructions=request.instructions,
            input=items,
            stream=request.stream,
            **_with_tools(more, request.tools),
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._sdk.close()


class ChatClient(ResponsesClient):
    """The interface Chat Completions, which most other servers speak."""

    async def _create(self, request: Request) -> Any:
        more: dict[str, Any] = {}
        if request.max_tokens is not None:
            more["max_tokens"] = request.max_tokens  # the name that every server knows
        told = {"role": "system", "content": request.instructions}
        messages: Any = [told, *request.items]
        return await self._sdk.chat.completions.create(
            model=request.model, messages=messages, stream=request.stream, **_with_tools(more, request.tools)
        )


def _with_tools(more: dict[str, Any], tools: Sequence[Any]) -> dict[str, Any]:
    return {**more, "tools": list(tools)} if tools else more


async def _each(answer: Any) -> AsyncGenerator[Any]:
    if not hasattr(answer, "__aiter__"):
        yield answer
        return
    async with answer:
        async for event in answer:
            yield event
