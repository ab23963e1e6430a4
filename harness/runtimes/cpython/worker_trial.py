"""The worker's part of the self-test: a zygote of the product, whose children try what no worker may do.

The zygote is started, confined and forked from as for scripts; only that its children run acts of
`harness.confine.worker_acts` instead of a script, below the language.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from harness.confine import worker_acts
from harness.confine.targets import open_targets
from harness.confine.trial import THROUGH, Trial, tried
from harness.errors import WorkerError
from harness.runtimes.cpython.launch import Launched, launch_zygote
from harness.runtimes.cpython.wire import decode_frame
from harness.runtimes.cpython.zygote_process import configuration, start_failure
from policy.limits import Limits

_MESSAGE_BYTES = 65_536
_PREFIX_BYTES = 4
_TIMEOUT_S = 30.0
_DIES_WITHIN_S = 2.0
_LIMITS = Limits(cpu_time_s=0.1, memory_bytes=64 * 1024**2)

# What is seen from outside, at a worker that waits for its script.
_OPEN_TO_OTHERS = ("be_read_by_its_user", "be read by other processes of its user", ("undumpable",))
_OUTLIVE = ("outlive_zygote", "outlive its zygote", ("dies_with_host", "pid_namespace"))


def try_worker(*, confinement: str = "required") -> Trial:
    """Start a zygote and workers, and have them try every act. Blocks for about a second.

    Raises:
        SandboxError: `sandbox.unavailable`, a demanded barrier cannot be put up.
        WorkerError: `worker.crashed`, the zygote ended, or a worker did not start.
    """
    with _target() as target:
        zygote = _Zygote(launch_zygote())
        try:
            return zygote.try_all(target, confinement=confinement)
        finally:
            zygote.end()


class _Zygote:
    """A zygote that is spoken to with blocking calls."""

    def __init__(self, launched: Launched) -> None:
        self._launched = launched
        self._control = launched.control
        self._control.settimeout(_TIMEOUT_S)
        self._held: list[socket.socket] = []  # a worker ends by itself when its channel does
        self._worker: int | None = None

    def try_all(self, target: Mapping[str, object], *, confinement: str) -> Trial:
        ready = self._ask(configuration(_LIMITS, confinement=confinement, is_tried=False))
        if ready["t"] != "ready":
            raise start_failure(ready)
        ends = self._ask({"t": "try", "acts": list(worker_acts.EVERY), "target": target})["ends"]
        pid, barriers = self._start_worker()
        acts = [
            tried(name, act.what, act.stopped_by, end, up=barriers)
            for (name, act), end in zip(worker_acts.ACTS.items(), ends, strict=True)
        ]
        acts.append(tried(*_OPEN_TO_OTHERS, _end_of_looking(pid), up=barriers))
        acts.append(tried(*_OUTLIVE, self._end_of_outliving(), up=barriers))
        return Trial(tuple(barriers), ready["missing"], tuple(acts))

    def end(self) -> None:
        """End the zygote, and the worker if it is still there."""
        self._launched.kill()
        for channel in self._held:
            channel.close()
        if self._worker is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._worker, signal.SIGKILL)
            os.close(self._worker)

    def _ask(self, request: Mapping[str, object]) -> dict[str, Any]:
        try:
            self._control.send(json.dumps(request).encode())
            answer: dict[str, Any] = json.loads(self._control.recv(_MESSAGE_BYTES) or b"null")
        except (OSError, ValueError) as error:
            raise _gone() from error
        if answer is None:
            raise _gone()
        return answer

    def _start_worker(self) -> tuple[int, list[str]]:
        """Have a worker forked as for a script, and return its pid and the barriers that it tells of."""
        ours, theirs = socket.socketpair()
        ours.settimeout(_TIMEOUT_S)
        self._held.append(ours)
        with theirs:
            socket.send_fds(self._control, [b'{"t":"fork","serial":1}'], [theirs.fileno()])
        try:
            pid: int = json.loads(self._control.recv(_MESSAGE_BYTES))["pid"]
            self._worker = os.pidfd_open(pid)
            hello = decode_frame(ours.recv(_MESSAGE_BYTES)[_PREFIX_BYTES:])
        except (OSError, ValueError) as error:
            raise _gone() from error
        return pid, hello["barriers"]

    def _end_of_outliving(self) -> str:
        """Kill the zygote, and see whether its worker ends too."""
        assert self._worker is not None
        self._launched.process.kill()
        self._launched.process.wait()
        poll = select.poll()
        poll.register(self._worker, select.POLLIN)  # a pidfd can be read when its process has ended
        return "SIGKILL" if poll.poll(_DIES_WITHIN_S * 1000) else THROUGH


def _end_of_looking(pid: int) -> str:
    """See whether the kernel lets a process of the worker's own user look into it: /proc is its user's then."""
    status = dict(line.partition(":")[::2] for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    _, effective, *_ = map(int, status["Uid"].split())
    is_its_users = os.stat(f"/proc/{pid}/environ").st_uid == effective
    return THROUGH if is_its_users else "EACCES"


@contextlib.contextmanager
def _target() -> Iterator[dict[str, object]]:
    """Make what `worker_acts.Target` needs of the host."""
    with open_targets() as made:
        inner, file = made.folder / "inner", made.folder / "file"
        inner.mkdir()
        inner.chmod(0o777)  # the worker's user must be able to write, were it not for the barriers
        file.write_text("not for workers\n", encoding="utf-8")
        yield {
            "file": str(file),
            "folder": str(inner),
            "port": made.port,
            "abstract": made.abstract,
            "host_pid": made.host_pid,
            "segment": made.segment,
        }


def _gone() -> WorkerError:
    return WorkerError("worker.crashed", "the zygote or a worker of the self-test ended", retryable=True)
