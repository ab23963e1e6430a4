"""Questions of parked runs, for a person who answers from another terminal of the same machine.

A host that parks runs listens on a Unix socket in the user's folder, where no tool and no command may write;
`toolscript approve` connects to every one that it finds there. A command in a sandbox reaches no Unix socket, and the
kernel says which user connects.

The exchange is JSON, a line each. The host sends `{"questions": [...]}`, each with `run`, `id`, `text`, `whole`,
`accepts` and `help`; the other side sends `run`, `id` and `reply`, a reply as it is typed at a question, and gets
`said` or `error`, and then the questions again.
"""

from __future__ import annotations

import json
import os
import socket
import stat
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import anyio
import anyio.abc
from anyio.streams.buffered import BufferedByteReceiveStream

from harness.approvals.answers import question_text
from harness.approvals.replies import accepted, decision_of_reply, help_rows, may_answer, parse_reply
from harness.config.files import user_folder
from harness.errors import ConfigError, HarnessError
from harness.parking import ParkedRuns
from harness.types import ApprovalRequest

MAX_LINE_BYTES = 16 * 1024 * 1024
"""The longest line of questions that `toolscript approve` reads."""

MAX_REPLY_BYTES = 65_536
"""The longest line that a host reads from whoever answers."""

_CREDENTIALS = struct.Struct("3i")  # struct ucred: pid, uid, gid (unix(7), SO_PEERCRED)


def inbox_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of the sockets, `run` in the user's folder."""
    return Path(user_folder(environ)) / "run"


def open_inbox_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Make the folder if need be.

    Raises:
        ConfigError: `config.invalid`, it belongs to somebody else or others may enter it.
    """
    folder = inbox_folder(environ)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = os.lstat(folder)
    except OSError as error:
        raise ConfigError(
            "config.invalid", f"{folder} cannot be made: {error.strerror}", hint="make it, or set XDG_CONFIG_HOME"
        ) from None
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise ConfigError(
            "config.invalid",
            f"{folder} is not a folder of this user alone",
            hint=f"remove it, or run chmod 700 {folder}",
        )
    return folder


async def serve_inbox(parked: ParkedRuns, folder: Path, *, task_status: anyio.abc.TaskStatus[Path]) -> None:
    """Listen until cancelled.

    Args:
        parked: Whose questions are answered.
        folder: From `open_inbox_folder`.
        task_status: Told the socket's path once it is open.
    """
    path = folder / f"{os.getpid()}-{os.urandom(4).hex()}.sock"
    try:
        with short_path(path) as short:
            listener = await anyio.create_unix_listener(short, mode=0o600)
        task_status.started(path)
        async with listener:
            await listener.serve(lambda stream: _serve(parked, stream))
    finally:
        with suppress(FileNotFoundError):
            path.unlink()


@contextmanager
def short_path(path: Path) -> Iterator[str]:
    """Give a name for a socket that fits into an address, which has 108 bytes (unix(7)), however deep its folder is."""
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


async def _serve(parked: ParkedRuns, stream: anyio.abc.SocketStream) -> None:
    """Answer one connection. Whoever it is may leave at any time, and send anything."""
    async with stream:
        if _user_of(stream) not in (0, os.getuid()):
            return
        lines = BufferedByteReceiveStream(stream)
        with suppress(anyio.EndOfStream, anyio.BrokenResourceError, anyio.DelimiterNotFound, anyio.IncompleteRead):
            await _send(stream, _questions(parked))
            while True:
                line = await lines.receive_until(b"\n", MAX_REPLY_BYTES)
                await _send(stream, _answered(parked, line))
                await _send(stream, _questions(parked))


def _user_of(stream: anyio.abc.SocketStream) -> int:
    raw = stream.extra(anyio.abc.SocketAttribute.raw_socket)
    _, uid, _ = _CREDENTIALS.unpack(raw.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size))
    return int(uid)


async def _send(stream: anyio.abc.SocketStream, message: Mapping[str, object]) -> None:
    await stream.send(json.dumps(message).encode() + b"\n")


def _questions(parked: ParkedRuns) -> dict[str, object]:
    return {
        "questions": [_wire(run.run_id, request) for run in parked.waiting() for request in run.requests],
    }


def _wire(run_id: str, request: ApprovalRequest) -> dict[str, str]:
    return {
        "run": run_id,
        "id": request.id,
        "text": question_text(request),
        "whole": question_text(request, is_whole=True),
        "accepts": accepted([request]),
        "help": "\n".join(f"  {word:<16} {meaning}" for word, meaning in help_rows([request])),
    }


def _answered(parked: ParkedRuns, line: bytes) -> dict[str, object]:
    """Take one reply; nothing is approved by a guess."""
    try:
        given = json.loads(line)
        run_id, request_id, typed = given["run"], given["id"], given["reply"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return {"error": "no reply: send run, id and reply"}
    found = [
        request
        for run in parked.waiting()
        if run.run_id == run_id
        for request in run.requests
        if request.id == request_id
    ]
    if not found:
        return {"error": "the question is no longer open"}
    [request] = found
    reply = parse_reply(str(typed), has_several=False)
    if reply is None or not may_answer(reply.word, request):
        return {"error": f"not understood; answer {accepted([request])}"}
    try:
        parked.answer(str(run_id), {request.id: decision_of_reply(reply, request)})
    except HarnessError as error:
        return {"error": error.message}
    return {"said": reply.word}
