"""MCP servers as a source of tools: `async with McpServers(...) as mcp` starts them, `mcp.tools` are theirs."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Self

import anyio
import anyio.abc

from harness.errors import ConfigError
from harness.mcp.names import spelled_apart
from policy.mcp import McpServer

if TYPE_CHECKING:
    from harness.mcp.connection import Connection
    from harness.tools.binding import Tool


class McpServers:
    """Runs MCP servers and offers their tools. An async context manager, on asyncio and on trio.

    Enter and leave it in one task. The tools are named `mcp.<server>.<tool>`: give them to a `Harness`, which is left
    before the servers are. They are foreign: `docs/explanation/approvals.md` says who is asked about them.

    Args:
        servers: By name, as `Settings.mcp.servers` has them; a mapping is read as one.
        is_required: A server that does not start is an error; otherwise its tools are absent, and `notes` says so.

    Raises:
        ConfigError: `config.invalid`: wrong settings; on entering: a server does not start, two of its tools have one
            spelling, or the package `mcp` is not installed.
    """

    def __init__(self, servers: Mapping[str, McpServer | Mapping[str, object]], *, is_required: bool = True) -> None:
        self._servers = {name: _as_server(name, server) for name, server in servers.items()}
        self._spelling = spelled_apart(self._servers, what="the MCP servers", otherwise="server")
        self._is_required = is_required
        self._connections: list[Connection] = []
        self._tasks: anyio.abc.TaskGroup | None = None
        self._tools: dict[str, list[Tool]] = {}
        self._notes: list[str] = []
        self._failures: list[ConfigError] = []

    @property
    def tools(self) -> tuple[Tool, ...]:
        """The tools of all servers, in the order of the servers."""
        return tuple(tool for name in self._servers for tool in self._tools.get(name, ()))

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out, and why."""
        return tuple(self._notes)

    async def __aenter__(self) -> Self:
        if not self._servers:
            return self
        _require_package()
        from harness.mcp.connection import Connection

        self._tasks = tasks = await anyio.create_task_group().__aenter__()
        try:
            self._connections = [
                Connection(name, server, start=tasks.start_soon) for name, server in self._servers.items()
            ]
            async with anyio.create_task_group() as starting:
                for connection in self._connections:
                    starting.start_soon(self._open, connection)
            if self._failures and self._is_required:
                raise _joined(self._failures)
        except BaseException as error:
            await self.__aexit__(type(error), error, error.__traceback__)
            raise
        self._notes += [error.message for error in self._failures]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        tasks, self._tasks = self._tasks, None
        if tasks is None:
            return
        async with anyio.create_task_group() as closing:
            for connection in self._connections:
                closing.start_soon(connection.close)
        tasks.cancel_scope.cancel()
        await tasks.__aexit__(None, None, None)

    async def _open(self, connection: Connection) -> None:
        try:
            self._tools[connection.name], notes = await connection.open(self._spelling[connection.name])
            self._notes += notes
        except ConfigError as error:
            self._failures.append(error)


def _as_server(name: str, server: McpServer | Mapping[str, object]) -> McpServer:
    from pydantic import ValidationError

    if isinstance(server, McpServer):
        return server
    try:
        return McpServer.model_validate(dict(server))
    except ValidationError as error:
        said = [_problem(item["loc"], item["msg"]) for item in error.errors(include_url=False, include_input=False)]
        raise ConfigError(
            "config.invalid",
            f"the MCP server {name!r}: " + "; ".join(said),
            hint="it takes " + ", ".join(McpServer.model_fields),
        ) from None


def _problem(path: tuple[int | str, ...], said: str) -> str:
    return f"`{'.'.join(map(str, path))}`: {said}" if path else said


def _joined(failures: list[ConfigError]) -> ConfigError:
    if len(failures) == 1:
        return failures[0]
    return ConfigError(
        "config.invalid", "; ".join(error.message for error in failures), hint="correct mcp.servers in the settings"
    )


def _require_package() -> None:
    if importlib.util.find_spec("mcp") is None:
        raise ConfigError(
            "config.invalid",
            "MCP servers need the package `mcp`, which is not installed",
            hint="pip install 'toolscript[mcp]'",
        )
