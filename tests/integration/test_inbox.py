"""The socket over which `toolscript approve` answers questions."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path

import anyio
import anyio.to_thread
import pytest
from anyio.streams.buffered import BufferedByteReceiveStream

from harness import ConfigError, ParkedRuns
from harness.inbox import inbox_folder, open_inbox_folder, serve_inbox, short_path

pytestmark = pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
NOBODY = 65534


@pytest.mark.parametrize(("size", "is_heard"), [(60_000, True), (70_000, False)], ids=["long", "too long"])
async def test_a_line_of_endless_length_ends_the_connection(tmp_path: Path, size: int, is_heard: bool) -> None:
    async with ParkedRuns() as parked, anyio.create_task_group() as tasks:
        path = await tasks.start(lambda *, task_status: serve_inbox(parked, tmp_path, task_status=task_status))
        with short_path(path) as short, anyio.fail_after(10):
            async with await anyio.connect_unix(short) as stream:
                lines = BufferedByteReceiveStream(stream)
                assert json.loads(await lines.receive_until(b"\n", 10_000)) == {"questions": []}
                await stream.send(b"x" * size)
                if is_heard:
                    await stream.send(b"\n")
                    assert "error" in json.loads(await lines.receive_until(b"\n", 10_000))
                else:
                    with pytest.raises((anyio.IncompleteRead, anyio.EndOfStream, anyio.BrokenResourceError)):
                        await lines.receive_until(b"\n", 10_000)
                tasks.cancel_scope.cancel()


async def test_another_user_who_gets_as_far_as_the_socket_is_told_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with ParkedRuns() as parked, anyio.create_task_group() as tasks:
        path = await tasks.start(lambda *, task_status: serve_inbox(parked, tmp_path, task_status=task_status))
        assert await heard(path, user=os.getuid()) == b'{"questions": []}\n'
        os.chmod(tmp_path, 0o755)
        os.chmod(path, 0o666)
        if os.getuid() != 0:  # nobody else can be had: let us be somebody else
            own = os.getuid()
            monkeypatch.setattr(os, "getuid", lambda: own + 1)
        assert await heard(path, user=NOBODY) == b""
        tasks.cancel_scope.cancel()


async def heard(path: Path, *, user: int) -> bytes:
    """What a process of a user is told first."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.chdir(path.parent)
            if os.getuid() == 0 and user != 0:
                os.setgroups([])
                os.setresgid(user, user, user)
                os.setresuid(user, user, user)
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(path.name)
                os.write(writer, client.recv(1000))
        except OSError as error:
            os.write(writer, str(error).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as said:
        answer = await anyio.to_thread.run_sync(said.read)
    await anyio.to_thread.run_sync(os.waitpid, pid, 0)
    return answer


@pytest.mark.parametrize("mode", [0o711, 0o770, 0o702])
async def test_a_folder_that_others_may_enter_holds_no_socket(tmp_path: Path, mode: int) -> None:
    environ = {"XDG_CONFIG_HOME": str(tmp_path), "HOME": str(tmp_path)}
    assert open_inbox_folder(environ) == inbox_folder(environ)
    inbox_folder(environ).chmod(mode)
    with pytest.raises(ConfigError, match="is not a folder of this user alone"):
        open_inbox_folder(environ)
