"""Conversations with models: a provider's response becomes segments, and what came of them becomes the next items.

One module for each wire format reads responses and streams, and writes items; none of them imports an SDK. What they
read is a plain dict, or an object of an SDK made one (`sdk_objects.py`), and they tell things apart by `type` strings
alone, so that what is unknown today passes through as it came.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Final, Literal, TypeAlias, cast, get_args

from harness.detect import MAX_BYTES
from harness.errors import ConfigError
from harness.providers.adapter import Adapter
from harness.providers.parts import StreamReader, segments_of
from harness.providers.sdk_objects import as_documented, response_data
from harness.providers.segments import ProviderSegment

Provider: TypeAlias = Literal["openai-responses", "openai-chat", "anthropic"]

PROVIDERS: Final[tuple[Provider, ...]] = get_args(Provider)
_MODULES: Final[Mapping[str, str]] = {
    "openai-responses": "harness.providers.openai_responses",
    "openai-chat": "harness.providers.openai_chat",
    "anthropic": "harness.providers.anthropic_messages",
}


def adapter_of(provider: str) -> Adapter:
    """Return what speaks the wire format of that name.

    Raises:
        ConfigError: `config.invalid`, there is no such provider.
    """
    module = _MODULES.get(provider)
    if module is None:
        raise ConfigError(
            "config.invalid", f"provider cannot be {provider!r}", hint="it is one of " + ", ".join(PROVIDERS)
        )
    return cast(Adapter, importlib.import_module(module))


def provider_of(data: Mapping[str, object]) -> Provider:
    """Tell by its shape which provider a response is of.

    Raises:
        ConfigError: `config.invalid`, it has the shape of none.
    """
    for provider in PROVIDERS:
        if adapter_of(provider).is_response(data):
            return provider
    raise ConfigError(
        "config.invalid",
        "this is no response of a provider that is known here",
        hint="pass the whole response, as the SDK's object or as a dict, or name the provider: " + ", ".join(PROVIDERS),
    )


def read_segments(response: object, *, provider: str, max_bytes: int = MAX_BYTES) -> list[ProviderSegment]:
    """Return the segments of a whole response.

    Args:
        response: An object of an SDK, or a dict.
        provider: The name of its wire format.
        max_bytes: Largest accepted script, in bytes of UTF-8.

    Raises:
        ConfigError: `config.invalid`, it is no response, has not its shape, or `provider` is unknown.
    """
    adapter = adapter_of(provider)
    with as_documented("the response"):
        return segments_of(adapter.parts(response_data(response)), max_bytes=max_bytes)


def new_reader(provider: str, *, max_bytes: int = MAX_BYTES) -> StreamReader:
    """Return a reader for one stream.

    Args:
        provider: The name of its wire format.
        max_bytes: Largest accepted script, in bytes of UTF-8.

    Raises:
        ConfigError: `config.invalid`, there is no such provider.
    """
    return StreamReader(adapter_of(provider).stream(), max_bytes=max_bytes)
