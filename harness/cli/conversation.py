"""What a conversation sends to a model, and who sends it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from harness.cli.usage import wrong_use


@dataclass(frozen=True, slots=True)
class Request:
    """One request.

    Attributes:
        model: Its name at the provider.
        instructions: The system prompt.
        items: The conversation so far, in the provider's form.
        tools: Declarations, in the provider's form.
        max_tokens: Most tokens of the response; None leaves it to the provider.
        stream: Whether the response shall come as a stream.
    """

    model: str
    instructions: str
    items: Sequence[Mapping[str, object]]
    tools: Sequence[Mapping[str, object]]
    max_tokens: int | None
    stream: bool


class ModelError(Exception):
    """The provider gave no response, as its SDK says it."""


class ModelClient(Protocol):
    """Sends requests with a provider's SDK."""

    def ask(self, request: Request) -> AsyncIterator[Any]:
        """Yield the events of a stream, or the whole response alone.

        Raises:
            ModelError: There is no response.
        """

    async def close(self) -> None:
        """Close the connections."""


def client_for(provider: str, base_url: str | None) -> ModelClient:
    """Return what speaks to a provider.

    Raises:
        ConfigError: `config.invalid`, the extra is not installed, or there is no key in the environment.
    """
    if provider == "anthropic":
        from harness.cli.anthropic_client import MessagesClient

        return MessagesClient(base_url)
    from harness.cli.openai_client import ChatClient, ResponsesClient

    return ChatClient(base_url) if provider == "openai-chat" else ResponsesClient(base_url)


def require_key(name: str) -> None:
    """Say which variable is missing, before anything is asked.

    Raises:
        ConfigError: `config.invalid`, the variable is not set.
    """
    if not os.environ.get(name):
        raise wrong_use(f"{name} is not set", hint="put the key there; a server of your own may take any word")
