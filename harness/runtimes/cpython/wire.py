"""Frames between the host and one worker: `u32 length (big-endian)`, then that many bytes of one JSON object.

Both sides import this module, the worker with nothing but `os.read` and `os.write` at hand. The host side trusts no
byte: a length is checked before anything is allocated, and what cannot be decoded is `worker.protocol`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from harness.errors import WorkerError

Frame = dict[str, Any]  # JSON, typed field by field where it is read
Scanner = Callable[[str, int], tuple[Any, int]]  # what json.JSONDecoder has as scan_once

# Host to worker.
SETUP = "setup"
RUN = "run"
SETTLE = "settle"
# Worker to host.
HELLO = "hello"
CHECKED = "checked"
BATCH = "batch"
LOG = "log"
PROGRESS = "progress"
TRACE = "trace"
FINISHED = "finished"

# What an honest worker sends at most. The host holds every worker to it (`tests/integration/test_hostile_worker.py`).
MAX_NAMED_CALLS = 100
MAX_TRACE_LINES = 5000
MAX_TRACEBACK_LINES = 10
MAX_MESSAGE_CHARS = 2000  # before what has no UTF-8 form is written as escapes of up to 10 characters
MAX_LINE_CHARS = 500

_PREFIX_BYTES = 4
_READ_BYTES = 65_536


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False).encode


def make_scanner(make_object: Callable[[dict[str, Any]], object] | None = None) -> Scanner:
    """Return the C function behind a JSON decoder: the frames of a trusted host need no search for white space."""
    decoder: Any = json.JSONDecoder(object_hook=make_object)
    scanner: Scanner = decoder.scan_once
    return scanner


_scan = make_scanner()
_from_json = json.JSONDecoder(parse_constant=_refuse_constant).decode


def encode_frame(frame: Mapping[str, object]) -> bytes:
    """Encode one frame, prefix included.

    Raises:
        ValueError: NaN, an infinity, or a lone surrogate (`UnicodeEncodeError`).
        TypeError: something that is no JSON data.
    """
    return prefixed(_to_json(frame).encode())


def prefixed(body: bytes) -> bytes:
    """Put the length in front of a frame that is JSON already."""
    return len(body).to_bytes(_PREFIX_BYTES, "big") + body


def decode_frame(body: bytes) -> Frame:
    """Decode one frame that a worker sent.

    Raises:
        WorkerError: `worker.protocol`, the bytes are no JSON object with a string under "t".
    """
    try:
        frame = _from_json(body.decode())
    except RecursionError:
        raise WorkerError("worker.protocol", "the worker sent a frame that is nested too deeply") from None
    except ValueError:  # of UTF-8, of JSON, NaN, an integer of too many digits
        raise WorkerError("worker.protocol", "the worker sent a frame that is not JSON") from None
    if not isinstance(frame, dict) or not isinstance(frame.get("t"), str):
        raise WorkerError("worker.protocol", "the worker sent a frame without a kind")
    return frame


class FrameSplitter:
    """Cuts the bytes of a worker into frames, as they arrive.

    The worker may be hostile, so a length is checked as soon as its four bytes are there, and never more than one
    frame of `max_bytes` is held back.

    Args:
        max_bytes: Longest accepted frame in bytes, prefix excluded.
    """

    def __init__(self, *, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._pending = bytearray()

    @property
    def pending_bytes(self) -> int:
        """Bytes of an incomplete frame that are held back."""
        return len(self._pending)

    def feed(self, data: bytes) -> list[bytes]:
        """Take the bytes that arrived and return the frames that are complete now, prefixes removed.

        Raises:
            WorkerError: `worker.protocol`, a frame is longer than `max_bytes`.
        """
        length = len(data) - _PREFIX_BYTES
        if not self._pending and 0 <= length <= self._max_bytes and data[:_PREFIX_BYTES] == length.to_bytes(4, "big"):
            return [data[_PREFIX_BYTES:]]  # exactly one frame, as a lock-step exchange mostly brings
        self._pending += data
        frames: list[bytes] = []
        start = 0
        while (end := self._end_of_frame(start)) is not None:
            frames.append(bytes(self._pending[start + _PREFIX_BYTES : end]))
            start = end
        del self._pending[:start]
        return frames

    def _end_of_frame(self, start: int) -> int | None:
        """Where the frame at `start` ends, or None while it is incomplete."""
        body = start + _PREFIX_BYTES
        if len(self._pending) < body:
            return None
        length = int.from_bytes(self._pending[start:body], "big")
        if length > self._max_bytes:
            raise WorkerError(
                "worker.protocol", f"the worker sent a frame of {length} bytes, {self._max_bytes} are allowed"
            )
        end = body + length
        return end if len(self._pending) >= end else None


class HostGone(Exception):
    """The host closed its end of the channel."""


def _raise_host_gone() -> NoReturn:
    raise HostGone


class WorkerChannel:
    """The worker's end: blocking, one descriptor, the two system calls read and write.

    Args:
        fd: The connected socket.
        gone: Called when the host has closed its end; must not return. Raises HostGone by default. A worker ends there
            and then, because an exception could be caught by the script that it passes through.
    """

    def __init__(
        self,
        fd: int,
        *,
        gone: Callable[[], NoReturn] = _raise_host_gone,
    ) -> None:
        self._fd = fd
        self._gone = gone
        self._pending = b""

    def send(self, frame: Mapping[str, object]) -> None:
        """Write one frame."""
        self.send_json(_to_json(frame).encode("utf-8", "replace"))  # of lone surrogates, a source may hold some

    def send_json(self, body: bytes) -> None:
        """Write one frame that is JSON already."""
        data = len(body).to_bytes(_PREFIX_BYTES, "big") + body
        try:
            written = os.write(self._fd, data)
            while written < len(data):
                written += os.write(self._fd, data[written : written + 1_048_576])
        except OSError:
            self._gone()

    def receive(self, scan: Scanner = _scan) -> Frame:
        """Wait for one frame. `scan` turns its text into a dict; it gives the objects that a script will see."""
        pending = self._pending
        while len(pending) < _PREFIX_BYTES:
            pending += self._read()
        end = _PREFIX_BYTES + int.from_bytes(pending[:_PREFIX_BYTES], "big")
        if len(pending) < end:
            pending = self._read_until(pending, end)
        self._pending = pending[end:]
        frame: Frame
        frame, _ = scan(pending[_PREFIX_BYTES:end].decode(), 0)
        return frame

    def wait_for_end(self) -> NoReturn:
        """Read until the host closes the channel, or ends this process."""
        while True:
            self._read()

    def _read_until(self, pending: bytes, end: int) -> bytes:
        parts, size = [pending], len(pending)
        while size < end:
            part = self._read()
            parts.append(part)
            size += len(part)
        return b"".join(parts)

    def _read(self) -> bytes:
        try:
            data = os.read(self._fd, _READ_BYTES)
        except OSError:
            data = b""
        return data or self._gone()
