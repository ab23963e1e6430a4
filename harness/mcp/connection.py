"""A server through all its lives: started, called, and started again by the next call after it ended."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine

import anyio
from mcp import MCPError
from mcp_types import CONNECTION_CLOSED
from pydantic import ValidationError

from harness.errors import CallError, ConfigError
from harness.mcp.link import Link
from harness.mcp.listing import Offered, tools_of
from harness.mcp.results import failed, value_of
from harness.tools.binding import Tool, ToolContext
from policy.mcp import McpServer

_STEADY_S = 60.0
_LONGEST_PAUSE_S = 60.0
_PARTING_S = 15.0
_TO_KNOW_WHY_S = 3.0
_SESSION_LOST = "Session terminated"  # what the SDK makes of HTTP 404 on a session

_log = logging.getLogger("toolscript")


class Connection:
    """One server.

    Args:
        name: As settings name it.
        server: What settings say of it.
        start: Starts a task that lives as long as the servers do.
    """

    def __init__(
        self, name: str, server: McpServer, *, start: Callable[[Callable[[], Coroutine[object, object, None]]], object]
    ) -> None:
        self.name = name
        self._server = server
        self._start = start
        self._link: Link | None = None
        self._falls = 0  # ends that came soon after a start, in a row
        self._not_before = 0.0
        self._is_leaving = False

    async def open(self, spelling: str) -> tuple[list[Tool], list[str]]:
        """Start the server and make tools of what it offers.

        Args:
            spelling: Its name in scripts.

        Returns:
            The tools, and notes about those that cannot be used.

        Raises:
            ConfigError: `config.invalid`, it did not start, or two of its tools have one spelling.
        """
        link = self._begin()
        await link.opened.wait()
        if not link.is_open:
            await link.over.wait()
            raise ConfigError(
                "config.invalid",
                f"the MCP server {self.name!r} did not start: {link.told()}",
                hint="correct its settings (mcp.servers), or leave it out",
            )
        return tools_of(spelling, link.found, is_trusted=self._server.trusted, call=self.call)

    async def close(self) -> None:
        """End the server."""
        self._is_leaving = True
        if self._link is not None:
            self._link.traffic.close()
            with anyio.move_on_after(_PARTING_S, shield=True):
                await self._link.over.wait()

    async def call(self, offered: Offered, arguments: dict[str, object], context: ToolContext) -> object:
        """Make one call, and start the server again first if it has ended.

        Raises:
            CallError: `tool.failed`, `tool.timeout`, `tool.not_found`.
            DeniedError: `approval.aborted`.
        """
        link = await self._open_link(offered)
        try:
            result = await link.call(offered, arguments, context)
        except MCPError as error:
            if error.error.code == CONNECTION_CLOSED or error.error.message == _SESSION_LOST:
                raise await self._lost(link, offered) from error
            raise failed(offered, error.error.message) from error
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]["msg"]
            raise failed(offered, f"its server sent what is no result: {first}") from error
        except (OSError, anyio.ClosedResourceError, anyio.BrokenResourceError) as error:
            raise await self._lost(link, offered) from error
        return value_of(result, offered)

    def _begin(self) -> Link:
        link = self._link = Link(self.name, self._server)
        self._start(lambda: self._live(link))
        return link

    async def _live(self, link: Link) -> None:
        began = anyio.current_time()
        try:
            await link.live()
        finally:
            now = anyio.current_time()
            self._falls = self._falls + 1 if now - began < _STEADY_S else 1
            # The first restart may come at once; who falls again and again is started more and more seldom.
            self._not_before = now + (0 if self._falls == 1 else min(2.0 ** (self._falls - 2), _LONGEST_PAUSE_S))
            link.opened.set()
            link.over.set()
        if not self._is_leaving:
            _log.warning("the MCP server %r ended: %s", self.name, link.told())

    async def _open_link(self, offered: Offered) -> Link:
        link = self._link
        if link is None or not (link.is_open or not link.opened.is_set()):
            link = await self._begun_again(offered)
        await link.opened.wait()
        if not link.is_open:
            raise await self._lost(link, offered)
        return link

    async def _begun_again(self, offered: Offered) -> Link:
        before = self._link
        if before is not None:
            await before.over.wait()
        if self._link is not before and self._link is not None:
            return self._link  # another call was faster
        left = self._not_before - anyio.current_time()
        if self._is_leaving or left > 0:
            said = before.told() if before is not None else ""
            raise failed(
                offered,
                f"the MCP server {self.name!r} ended ({said}), and is not started again for {max(left, 0):.1f} s",
                hint="do without it, or try again later",
                retryable=True,
            )
        return self._begin()

    async def _lost(self, link: Link, offered: Offered) -> CallError:
        """The error of a call whose connection ended."""
        link.traffic.close()
        with anyio.move_on_after(_TO_KNOW_WHY_S):
            await link.over.wait()
        return failed(
            offered,
            f"the MCP server {self.name!r} ended: {link.told()}",
            hint="the next call starts it again; whether this one has done something is not known",
        )
