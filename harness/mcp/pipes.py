"""The transport to a server that is a process of ours: a message a line, both ways."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import anyio.abc
from mcp.shared.message import SessionMessage
from mcp_types import jsonrpc_message_adapter

from harness.mcp.ending import Ending
from harness.mcp.traffic import MOST_MESSAGE_BYTES, Traffic
from policy.environment import DEFAULT_PATH, command_environment
from policy.mcp import McpServer
from policy.settings import Environment

_BOOTSTRAP = (
    "import sys; host = int(sys.argv[1]); sys.path[:0] = [sys.argv[2]]; "
    "from harness.mcp.keeper import main; main(host, sys.argv[3:])"
)
_LEAVING_S, _ENDING_S = 2.0, 8.0
"""Until a server must have followed the end of its input; and until its keeper must have ended it."""

Streams = tuple[
    anyio.abc.ObjectReceiveStream[SessionMessage | Exception],
    anyio.abc.ObjectSendStream[SessionMessage],
]


def server_environment(server: McpServer, host: Mapping[str, str]) -> dict[str, str]:
    """Return the whole environment of a server: what commands get, what `inherit` names, and its own `env`."""
    few = command_environment(host, Environment(), call={}, path=host.get("PATH", DEFAULT_PATH))
    temporary = {"TMPDIR": host["TMPDIR"]} if "TMPDIR" in host else {}
    named = {name: host[name] for name in server.inherit if name in host}
    return {**few, **temporary, **named, **server.env}


@asynccontextmanager
async def pipes(server: McpServer, traffic: Traffic, ending: Ending) -> AsyncIterator[Streams]:
    """Start a server, and end it and all of its processes.

    Raises:
        OSError: there is no such program or folder.
    """
    process = await _started(server)
    to_us, from_server = anyio.create_memory_object_stream[SessionMessage | Exception](0)
    to_server, from_us = anyio.create_memory_object_stream[SessionMessage](0)
    with to_us, from_server, to_server, from_us:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_read_errors, process, ending)
            tasks.start_soon(_read_messages, process, to_us, traffic, ending)
            tasks.start_soon(_write_messages, process, from_us, traffic)
            try:
                yield from_server, to_server
            finally:
                from_server.close()  # nothing is to wait for us to read it
                to_server.close()
                with anyio.CancelScope(shield=True):
                    ending.status = await _ended(process)
                tasks.cancel_scope.cancel()
    with anyio.CancelScope(shield=True):
        await process.aclose()


async def _started(server: McpServer) -> anyio.abc.Process:
    environment = server_environment(server, os.environ)
    return await anyio.open_process(
        _command_line(server, environment.get("PATH")),
        env=environment,
        cwd=server.cwd,
        start_new_session=True,  # Ctrl-C at the terminal is ours: calls that run are to end first
    )


def _command_line(server: McpServer, path: str | None) -> list[str]:
    """Put the keeper before a server's program.

    Raises:
        OSError: there is no such program or folder.
    """
    assert server.command is not None
    program = shutil.which(server.command, path=path)
    if program is None:
        raise FileNotFoundError(f"there is no program {server.command!r}")
    if server.cwd is not None and not os.path.isdir(server.cwd):
        raise NotADirectoryError(f"there is no folder {server.cwd!r}")
    code = str(Path(__file__).resolve().parents[2])
    keeper = [sys.executable, "-I", "-S", "-c", _BOOTSTRAP, str(os.getpid()), code]
    return [*keeper, os.path.abspath(program), *server.args]


async def _read_messages(
    process: anyio.abc.Process,
    to_us: anyio.abc.ObjectSendStream[SessionMessage | Exception],
    traffic: Traffic,
    ending: Ending,
) -> None:
    assert process.stdout is not None
    held = bytearray()
    async with to_us:
        with contextlib.suppress(anyio.ClosedResourceError, anyio.BrokenResourceError):
            async for chunk in process.stdout:
                begin = len(held)
                held += chunk
                while (end := held.find(b"\n", begin)) >= 0:
                    await to_us.send(_message_of(bytes(held[:end]), ending))
                    del held[: end + 1]
                    begin = 0
                if len(held) > MOST_MESSAGE_BYTES:
                    traffic.close(f"it sent a message of more than {MOST_MESSAGE_BYTES} bytes")
                    return


def _message_of(line: bytes, ending: Ending) -> SessionMessage | Exception:
    try:
        return SessionMessage(jsonrpc_message_adapter.validate_json(line, by_name=False))
    except ValueError as error:
        ending.printed(line)
        return error


async def _read_errors(process: anyio.abc.Process, ending: Ending) -> None:
    assert process.stderr is not None
    with contextlib.suppress(anyio.ClosedResourceError, anyio.BrokenResourceError):
        async for chunk in process.stderr:
            ending.wrote(chunk)


async def _write_messages(
    process: anyio.abc.Process, from_us: anyio.abc.ObjectReceiveStream[SessionMessage], traffic: Traffic
) -> None:
    assert process.stdin is not None
    try:
        async with from_us:
            async for message in from_us:
                text = message.message.model_dump_json(by_alias=True, exclude_unset=True)
                await process.stdin.send(text.encode() + b"\n")
    except (anyio.ClosedResourceError, anyio.BrokenResourceError, OSError):
        traffic.close()


async def _ended(process: anyio.abc.Process) -> int | None:
    """End a server: its input ends, then its keeper is told, then it is killed. The keeper ends what it left."""
    assert process.stdin is not None
    with contextlib.suppress(anyio.ClosedResourceError, anyio.BrokenResourceError, OSError):
        await process.stdin.aclose()
    for seconds, end in ((_LEAVING_S, process.terminate), (_ENDING_S, process.kill)):
        if await _exited(process, seconds):
            return process.returncode
        with contextlib.suppress(ProcessLookupError):
            end()
    await _exited(process, _LEAVING_S)
    return process.returncode


async def _exited(process: anyio.abc.Process, seconds: float) -> bool:
    """Wait for the process alone: `Process.wait` also waits for pipes that others may hold open."""
    deadline = anyio.current_time() + seconds
    while process.returncode is None and anyio.current_time() < deadline:  # noqa: ASYNC110  # it has no event
        await anyio.sleep(0.01)
    return process.returncode is not None
