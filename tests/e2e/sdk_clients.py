"""The real SDK clients of three providers, behind one way to ask: what an agent's loop does with each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import anthropic
import openai
from anthropic.types import MessageParam, ToolParam
from openai.types.chat import ChatCompletionMessageParam, ChatCompletionToolParam
from openai.types.responses import ResponseInputItemParam
from openai.types.responses.tool_param import ToolParam as ResponsesToolParam
from pydantic import TypeAdapter

from harness import Harness

ITEM: dict[str, TypeAdapter[Any]] = {
    "openai-responses": TypeAdapter(ResponseInputItemParam),
    "openai-chat": TypeAdapter(ChatCompletionMessageParam),
    "anthropic": TypeAdapter(MessageParam),
}
TOOL: dict[str, TypeAdapter[Any]] = {
    "openai-responses": TypeAdapter(ResponsesToolParam),
    "openai-chat": TypeAdapter(ChatCompletionToolParam),
    "anthropic": TypeAdapter(ToolParam),
}
QUESTION = {"role": "user", "content": "Do it."}


class Client:
    """One provider's client, connected to a server on loopback."""

    def __init__(self, provider: str, url: str, *, retries: int = 2) -> None:
        self.provider = provider
        self._openai = openai.AsyncOpenAI(base_url=url + "/v1", api_key="none", max_retries=retries)
        self._anthropic = anthropic.AsyncAnthropic(base_url=url, api_key="none", max_retries=retries)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self._openai.close()
        await self._anthropic.close()

    async def ask(self, messages: Sequence[Any], tools: Sequence[Any] = (), *, stream: bool = False) -> Any:
        """Send one request; the SDK's response object, or its stream of events."""
        more: dict[str, Any] = {"tools": list(tools)} if tools else {}
        if self.provider == "openai-responses":
            return await self._openai.responses.create(model="a-model", input=list(messages), stream=stream, **more)
        if self.provider == "openai-chat":
            return await self._openai.chat.completions.create(
                model="a-model", messages=list(messages), stream=stream, **more
            )
        return await self._anthropic.messages.create(
            model="a-model", max_tokens=100, messages=list(messages), stream=stream, **more
        )

    async def response(
        self, harness: Harness, messages: Sequence[Any], tools: Sequence[Any] = (), *, stream: bool
    ) -> Any:
        """What `respond` takes: the whole response, or what a reader made of the stream."""
        answer = await self.ask(messages, tools, stream=stream)
        if not stream:
            return answer
        reader = harness.reader(self.provider)
        async for event in answer:
            reader.feed(event)
        return reader.response()
