"""The transport to a server at an address: streamable HTTP."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from typing import Any

import httpx2
from mcp.client.streamable_http import streamable_http_client

from harness.errors import ConfigError
from harness.mcp.ending import Ending
from harness.mcp.traffic import MOST_MESSAGE_BYTES
from policy.mcp import McpServer

_CONNECTING_S = 30.0


def request_headers(name: str, server: McpServer, host: Mapping[str, str]) -> dict[str, str]:
    """Return what every request carries.

    Raises:
        ConfigError: `config.invalid`, the variable that holds the token is not set.
    """
    headers = {header: value.get_secret_value() for header, value in server.headers.items()}
    variable = server.bearer_token_env
    if variable is None:
        return headers
    if not host.get(variable):
        raise ConfigError(
            "config.invalid",
            f"the variable {variable}, which holds the token of the MCP server {name!r}, is not set",
            hint="set it where toolscript is started, or take `bearer_token_env` out of the server's settings",
        )
    return {**headers, "Authorization": f"Bearer {host[variable]}"}


@asynccontextmanager
async def http_streams(name: str, server: McpServer, ending: Ending) -> AsyncIterator[Any]:
    """Connect to a server."""
    assert server.url is not None

    async def look(response: httpx2.Response) -> None:
        if response.status_code >= 400:
            ending.http_status = f"{response.status_code} {response.reason_phrase}".strip()
        if not response.headers.get("content-type", "").lower().startswith("text/event-stream"):
            response.stream = _Capped(response.stream)  # the events of a stream are capped one by one

    # A call has its own time, and a stream of events may be silent for long.
    timeout = httpx2.Timeout(_CONNECTING_S, read=None)
    headers = request_headers(name, server, os.environ)
    async with (
        httpx2.AsyncClient(headers=headers, timeout=timeout, event_hooks={"response": [look]}) as client,
        streamable_http_client(server.url, http_client=client, max_sse_event_size=MOST_MESSAGE_BYTES) as streams,
    ):
        yield streams


class _Capped(httpx2.AsyncByteStream):
    """The body of an answer up to the length of a message."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = MOST_MESSAGE_BYTES
        async with aclosing(aiter(self._stream)) as chunks:
            async for chunk in chunks:
                left -= len(chunk)
                if left < 0:
                    raise httpx2.StreamError(f"the answer has more than {MOST_MESSAGE_BYTES} bytes")
                yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()
