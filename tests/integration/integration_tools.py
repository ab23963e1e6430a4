"""Tools and scripts that the tests of front ends share: MCP clients and frameworks."""

from __future__ import annotations

from harness import tool

SENT: list[str] = []
LOOKED: list[int] = []


@tool(approval="always")
async def send(to: str) -> str:
    """Send a message."""
    SENT.append(to)
    return f"sent to {to}"


@tool
async def look() -> int:
    """Look, without being asked about."""
    LOOKED.append(1)
    return 7


def forget() -> None:
    """Begin a test."""
    SENT.clear()
    LOOKED.clear()


TWO_ROUNDS = 'first = await tools.look()\nawait tools.send(to="a")\nreturn [first, await tools.send(to="b")]'
GATHER = 'import asyncio\nreturn await asyncio.gather(*(tools.send(to=n) for n in "ab"), return_exceptions=True)'
