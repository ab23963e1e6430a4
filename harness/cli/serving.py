"""`toolscript serve-mcp`: the harness that the options describe, behind an MCP server."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

import anyio
import anyio.abc

from harness.cli.running import Options
from harness.inbox import open_inbox_folder, serve_inbox
from harness.parking import ParkedRuns

if TYPE_CHECKING:
    from harness.mcp.serving import Address


async def serve_mcp(options: Options, address: Address | None, *, client_decides: bool) -> None:
    """Serve until the client leaves (stdio), or a signal comes.

    Args:
        options: Of the harness.
        address: Where HTTP listens; None for stdio.
        client_decides: `resume_run` takes decisions.
    """
    from harness.mcp.server import ScriptServer
    from harness.mcp.serving import caller_by_token, serve_http, serve_stdio

    folder = open_inbox_folder()
    parked = ParkedRuns(ttl_s=options.loaded.settings.park_ttl_s)
    async with (
        parked,
        options.with_servers() as served,
        served.open(approver=parked) as harness,
        anyio.create_task_group() as tasks,
    ):
        await tasks.start(serve_inbox, parked, folder)
        scripts = ScriptServer(
            harness, parked, caller_of=caller_by_token, client_decides=client_decides, context=options.context
        )
        for note in options.loaded.notes:
            print(f"toolscript: {note}", file=sys.stderr)
        stop = anyio.Event()
        await tasks.start(_set_by_signals, stop)
        server = scripts.server()
        await (serve_stdio(server, stop) if address is None else serve_http(server, address, stop))
        tasks.cancel_scope.cancel()


async def _set_by_signals(stop: anyio.Event, *, task_status: anyio.abc.TaskStatus[None]) -> None:
    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        task_status.started()
        async for _ in signals:
            stop.set()
