"""What forbidden acts aim at: things of the host's own, made for the time of a trial.

Without them an act would fail for want of a target, and prove nothing.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import secrets
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_MODE_OF_SEGMENT = 0o1666
_REMOVE = 0


@dataclass(frozen=True, slots=True)
class Targets:
    """Things of the host.

    Attributes:
        folder: An empty folder, without links on the way, that everybody may enter.
        port: On the loopback, somebody listens.
        abstract: Name of an abstract Unix socket, likewise.
        service: Path of a Unix socket, likewise; it lies beside the folder.
        segment: A System V memory segment that everybody may look at.
        host_pid: This process.
    """

    folder: Path
    port: int
    abstract: str
    service: str
    segment: int
    host_pid: int


@contextlib.contextmanager
def open_targets() -> Iterator[Targets]:
    """Make them, and remove them with all that acts left there."""
    with tempfile.TemporaryDirectory(prefix="toolscript-") as made, contextlib.ExitStack() as stack:
        outer = Path(made).resolve()
        outer.chmod(0o755)
        folder = outer / "folder"
        folder.mkdir()
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        abstract, service = f"toolscript-{secrets.token_hex(8)}", str(outer / "service")
        for address in (f"\0{abstract}", service):
            local = stack.enter_context(socket.socket(socket.AF_UNIX))
            local.bind(address)
            local.listen()
        segment = stack.enter_context(_segment())
        yield Targets(folder, server.getsockname()[1], abstract, service, segment, os.getpid())


@contextlib.contextmanager
def _segment() -> Iterator[int]:
    libc = ctypes.CDLL(None, use_errno=True)
    identifier: int = libc.shmget(0, 4096, _MODE_OF_SEGMENT)
    if identifier < 0 and (code := ctypes.get_errno()) != errno.ENOSYS:  # a kernel without any has none to see
        raise OSError(code, f"no shared memory can be made: {os.strerror(code)}")
    try:
        yield identifier
    finally:
        libc.shmctl(identifier, _REMOVE, None)
