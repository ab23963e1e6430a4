"""What comes from a server, counted: a server may not say without end what nobody asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TypeAlias

import anyio
from mcp.client import Transport
from mcp.shared.message import SessionMessage
from mcp_types import JSONRPCError, JSONRPCRequest, JSONRPCResponse

MOST_MESSAGE_BYTES = 8 * 1024**2
"""The longest message of a server: eight times what a result may be, so that this can say what is too large."""

MOST_UNASKED = 20_000
"""Messages that answer nothing, since the last request: a minute of progress at 300 a second fits."""

_Read: TypeAlias = "anyio.abc.ObjectReceiveStream[SessionMessage | Exception]"
_Write: TypeAlias = "anyio.abc.ObjectSendStream[SessionMessage]"


class Traffic:
    """One connection's traffic.

    Attributes:
        heard: Messages that came.
        closed: Nothing more will come or go.
        why: Why we closed it, "" if the server did.
    """

    def __init__(self) -> None:
        self.heard = 0
        self.closed = anyio.Event()
        self.why = ""
        self._unasked = 0

    def close(self, why: str = "") -> None:
        """End the connection; the first reason stands."""
        if not self.closed.is_set():
            self.why = why
            self.closed.set()

    def came(self, message: SessionMessage | Exception) -> None:
        """Count a message of the server."""
        self.heard += 1
        if isinstance(message, Exception) or not isinstance(message.message, (JSONRPCResponse, JSONRPCError)):
            self._unasked += 1
            if self._unasked > MOST_UNASKED:
                self.close(f"it sent {MOST_UNASKED} messages that nobody asked for")

    def went(self, message: SessionMessage) -> None:
        """Count a message of ours."""
        if isinstance(message.message, JSONRPCRequest):
            self._unasked = 0


@asynccontextmanager
async def watched(transport: Transport, traffic: Traffic) -> AsyncIterator[tuple[_Read, _Write]]:
    """Pass on what a transport carries, until either side closes it."""
    async with transport as (read, write):
        to_us, from_server = anyio.create_memory_object_stream[SessionMessage | Exception](0)
        to_server, from_us = anyio.create_memory_object_stream[SessionMessage](0)

        async def receive() -> None:
            with suppress(anyio.ClosedResourceError, anyio.BrokenResourceError), to_us:
                async for message in read:
                    traffic.came(message)
                    if traffic.closed.is_set():
                        break
                    await to_us.send(message)
            traffic.close()

        async def send() -> None:
            with suppress(anyio.ClosedResourceError, anyio.BrokenResourceError), from_us:
                async for message in from_us:
                    traffic.went(message)
                    await write.send(message)
            traffic.close()

        with to_us, from_server, to_server, from_us:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(receive)
                tasks.start_soon(send)
                yield from_server, to_server
                tasks.cancel_scope.cancel()
