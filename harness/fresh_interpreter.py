"""A fresh interpreter beside the host, which holds nothing of the host's but a control socket. Light to import."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path


def launch_interpreter(
    program: str, *arguments: str, env: Mapping[str, str]
) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Execute a program in a session of its own, in `/`, without site packages and without the host's environment.

    Args:
        program: Python text. Its `sys.argv` holds the number of its end of the socket, then `arguments`.
        arguments: Further arguments.
        env: Its whole environment.

    Returns:
        The process, and the host's end of the socket, which keeps messages apart and does not block.

    Raises:
        OSError: the host has no descriptors, memory or processes left for it.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setblocking(False)
    with contextlib.ExitStack() as on_failure, theirs:
        on_failure.callback(ours.close)
        process = subprocess.Popen(
            [sys.executable, "-s", "-P", "-S", "-c", program, str(theirs.fileno()), *arguments],
            env=dict(env),
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
        )
        on_failure.pop_all()
    return process, ours


def package_root() -> str:
    """The folder where such an interpreter finds this package."""
    return str(Path(__file__).resolve().parents[1])
