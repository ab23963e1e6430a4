"""What a script prints: sent to the host at once, so that a kill loses nothing, and cut at its limit."""

from __future__ import annotations

from typing import Any

from harness.runtimes.cpython.wire import LOG, WorkerChannel

_real_print = print


class Log:
    """The script's standard output: a file that only `write`s.

    Past `max_bytes` of UTF-8 it sends one marker and then nothing.
    """

    __slots__ = ("_channel", "_left", "_max_bytes")

    def __init__(self) -> None:
        self._channel: WorkerChannel | None = None
        self._max_bytes = self._left = 0

    def start(self, channel: WorkerChannel, max_bytes: int) -> None:
        """Give it the run."""
        self._channel = channel
        self._max_bytes = self._left = max_bytes

    def write(self, text: str) -> int:
        """Send text, as far as the limit goes."""
        text = str.__str__(text)  # the library writes what a repr of the script returned
        if self._channel is None or self._left <= 0 or not text:
            return len(text)
        data = text[: self._left + 1].encode("utf-8", "backslashreplace")
        if len(data) > self._left:
            kept = data[: self._left].decode("utf-8", "ignore")
            sent = f"{kept}\n[output cut at {self._max_bytes} bytes]\n"
            self._left = 0
        else:
            self._left -= len(data)
            sent = data.decode()
        self._channel.send({"t": LOG, "text": sent})
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""


class _Parts:
    """Gathers the pieces of one print, so that they leave as one frame."""

    __slots__ = ("_max_chars", "parts")

    def __init__(self, max_chars: int) -> None:
        self.parts: list[str] = []
        self._max_chars = max_chars

    def write(self, text: str) -> None:
        text = str.__str__(text)
        if self._max_chars >= 0:
            self._max_chars -= len(text)
            self.parts.append(text)


def make_print(log: Log) -> Any:
    """Return the script's `print`."""

    def script_print(
        *values: object, sep: str | None = " ", end: str | None = "\n", file: Any = None, flush: bool = False
    ) -> None:
        """Print to the run's log, or to an io.StringIO."""
        if file is not None:
            _real_print(*values, sep=sep, end=end, file=file)
            return
        gathered = _Parts(log._left)
        _real_print(*values, sep=sep, end=end, file=gathered)
        log.write("".join(gathered.parts))

    return script_print
