"""A host without an event loop: a real zygote and real workers over real sockets, one frame at a time."""

from __future__ import annotations

import json
import site
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.runtimes.cpython.wire import FrameSplitter, decode_frame, encode_frame
from policy.limits import Limits

ROOT = Path(__file__).resolve().parents[2]
IMPORT = "from harness.runtimes.cpython.zygote import main"
BOOTSTRAP = f"import sys; fd = int(sys.argv[1]); sys.path[:0] = sys.argv[2:]; del sys.argv[1:]; {IMPORT}; main(fd)"
Answer = Callable[[list[Any]], list[Any]]


@dataclass
class Result:
    """What one worker said, frame by frame, and how it ended."""

    frames: list[dict[str, Any]] = field(default_factory=list)
    exit: dict[str, Any] | None = None

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [frame for frame in self.frames if frame["t"] == kind]

    @property
    def finished(self) -> dict[str, Any]:
        [frame] = self.of("finished")
        return frame

    @property
    def value(self) -> Any:
        assert self.finished["ok"], self.finished["error"]
        return self.finished["value"]

    @property
    def error(self) -> dict[str, Any]:
        assert not self.finished["ok"], self.finished["value"]
        error = self.finished["error"]
        assert isinstance(error, dict)
        return error

    @property
    def log(self) -> str:
        return "".join(frame["text"] for frame in self.of("log"))


class Worker:
    """The host's end of one worker."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        sock.settimeout(30)
        self._splitter = FrameSplitter(max_bytes=64 * 1024 * 1024)
        self._frames: list[bytes] = []

    def send(self, frame: dict[str, Any]) -> None:
        self.sock.sendall(encode_frame(frame))

    def receive(self) -> dict[str, Any] | None:
        while not self._frames:
            data = self.sock.recv(262_144)
            if not data:
                return None
            self._frames += self._splitter.feed(data)
        return decode_frame(self._frames.pop(0))


class Zygote:
    """A zygote and its control socket.

    Args:
        confinement: As the product's.
        limits: What the kernel holds its workers to.
        python: The interpreter.
        first: Statements that it executes before it is one, each ended by a semicolon.
    """

    def __init__(
        self,
        *,
        confinement: str = "required",
        limits: Limits | None = None,
        python: str = sys.executable,
        first: str = "",
    ) -> None:
        self.limits = limits or Limits()
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        paths = [str(ROOT), *site.getsitepackages()]
        with theirs:
            self.process = subprocess.Popen(
                [
                    python,
                    "-s",
                    "-P",
                    "-S",
                    "-c",
                    BOOTSTRAP.replace(IMPORT, first + IMPORT),
                    str(theirs.fileno()),
                    *paths,
                ],
                env={"PYTHONHASHSEED": "0"},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
            )
        self.control.settimeout(30)
        fields = ("memory_bytes", "cpu_time_s", "recursion")
        configure = {
            "t": "configure",
            "limits": {name: getattr(self.limits, name) for name in fields},
            "confinement": confinement,
            "is_tried": False,
        }
        self.control.send(json.dumps(configure).encode())
        self.ready = self.message()
        assert self.ready["t"] == "ready", self.ready

    def message(self) -> dict[str, Any]:
        message = json.loads(self.control.recv(65_536))
        assert isinstance(message, dict)
        return message

    def fork(self, serial: int = 1) -> tuple[Worker, int]:
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self.control, [json.dumps({"t": "fork", "serial": serial}).encode()], [theirs.fileno()])
        message = self.message()
        while message["t"] != "forked":
            message = self.message()
        assert message["serial"] == serial
        return Worker(ours), message["pid"]

    def exit_of(self, pid: int) -> dict[str, Any]:
        while True:
            message = self.message()
            if message["t"] == "exited" and message["pid"] == pid:
                return message

    def close(self) -> None:
        self.control.close()
        self.process.wait(10)

    def run(
        self,
        source: str | None,
        answer: Answer | None = None,
        *,
        tools: Sequence[str] = ("add", "echo", "slow", "spawn.exec"),
        limits: Limits | None = None,
        rounds: int = 100_000,
        **run: Any,
    ) -> Result:
        """Run one script in a fresh worker. `answer` turns the calls of a batch into settlements."""
        worker, pid = self.fork()
        result = Result()
        with worker.sock:
            for frame in conversation(worker, source, answer or _answer, tools, limits or self.limits, rounds, run):
                result.frames.append(frame)
        result.exit = self.exit_of(pid)
        return result


def signature(name: str) -> dict[str, Any]:
    properties = {"a": {}, "b": {}} if name == "add" else {"value": {}}
    return {"name": name, "parameters": {"type": "object", "properties": properties}}


def conversation(
    worker: Worker,
    source: str | None,
    answer: Answer,
    tools: Sequence[str],
    limits: Limits,
    rounds: int,
    run: dict[str, Any],
) -> Iterator[dict[str, Any]]:
    """Speak the host's half; yield what the worker says."""
    hello = worker.receive()
    assert hello is not None
    assert hello["t"] == "hello"
    yield hello
    dumped = limits.model_dump()
    signatures = [signature(name) for name in tools]
    worker.send({"t": "setup", "tools": signatures, "mode": "standard", "limits": dumped})
    worker.send(
        {
            "t": "run",
            "source": source,
            "code": None,
            "context": {"script_id": "s1", "session_id": None, "working_directory": "/w"},
            "limits": dumped,
            "now": 1_700_000_000.5,
            "seed": 7,
            "trace": False,
            "execute": True,
            **run,
        }
    )
    while (frame := worker.receive()) is not None:
        yield frame
        if frame["t"] == "finished" or (frame["t"] == "checked" and frame["diagnostics"]):
            return
        if frame["t"] == "batch":
            rounds -= 1
            if rounds < 0:
                return
            settled = answer(frame["calls"])
            if not settled and frame["wake_after_s"]:
                time.sleep(frame["wake_after_s"])
            worker.send({"t": "settle", "now": time.time(), "settled": settled})


def _answer(calls: list[Any]) -> list[Any]:
    """Settle every call at once."""
    return [[number, *_outcome(tool, arguments)] for number, tool, arguments, _ in calls]


def _outcome(tool: str, arguments: dict[str, Any]) -> list[Any]:
    if tool == "add":
        return ["ok", arguments["a"] + arguments["b"]]
    if arguments.get("value") == "fail":
        return ["error", {"code": "tool.failed", "message": "no", "hint": None, "retryable": True, "details": {"n": 1}}]
    if arguments.get("value") == "deny":
        return [
            "error",
            {"code": "approval.denied", "message": "denied", "hint": None, "retryable": False, "details": {}},
        ]
    return ["ok", arguments.get("value")]


@contextmanager
def zygote(**settings: Any) -> Iterator[Zygote]:
    """A zygote for the time of a test."""
    made = Zygote(**settings)
    try:
        yield made
    finally:
        made.close()
