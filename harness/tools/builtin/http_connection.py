"""Connections to addresses that were checked. A name is resolved once for each; nothing resolves it again.

This module loads httpx2 and is therefore itself loaded at the first call.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from ipaddress import ip_address
from socket import IPPROTO_TCP, SOCK_STREAM
from typing import Final

import anyio
import httpcore2
import httpx2

from harness.tools.builtin.http_addresses import Address, AddressPolicy, parse_address

MAX_ADDRESSES: Final = 8
"""Addresses of one host that are tried, one after the other."""

_TRY_S = 3.0


class CheckedBackend(httpcore2.AsyncNetworkBackend):
    """Opens connections to addresses that policy allows, on asyncio and trio."""

    def __init__(self, policy: AddressPolicy) -> None:
        self._policy = policy
        self._inner = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Resolve the host, check every address, and connect to one of those very addresses.

        Raises:
            DeniedError: `policy.forbidden`, an address is private and not named in the settings.
            OSError, httpcore2.ConnectError: there is no such name, or none of its addresses answers.
        """
        addresses = await _resolve(host, port)
        self._policy.check(f"[{host}]" if ":" in host else host, addresses)
        failure: Exception = httpcore2.ConnectError("the name has no address")
        for address in addresses[:MAX_ADDRESSES]:
            try:
                return await self._inner.connect_tcp(str(address), port, timeout=_TRY_S if len(addresses) > 1 else None)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None
    ) -> httpcore2.AsyncNetworkStream:
        """Refuse: a socket of this machine is no host."""
        raise httpcore2.ConnectError("Unix sockets are not reached")

    async def sleep(self, seconds: float) -> None:
        """Sleep."""
        await anyio.sleep(seconds)


async def _resolve(host: str, port: int) -> list[Address]:
    literal = parse_address(host)
    if literal is not None:
        return [literal]
    found = await anyio.getaddrinfo(host.encode("ascii"), port, type=SOCK_STREAM, proto=IPPROTO_TCP)
    return list(dict.fromkeys(ip_address(address[0]) for *_, address in found))


class CheckedTransport(httpx2.AsyncBaseTransport):
    """Sends requests over such connections: HTTP/1.1, no proxy, nothing from the environment.

    Args:
        policy: What may be connected to.
        tls: For https.
    """

    def __init__(self, policy: AddressPolicy, tls: ssl.SSLContext) -> None:
        self._pool = httpcore2.AsyncConnectionPool(ssl_context=tls, network_backend=CheckedBackend(policy))

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request and return as soon as the head of the answer is there."""
        assert isinstance(request.stream, httpx2.AsyncByteStream)
        url = request.url
        answer = await self._pool.handle_async_request(
            httpcore2.Request(
                method=request.method,
                url=httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        assert isinstance(answer.stream, AsyncIterable)
        return httpx2.Response(answer.status, headers=answer.headers, stream=_Stream(answer.stream))

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()


class _Stream(httpx2.AsyncByteStream):
    """The body of an answer. Its iterator is closed with it: trio lets no generator be left behind."""

    def __init__(self, parts: AsyncIterable[bytes]) -> None:
        self._parts = parts
        self._iterator = aiter(parts)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._iterator

    async def aclose(self) -> None:
        for each in (self._iterator, self._parts):
            close = getattr(each, "aclose", None)
            if close is not None:
                await close()
