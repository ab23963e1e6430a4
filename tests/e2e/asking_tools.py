"""A tool that is asked about and two that take time, for the command: `--tools tests.e2e.asking_tools:ALL`."""

from __future__ import annotations

import asyncio

import anyio

from harness import tool


@tool(approval="always")
async def send(to: str, text: str = "hello") -> str:
    """Send a message."""
    return f"sent to {to}"


@tool
async def nap(seconds: float) -> str:
    """Write a file, and sleep on the host."""
    await anyio.Path("napping").touch()
    await asyncio.sleep(seconds)
    return "rested"


@tool
async def cling(seconds: float) -> str:
    """Sleep on the host, whoever cancels; write a file when somebody does."""
    try:
        await asyncio.sleep(seconds)
    finally:
        with anyio.CancelScope(shield=True):
            await anyio.Path("clinging").touch()
            await anyio.sleep(seconds)
    return "rested"


ALL = [send, nap, cling]
