"""When a server that ended is started again."""

from __future__ import annotations

import math

import anyio
import pytest

from harness.mcp.connection import Connection
from harness.mcp.link import Link
from policy.mcp import McpServer


class Falls(Link):
    """A server that ends at once."""

    async def live(self) -> None:
        """End."""


async def test_a_server_that_keeps_falling_is_started_more_and_more_seldom_to_a_most() -> None:
    server = McpServer(command="true")
    connection = Connection("web", server, start=lambda live: None)
    pauses = []
    for _ in range(12):
        await connection._live(Falls("web", server))
        pauses.append(connection._not_before - anyio.current_time())
    assert [max(0, math.ceil(pause)) for pause in pauses[:5]] == [0, 1, 2, 4, 8]
    assert pauses[-1] == pytest.approx(60, abs=1)
