"""Starting the zygote's interpreter. Light, so that it can boot while the host still imports."""

from __future__ import annotations

import contextlib
import site
import socket
import subprocess

from harness.errors import WorkerError
from harness.fresh_interpreter import launch_interpreter, package_root

_BOOTSTRAP = (
    "import sys; fd = int(sys.argv[1]); sys.path[:0] = sys.argv[2:]; del sys.argv[1:]; "
    "from harness.runtimes.cpython.zygote import main; main(fd)"
)


class Launched:
    """A zygote's process, and the host's end of its control socket. It waits to be configured."""

    def __init__(self, process: subprocess.Popen[bytes], control: socket.socket) -> None:
        self.process = process
        self.control = control

    def kill(self) -> None:
        """End the process; its children die with it."""
        self.control.close()
        self.process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=5)


def launch_zygote() -> Launched:
    """Execute a fresh interpreter that will confine itself and fork the workers.

    Its environment holds nothing of ours: a fixed hash seed, so that the same script meets the same set order.
    It has no descriptor but the control socket.

    Raises:
        WorkerError: `worker.crashed`, the host has no descriptors, memory or processes left for it.
    """
    try:
        return Launched(*launch_interpreter(_BOOTSTRAP, *_import_path(), env={"PYTHONHASHSEED": "0"}))
    except OSError as error:
        raise no_worker(error) from error


def no_worker(error: OSError | None = None) -> WorkerError:
    """The error of a run for which no process can be had. Nothing of it was executed."""
    why = "" if error is None else f": {error.strerror}"
    return WorkerError("worker.crashed", f"no worker process could be started{why}", retryable=True)


def _import_path() -> list[str]:
    """Where the zygote finds this package and the two libraries that the check needs."""
    return list(dict.fromkeys([package_root(), *site.getsitepackages(), *_user_site()]))


def _user_site() -> list[str]:
    return [site.getusersitepackages()] if site.ENABLE_USER_SITE else []
