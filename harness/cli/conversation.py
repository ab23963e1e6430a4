"""What was said so far, what of it is sent to a model, and who sends it."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from harness.cli import exit_codes
from harness.cli.usage import wrong_use

STOPPED: Final = "[I stopped your last response before it was whole. Nothing of it was run.]"

_REFUSED_KEY: Final = (401, 403)
_NOT_FOUND: Final = 404


class Conversation:
    """What was said so far, in the provider's form. Whatever happened, it can be sent: no call lacks its answer."""

    def __init__(self) -> None:
        self.items: list[Mapping[str, object]] = []
        self._note = ""  # begins what the user says next

    def say(self, prompt: str) -> None:
        """Add what the user says, to an earlier word that got no answer: some servers want the roles to alternate."""
        text = f"{self._note}\n\n{prompt}" if self._note else prompt
        self._note = ""
        last = self.items[-1] if self.items else {}
        if last.get("role") == "user" and isinstance(last.get("content"), str):
            text = f"{self.items.pop()['content']}\n\n{text}"
        self.items.append({"role": "user", "content": text})

    def add_turn(self, items: Sequence[Mapping[str, object]]) -> None:
        """Add a whole response with its answers."""
        self.items += items

    def add_stopped(self, text: str) -> None:
        """Add what the user saw of a response that was stopped. Calls and reasoning of it are not whole: no provider
        takes them back.
        """
        if text.strip():
            self.items.append({"role": "assistant", "content": text.strip()})
        self._note = STOPPED


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
    """The provider gave no response.

    Attributes:
        hint: What to do about it, or None.
        code: The exit code: of configuration, if the same request can never succeed.
    """

    def __init__(self, message: str, *, hint: str | None = None, code: int = exit_codes.PROVIDER) -> None:
        super().__init__(message)
        self.hint = hint
        self.code = code


def model_error(error: Exception, *, url: str, key: str) -> ModelError:
    """Say in a sentence why there is no response.

    Args:
        error: What the SDK raised. Its `status_code` is the provider's, its cause what the connection says.
        url: Of the server.
        key: The variable with the key.
    """
    status = getattr(error, "status_code", None)
    url = url.rstrip("/")
    if status in _REFUSED_KEY:
        hint = f"{key} must hold a key that may use this model there"
        return ModelError(f"{url} refuses the key: {error}", hint=hint, code=exit_codes.USAGE)
    if status == _NOT_FOUND:
        hint = "look at --model and --base-url; the address of most servers ends in /v1, Anthropic's does not"
        return ModelError(
            f"{url} does not know the model, or is not its address: {error}", hint=hint, code=exit_codes.USAGE
        )
    if status is None and error.__cause__ is not None:
        return ModelError(f"{url} cannot be reached: {error.__cause__}", hint="--base-url names another server")
    return ModelError(f"the provider gave no response: {error}")


class ModelClient(Protocol):
    """Sends requests with a provider's SDK."""

    def ask(self, request: Request) -> AsyncGenerator[Any]:
        """Yield the events of a stream, or the whole response alone.

        Raises:
            ModelError: There is no response.
        """

    async def close(self) -> None:
        """Close the connections."""


def client_for(provider: str, base_url: str | None) -> ModelClient:
    """Return what speaks to a provider.

    Raises:
        ConfigError: `config.invalid`, the extra is not installed, the address is none, or there is no key in the
            environment.
    """
    if base_url is not None:
        _require_address(base_url)
    if provider == "anthropic":
        from harness.cli.anthropic_client import MessagesClient

        return MessagesClient(base_url)
    from harness.cli.openai_client import ChatClient, ResponsesClient

    return ChatClient(base_url) if provider == "openai-chat" else ResponsesClient(base_url)


def require_key(name: str) -> None:
    """Say which variable is missing, before anything is asked.

    Raises:
        ConfigError: `config.invalid`, the variable is not set, or holds what no request can carry.
    """
    key = os.environ.get(name, "").strip()
    if not key:
        raise wrong_use(f"{name} is not set", hint="put the key there; a server of your own may take any word")
    if not (key.isascii() and key.isprintable()):
        raise wrong_use(f"{name} holds characters that no key has", hint="put the key there, and nothing else")


def _require_address(base_url: str) -> None:
    try:
        parts = urlsplit(base_url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise wrong_use(f"--base-url cannot be {base_url!r}", hint="it is like http://127.0.0.1:8000/v1")
