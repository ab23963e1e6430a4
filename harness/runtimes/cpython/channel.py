"""The host's end of one worker's socket, on asyncio and on trio.

asyncio keeps one reader registered for as long as the channel lives, because registering it anew for every frame
costs more than the frame. trio waits for readability each time.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections import deque

import anyio

from harness.errors import WorkerError
from harness.runtimes.cpython.frames import Frame, read_frame
from harness.runtimes.cpython.wire import FrameSplitter

_CHUNK = 65_536  # a larger buffer is mapped and unmapped anew for every recv


class Channel:
    """Sends bytes to a worker and receives its frames, in order.

    `receive` returns None once the worker has closed its end, which it does by ending. `received_bytes` is the size of
    the frame that it returned last.
    """

    def __init__(self, sock: socket.socket, *, max_frame_bytes: int) -> None:
        sock.setblocking(False)
        self._sock = sock
        self._splitter = FrameSplitter(max_bytes=max_frame_bytes)
        self._frames: deque[bytes] = deque()
        self.received_bytes = 0
        self._ended = self._closed = False
        self._broken: WorkerError | None = None

    async def send(self, data: bytes) -> None:
        """Write all of `data`. A worker that is gone is noticed by `receive`, not here."""
        sent = 0
        while sent < len(data):
            try:
                sent += self._sock.send(data[sent:] if sent else data)
            except BlockingIOError:
                try:
                    await anyio.wait_writable(self._sock)
                except anyio.ClosedResourceError:
                    return
            except OSError:
                return

    async def receive(self) -> Frame | None:
        """Return the next frame.

        Raises:
            WorkerError: `worker.protocol`, the bytes are no frame of at most `max_frame_bytes`.
        """
        while not self._frames:
            if self._broken is not None:
                raise self._broken
            if self._ended:
                return None
            await self._wait_for_bytes()
        body = self._frames.popleft()
        self.received_bytes = len(body)
        return read_frame(body)

    def close(self) -> None:
        """Close the socket: the worker reads the end of its input, and so does whoever waits in `receive`."""
        if not self._closed:
            self._closed = self._ended = True
            anyio.notify_closing(self._sock)
            self._sock.close()

    async def _wait_for_bytes(self) -> None:
        with contextlib.suppress(anyio.ClosedResourceError):
            await anyio.wait_readable(self._sock)
            self._read_available()

    def _read_available(self) -> None:
        try:
            data = self._sock.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._ended = True
            return
        try:
            self._frames.extend(self._splitter.feed(data))
        except WorkerError as error:
            self._broken = error


class AsyncioChannel(Channel):
    """A channel whose reader stays registered with the running asyncio loop."""

    def __init__(self, sock: socket.socket, *, max_frame_bytes: int) -> None:
        super().__init__(sock, max_frame_bytes=max_frame_bytes)
        self._loop = asyncio.get_running_loop()
        self._waiter: asyncio.Future[None] | None = None
        self._reading = False

    def close(self) -> None:
        self._pause()
        super().close()
        self._wake()

    async def _wait_for_bytes(self) -> None:
        if not self._reading:
            self._reading = True
            self._loop.add_reader(self._sock, self._on_readable)
        self._waiter = self._loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _on_readable(self) -> None:
        if self._waiter is None and self._frames:
            self._pause()  # nobody is listening and something waits already: let the socket fill, not our memory
            return
        self._read_available()
        if self._ended or self._broken:
            self._pause()
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _pause(self) -> None:
        if self._reading:
            self._reading = False
            self._loop.remove_reader(self._sock)


def open_channel(sock: socket.socket, *, max_frame_bytes: int) -> Channel:
    """Return the channel that suits the running event loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:  # trio
        return Channel(sock, max_frame_bytes=max_frame_bytes)
    return AsyncioChannel(sock, max_frame_bytes=max_frame_bytes)
