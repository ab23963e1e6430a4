"""Lines from a terminal, a pipe or a file, awaited without a thread: waiting for one can be cancelled at any time."""

from __future__ import annotations

import errno
import os
import termios
from typing import TextIO

import anyio

CHUNK_BYTES = 4096
MOST_LINE_BYTES = 64 * 1024


class LineInput:
    """Reads lines from a descriptor, below whatever a file object has buffered.

    Args:
        file: Something with a descriptor, or None for one that has ended already.
    """

    def __init__(self, file: TextIO | None) -> None:
        self._file = file  # keeps the descriptor open
        self._descriptor = None if file is None or file.closed else file.fileno()
        self._buffer = b""
        self.is_terminal = self._descriptor is not None and os.isatty(self._descriptor)

    def forget_typed_ahead(self) -> None:
        """Drop what was typed at a terminal so far: a key pressed for something else is no answer. Pipes keep it."""
        if self.is_terminal and self._descriptor is not None:
            self._buffer = b""
            termios.tcflush(self._descriptor, termios.TCIFLUSH)

    async def read_line(self) -> str | None:
        """Return the next line without its end, or None when the input has ended."""
        while b"\n" not in self._buffer:
            data = await self._read()
            if not data:
                return self._rest()
            # The beginning of an endless line is kept, so that its end cannot pass for an answer.
            self._buffer = self._buffer[:MOST_LINE_BYTES] + data
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.decode("utf-8", "replace")

    def _rest(self) -> str | None:
        """What stands behind the last line's end. At a terminal, a line counts only with its end."""
        rest, self._buffer = self._buffer, b""
        return rest.decode("utf-8", "replace") if rest and not self.is_terminal else None

    async def _read(self) -> bytes:
        if self._descriptor is None:
            return b""
        await _wait_readable(self._descriptor)
        try:
            return os.read(self._descriptor, CHUNK_BYTES)
        except OSError as error:
            if (
                error.errno == errno.EIO
            ):  # nobody can type here: the process is in the background, and its shell is gone
                return b""
            raise


async def _wait_readable(descriptor: int) -> None:
    """Wait for data or the end. Regular files and /dev/null cannot be polled, and never block."""
    try:
        await anyio.wait_readable(descriptor)
    except PermissionError:
        await anyio.lowlevel.checkpoint()
