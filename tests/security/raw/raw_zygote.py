"""The program that the raw tests start: confines itself as the product's zygote does, and forks attackers.

Its children are confined as the product's workers are, but run arbitrary Python of `attacks/worker.py` with no language layer.
One JSON object a line on standard input, one a line back on standard output:

    {"start": {...}}        confine; answers {"held", "missing", "init_pid"} or {"failed": message}
    {"run": [names]}        each in a fresh process (all in one, without fresh_process); answers {"outcomes": {...}};
                            with "lacking": [parts], parts of barriers are left out in it (`barrier_parts`)
    {"hold": true}          leave one confined child waiting; answers {"pid", "barriers"} or {"failed": message}
    {"tighten": pid, "bytes"}  lower a held child's address space; answers {"tightened": pid}
    {"measure": count}      confine so many children; answers {"seconds": [...]}
"""

from __future__ import annotations

import dataclasses
import errno
import json
import os
import resource
import select
import signal
import socket
import sys
import time
from collections.abc import Sequence

sys.path[:0] = sys.argv[1:2]

from harness.confine import ZygoteConfinement, confine_child, confine_zygote, process  # noqa: E402 - needs the path
from harness.errors import SandboxError  # noqa: E402
from tests.security.attacks.worker import MIB, Target, leave_trace  # noqa: E402
from tests.security.raw import barrier_parts, worker_without  # noqa: E402
from tests.security.raw.part_attacks import EVERY  # noqa: E402

NOBODY = 65534
HUNG_S = 8.0


@dataclasses.dataclass
class Zygote:
    target: Target
    confinement: ZygoteConfinement | None
    without: frozenset[str]
    vm_limit_bytes: int
    data_limit_bytes: int
    measuring: bool = False
    lacking: tuple[str, ...] = ()
    held: list[socket.socket] = dataclasses.field(default_factory=list)

    def run(self, names: Sequence[str]) -> dict[str, str]:
        if self.confinement is None or "fresh_process" in self.without:
            leave_trace(self.target)  # what is left in this process is what a second script in it would see
        return {name: self._outcome(name) for name in names}

    def hold(self) -> dict[str, object]:
        ours, pid = self._fork(None)
        self.held.append(ours)
        return {"pid": pid} | json.loads(ours.recv(65_536))

    def measure(self, count: int) -> list[float]:
        seconds = []
        self.measuring = True
        for _ in range(count):
            ours, pid = self._fork(None)
            seconds.append(json.loads(ours.recv(65_536))["seconds"])
            ours.close()
            os.waitpid(pid, 0)
        return seconds

    def _fork(self, name: str | None) -> tuple[socket.socket, int]:
        ours, theirs = socket.socketpair()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            try:
                self._be_child(theirs.fileno(), parent, name)
            except SandboxError as error:  # by then the channel is descriptor 3
                _answer({"failed": str(error), "outcome": "failed"})
            finally:
                os._exit(99)
        theirs.close()
        return ours, pid

    def _be_child(self, channel: int, parent: int, name: str | None) -> None:
        started = time.perf_counter()
        barriers: tuple[str, ...] = ()
        barrier_parts.remove(self.lacking)
        if self.confinement is None:
            os.dup2(channel, 3)
        else:
            barriers = confine_child(
                self.confinement,
                channel_fd=channel,
                vm_limit_bytes=self.vm_limit_bytes,
                data_limit_bytes=self.data_limit_bytes,
                cpu_time_s=0.1,
                parent_pid=parent,
            )
        if name is None:
            _answer({"barriers": barriers, "seconds": time.perf_counter() - started})
            self._wait_for_the_end()
        else:
            _answer({"outcome": _attempt(name, self.target)})
        os._exit(0)

    def _wait_for_the_end(self) -> None:
        """Not in a read of the channel: that one ends with the zygote also where the barrier does not."""
        while not self.measuring:
            time.sleep(60)

    def _outcome(self, name: str) -> str:
        ours, pid = self._fork(name)
        with ours:
            status = _wait(pid, ours)
            if status is None or os.WIFSTOPPED(status):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                return "hung" if status is None else "got through"
            if os.WIFSIGNALED(status):
                return signal.Signals(os.WTERMSIG(status)).name
            if os.WEXITSTATUS(status) == 42:
                return "got through"  # the program it executed instead said so
            answer = ours.recv(65_536)
            return str(json.loads(answer)["outcome"]) if answer else f"exit {os.WEXITSTATUS(status)}"


def _attempt(name: str, target: Target) -> str:
    try:
        EVERY[name].run(target)
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, "OSError")
    except BaseException as error:  # noqa: BLE001 - whatever ends an attack is its outcome
        return type(error).__name__ if not isinstance(error, RuntimeError) else "EAGAIN"
    return "got through"


def _wait(pid: int, channel: socket.socket) -> int | None:
    """Wait until a child ends or stops; None if it does neither."""
    for _ in range(int(HUNG_S / 0.02)):
        if select.select([channel], [], [], 0.02)[0]:
            return os.waitpid(pid, 0)[1]
        ended, status = os.waitpid(pid, os.WNOHANG | os.WUNTRACED)
        if ended:
            return status
    return None


def _answer(message: object) -> None:
    os.write(3, json.dumps(message).encode())


def _start(job: dict[str, object]) -> Zygote:
    if job["user"] and os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        process.set_dumpable(True)  # as a process that was started by this user is
    target = dataclasses.replace(Target(**job["target"]), zygote_pid=os.getpid())  # type: ignore[arg-type]
    leftover = os.open(target.file, os.O_RDONLY)
    os.set_inheritable(leftover, True)
    with open("/proc/self/statm") as statm:
        vm, _, _, _, _, data, _ = (int(pages) * os.sysconf("SC_PAGE_SIZE") for pages in statm.read().split())
    without = frozenset(map(str, job["without"]))  # type: ignore[call-overload]
    worker_without.remove(without)
    confinement = confine_zygote(confinement=str(job["confinement"])) if job["confined"] else None
    return Zygote(target, confinement, without, vm + 100 * MIB, data + 100 * MIB)


def main() -> None:
    commands = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    zygote: Zygote | None = None
    for line in commands:
        answer: dict[str, object]
        match json.loads(line):
            case {"start": job}:
                try:
                    zygote = _start(job)
                    answer = dataclasses.asdict(zygote.confinement) if zygote.confinement else {}
                except SandboxError as error:
                    answer = {"failed": str(error)}
            case {"run": names, **rest} if zygote:
                zygote.lacking = tuple(rest.get("lacking", ()))
                answer = {"outcomes": zygote.run(names)}
            case {"hold": _} if zygote:
                answer = zygote.hold()
            case {"tighten": int(pid), "bytes": int(ceiling)} if zygote:
                resource.prlimit(pid, resource.RLIMIT_AS, (ceiling, ceiling))
                answer = {"tightened": pid}
            case {"measure": count} if zygote:
                answer = {"seconds": zygote.measure(count)}
            case _:
                return
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    main()
