"""The lock-step exchange with the host: calls out, results in, one frame each way.

The script runs until its loop would block. Then everything it started goes out as one `batch`, and the worker blocks
until the host answers with one `settle`.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

from harness.runtimes.cpython.clock import HostClock
from harness.runtimes.cpython.meter import Meter
from harness.runtimes.cpython.tool_errors import tool_error
from harness.runtimes.cpython.values import Data, to_json
from harness.runtimes.cpython.wire import WorkerChannel, make_scanner

_TURNS_BETWEEN_LOOKS = 16
_LARGE_BATCH_CHARS = 200_000  # with one call's arguments on top it stays below the longest frame that the host reads
_MAX_WAKE_S = 86_400.0
_scan = make_scanner(Data)


class Pending(Protocol):
    """A call as the exchange knows it."""

    @property
    def tool(self) -> str: ...

    @property
    def line(self) -> int | None: ...


class Exchange:
    """Holds what is to go out and who waits for what.

    Attributes:
        outstanding: By call id: the future its caller waits for, and the call. In the order they were started.
        started: Calls started so far, which is also the latest call id.
    """

    def __init__(self, clock: HostClock) -> None:
        self.clock = clock
        self.outstanding: dict[int, tuple[asyncio.Future[object], Pending]] = {}
        self.started = 0
        self._outbox: list[str] = []
        self._cancelled: list[int] = []
        self._idle_turns = 0
        self._channel: WorkerChannel
        self._meter: Meter

    def connect(self, channel: WorkerChannel, meter: Meter) -> None:
        """Give the exchange its run. The rest is made before the fork, which spares every worker the work."""
        self._channel = channel
        self._meter = meter

    def start(self, call: Pending, arguments_json: str) -> tuple[int, asyncio.Future[object]]:
        """Put one call into the outbox and return its id and the future of its result."""
        self.started = number = self.started + 1
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self.outstanding[number] = (future, call)
        line = "null" if call.line is None else str(call.line)
        self._outbox.append(f"[{number},{to_json(call.tool)},{arguments_json},{line}]")
        return number, future

    def abandon(self, number: int) -> None:
        """Nobody waits for the call any more: tell the host with the next batch."""
        if self.outstanding.pop(number, None) is not None:
            self._cancelled.append(number)

    def select(self, timeout: float | None) -> tuple[()]:
        """What the event loop calls for its selector on every turn: exchange if the loop would block.

        A loop that always has something to do, as one that sleeps for zero seconds has, still sends what it started,
        and looks for results now and then.
        """
        if timeout != 0:
            self.swap(None if timeout is None else min(timeout, _MAX_WAKE_S))
        elif self._outbox or self._cancelled:
            self.swap(0.0)
        elif self.outstanding:
            self._idle_turns += 1
            if self._idle_turns >= _TURNS_BETWEEN_LOOKS:
                self.swap(0.0)
        return ()

    def swap(self, wake_after_s: float | None) -> None:
        """Send what was started and settle what the host settles.

        It is one batch, unless the arguments are large: then it is several, and only the last may wait.
        """
        self._idle_turns = 0
        has_settled = False
        while True:
            calls, self._outbox = self._one_frame_of_calls()
            is_last = not self._outbox
            has_settled = self._swap_batch(calls, wake_after_s if is_last and not has_settled else 0.0) or has_settled
            if is_last:
                return

    def _one_frame_of_calls(self) -> tuple[list[str], list[str]]:
        """The calls that go out together, and those that go after them."""
        size = 0
        for number, call in enumerate(self._outbox, 1):
            size += len(call)
            if size >= _LARGE_BATCH_CHARS:
                return self._outbox[:number], self._outbox[number:]
        return self._outbox, []

    def _swap_batch(self, calls: list[str], wake_after_s: float | None) -> bool:
        """Send one batch and wait for the answer. True if it settled something."""
        wake = "null" if wake_after_s is None else f"{max(0.0, wake_after_s):.6f}"
        cancelled = ",".join(map(str, self._cancelled))
        body = (
            f'{{"t":"batch","calls":[{",".join(calls)}],"cancelled":[{cancelled}],'
            f'"wake_after_s":{wake},"steps":{self._meter.used}}}'
        )
        self._cancelled.clear()
        self._channel.send_json(body.encode())
        frame = self._channel.receive(_scan)
        self.clock.advance(frame["now"])
        for number, status, payload in frame["settled"]:
            self._settle(number, payload if status == "ok" else tool_error(payload))
        return bool(frame["settled"])

    def _settle(self, number: int, result: object) -> None:
        future, _ = self.outstanding.pop(number, (None, None))
        if future is None or future.done():
            return
        if isinstance(result, BaseException):
            future.set_exception(result)
        else:
            future.set_result(result)
