"""The tests' side of `raw_zygote`: starts it, gives it things to attack, and looks at its children from outside."""

from __future__ import annotations

import contextlib
import ctypes
import dataclasses
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from tests.security.attacks.worker import Target

ROOT = Path(__file__).resolve().parents[3]
NOBODY = 65534
IS_ROOT = os.geteuid() == 0


@dataclasses.dataclass
class Arena:
    """A running `raw_zygote`.

    Attributes:
        started: What it answered to "start".
        held: Pids of the children that were left waiting.
    """

    process: subprocess.Popen[bytes]
    target: Target
    started: dict[str, object] = dataclasses.field(default_factory=dict)
    held: list[int] = dataclasses.field(default_factory=list)

    def ask(self, command: Mapping[str, object]) -> dict[str, object]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(command).encode() + b"\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "the zygote ended"
        answer = json.loads(line)
        assert isinstance(answer, dict)
        if "pid" in answer:
            self.held.append(answer["pid"])
        return answer

    def run(self, names: Sequence[str]) -> dict[str, str]:
        """Run attacks, each in a fresh confined process, and return how each ended."""
        outcomes = self.ask({"run": names})["outcomes"]
        assert isinstance(outcomes, dict)
        return outcomes

    def hold(self) -> int:
        """Leave a confined child waiting and return its pid."""
        answer = self.ask({"hold": True})
        assert "failed" not in answer, answer
        pid = answer["pid"]
        assert isinstance(pid, int)
        return pid


@contextlib.contextmanager
def open_arena(
    *,
    python: str = sys.executable,
    user: bool = not IS_ROOT,
    confined: bool = True,
    confinement: str = "required",
    without: Iterable[str] = (),
) -> Iterator[Arena]:
    """Start a zygote for attackers.

    Args:
        python: The interpreter.
        user: Become nobody before anything else, as if an ordinary user had started it.
        confined: False shows what attacks do where there is no barrier at all.
        confinement: As `confine_zygote` takes it.
        without: Barriers to remove.
    """
    canary = secrets.token_hex(16)
    leaky = not confined or "empty_environment" in without
    with _target(canary, user) as target:
        process = subprocess.Popen(
            [python, "-s", "-P", "-S", str(Path(__file__).with_name("raw_zygote.py")), str(ROOT)],
            env={"PYTHONHASHSEED": "0"} | ({"CANARY": canary} if leaky else {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        with process:
            arena = Arena(process, target)
            job = {
                "user": user,
                "confined": confined,
                "confinement": confinement,
                "without": sorted(without),
                "target": {k: v for k, v in dataclasses.asdict(target).items() if k != "zygote_pid"},
            }
            try:
                arena.started = arena.ask({"start": job})
                yield arena
            finally:
                process.kill()
                _end_orphans(arena)


def _end_orphans(arena: Arena) -> None:
    """End what a zygote without `dies_with_host` leaves behind."""
    init = arena.started.get("init_pid")
    for pid in (*arena.held, *([init] if isinstance(init, int) else [])):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@contextlib.contextmanager
def _target(canary: str, user: bool) -> Iterator[Target]:
    """Make what attacks aim at: a file, a folder, a listening port, an abstract socket, and a process of that user."""
    owner = NOBODY if user and IS_ROOT else os.geteuid()
    with tempfile.TemporaryDirectory(prefix="toolscript-raw-") as folder, contextlib.ExitStack() as stack:
        os.chmod(folder, 0o777)
        text = secrets.token_hex(16)
        file, own = Path(folder, "file"), Path(folder, "own")
        file.write_text(text)
        own.write_text("")
        Path(folder, "module_of_host.py").write_text("")
        os.chown(own, owner, -1)
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        abstract = f"toolscript-{secrets.token_hex(8)}"
        local = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
        local.bind(f"\0{abstract}")
        local.listen()
        memory = ctypes.create_string_buffer(b"victim!!")
        victim = stack.enter_context(_victim(owner))
        yield Target(
            file=str(file),
            text=text,
            directory=folder,
            victim_pid=victim,
            victim_address=ctypes.addressof(memory),
            port=server.getsockname()[1],
            abstract=abstract,
            segment=stack.enter_context(_segment()),
            canary=canary,
        )


@contextlib.contextmanager
def _segment() -> Iterator[int]:
    """Make a System V memory segment that everybody may look at."""
    libc = ctypes.CDLL(None)
    identifier = libc.shmget(0, 4096, 0o1666)
    try:
        yield identifier
    finally:
        libc.shmctl(identifier, 0, None)


@contextlib.contextmanager
def _victim(owner: int) -> Iterator[int]:
    """Fork a process that waits: a copy of this one, so that addresses in it are known."""
    pid = os.fork()
    if pid == 0:
        if os.geteuid() != owner:
            os.setgroups([])
            os.setresgid(owner, owner, owner)
            os.setresuid(owner, owner, owner)
            ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)
        while True:
            signal.pause()
    try:
        yield pid
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
