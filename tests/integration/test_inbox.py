"""The socket over which `toolscript approve` answers questions."""

from __future__ import annotations

import json
from pathlib import Path

import anyio
import pytest
from anyio.streams.buffered import BufferedByteReceiveStream

from harness import ParkedRuns
from harness.inbox import serve_inbox, short_path

pytestmark = pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])


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
