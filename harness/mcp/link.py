"""One life of a connection to a server: from its start to its end. Calls come from other tasks."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

import anyio
import anyio.abc
from mcp import Client, MCPError
from mcp.client import ClientRequestContext
from mcp.client.session import IncomingMessage
from mcp.client.subscriptions import SubscriptionLost
from mcp_types import (
    CallToolRequest,
    CallToolRequestParams,
    CallToolResult,
    ElicitRequest,
    ElicitRequestParams,
    ElicitResult,
    ErrorData,
    Implementation,
    InputRequiredResult,
    ToolListChangedNotification,
)
from mcp_types import Tool as ServerTool
from mcp_types.version import MODERN_PROTOCOL_VERSIONS
from pydantic import TypeAdapter

from harness.errors import CallError, DeniedError, HarnessError
from harness.mcp.elicitation import elicit
from harness.mcp.ending import Ending
from harness.mcp.http_streams import http_streams
from harness.mcp.listing import Offered, fingerprint, list_tools
from harness.mcp.pipes import pipes
from harness.mcp.traffic import Traffic, watched
from harness.tools.binding import ToolContext
from policy.mcp import McpServer

_MOST_ROUNDS = 100
"""Of questions in one call. Each waits for a person, or is denied."""

_PAUSES_S = (0.05, 0.1, 0.25)
_RELISTEN_S = 5.0
_RESULTS: TypeAdapter[Any] = TypeAdapter(CallToolResult | InputRequiredResult)


@dataclass(eq=False, slots=True)
class Running:
    """A call that the server has not answered yet."""

    context: ToolContext
    scope: anyio.CancelScope
    refused: HarnessError | None = None
    questions: set[anyio.CancelScope] = field(default_factory=set)


class Link:
    """A connection. `live` is its task; it may be used once `opened` is set and `is_open` holds.

    Args:
        name: The server's, as settings name it.
        server: What settings say of it.

    Attributes:
        traffic: Its messages, and the way to end it.
        opened: It can be used, or has failed.
        over: Everything of it is gone.
        found: The server's tools as it lists them now.
    """

    def __init__(self, name: str, server: McpServer) -> None:
        self.traffic = Traffic()
        self.opened = anyio.Event()
        self.over = anyio.Event()
        self.found: dict[str, ServerTool] = {}
        self._name = name
        self._server = server
        self._ending = Ending()
        self._client: Client | None = None
        self._why = ""
        self._is_stale = False
        self._listing = anyio.Lock()
        self._running: list[Running] = []

    @property
    def is_open(self) -> bool:
        """Calls can be made."""
        return self._client is not None and not self.traffic.closed.is_set()

    def told(self) -> str:
        """Say why it failed or ended, with what is known of the server."""
        ours = self.traffic.why or self._why
        parts = [ours, self._ending.told(with_status=not self.traffic.why)]
        return "; ".join(part for part in parts if part) or "it closed the connection"

    async def live(self) -> None:
        """Connect, and stay until the connection ends. Never raises but for cancellation."""
        seconds = self._server.start_timeout_s
        with anyio.CancelScope(deadline=anyio.current_time() + seconds) as scope:
            try:
                await self._live(scope)
            except HarnessError as error:
                self._why = error.message
            except Exception as error:  # noqa: BLE001  # whatever a server, a library or a network does ends the link alone
                self._why = _first_message(error)
            finally:
                self._client = None
        if scope.cancelled_caught:
            self._why = f"it did not answer within {seconds:g} s"
        self.traffic.close()

    async def _live(self, starting: anyio.CancelScope) -> None:
        client = Client(
            watched(self._transport(), self.traffic),
            cache=None,
            client_info=Implementation(name="toolscript", version=version("toolscript")),
            elicitation_callback=self._elicited,
            message_handler=self._heard,
        )
        async with client:
            self.found = await list_tools(client.session)
            self._client = client
            starting.deadline = math.inf
            self.opened.set()
            async with anyio.create_task_group() as tasks:
                if client.protocol_version in MODERN_PROTOCOL_VERSIONS and _tells_changes(client):
                    tasks.start_soon(self._listen, client)
                await self.traffic.closed.wait()
                self._client = None
                tasks.cancel_scope.cancel()

    def _transport(self) -> Any:
        if self._server.command is not None:
            return pipes(self._server, self.traffic, self._ending)
        return http_streams(self._name, self._server, self._ending)

    # What the server says by itself.

    async def _heard(self, message: IncomingMessage) -> None:
        if isinstance(message, ToolListChangedNotification):
            self._is_stale = True

    async def _listen(self, client: Client) -> None:
        """Hear of changed tools on a connection of the stateless protocol, where one has to ask for that."""
        while True:
            try:
                async with client.listen(tools_list_changed=True) as events:
                    async for _ in events:
                        self._is_stale = True
            except (MCPError, SubscriptionLost, TimeoutError):
                pass
            self._is_stale = True  # nothing was heard meanwhile
            await anyio.sleep(_RELISTEN_S)

    async def _elicited(self, context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult | ErrorData:
        """Answer a question of the older protocol, which does not say what call it belongs to."""
        call = self._only_caller()
        if call is None:
            return ElicitResult(action="cancel")
        with anyio.CancelScope() as scope:  # the question ends with its call
            call.questions.add(scope)
            try:
                return await self._ask(call, params)
            except DeniedError as error:
                call.refused = error
                call.scope.cancel()
            finally:
                call.questions.discard(scope)
        return ElicitResult(action="cancel")

    def _only_caller(self) -> Running | None:
        """The call that a question belongs to; None where it could be one of different runs, whose people differ."""
        runs = {call.context.script_id or call.context.call_id for call in self._running}
        return self._running[0] if len(runs) == 1 else None

    # What we ask of it.

    async def call(self, offered: Offered, arguments: dict[str, object], context: ToolContext) -> CallToolResult:
        """Make one call.

        Raises:
            CallError: `tool.timeout`, `tool.not_found`; `tool.failed`, it has changed, or asks for what is not given.
            DeniedError: `approval.aborted`.
            MCPError, ValidationError, OSError, anyio's errors of closed streams: the server, or the connection.
        """
        seconds = self._server.timeout_s
        heard = self.traffic.heard
        with anyio.move_on_after(seconds) as scope:
            call = Running(context, scope)
            self._running.append(call)
            try:
                await self._require_unchanged(offered)
                return await self._answered(call, offered, arguments)
            finally:
                self._running.remove(call)
                for question in call.questions:
                    question.cancel()
        if call.refused is not None:
            raise call.refused
        if self.traffic.heard == heard:
            self.traffic.close(f"it said nothing for {seconds:g} s while it was called")
        raise CallError(
            "tool.timeout",
            f"tools.{offered.name} did not answer within {seconds:g} s",
            hint="whether it has done something is not known" if not offered.only_reads else None,
            retryable=offered.only_reads,
        )

    async def _answered(self, call: Running, offered: Offered, arguments: dict[str, object]) -> CallToolResult:
        answers: dict[str, Any] | None = None
        state: str | None = None
        for number in range(_MOST_ROUNDS):
            result = await self._sent(call, offered, arguments, answers, state)
            if isinstance(result, CallToolResult):
                return result
            if not result.input_requests:
                await anyio.sleep(_PAUSES_S[min(number, len(_PAUSES_S) - 1)])
            asked = result.input_requests or {}
            answers = {key: await self._input(call, offered, request) for key, request in asked.items()}
            state = result.request_state
        raise CallError("tool.failed", f"tools.{offered.name} failed: it asks again and again ({_MOST_ROUNDS} times)")

    async def _sent(
        self,
        call: Running,
        offered: Offered,
        arguments: dict[str, object],
        answers: dict[str, Any] | None,
        state: str | None,
    ) -> CallToolResult | InputRequiredResult:
        """Send one request. The SDK's own `call_tool` would validate results by patterns that can take for ever."""
        assert self._client is not None
        params = CallToolRequestParams(
            name=offered.wire_name, arguments=arguments, input_responses=answers, request_state=state
        )
        result: CallToolResult | InputRequiredResult = await self._client.session.send_request(
            CallToolRequest(params=params), _RESULTS, progress_callback=_progress_of(call.context)
        )
        return result

    async def _input(self, call: Running, offered: Offered, request: object) -> ElicitResult:
        if isinstance(request, ElicitRequest):
            return await self._ask(call, request.params)
        wanted = getattr(request, "method", "something unknown")
        raise CallError(
            "tool.failed", f"tools.{offered.name} failed: its server asks for {wanted}, which is not offered"
        )

    async def _ask(self, call: Running, params: ElicitRequestParams) -> ElicitResult:
        """Put a question; the server's time stands still meanwhile."""
        left = call.scope.deadline - anyio.current_time()
        call.scope.deadline = math.inf
        try:
            return await elicit(self._name, params, call.context)
        finally:
            call.scope.deadline = anyio.current_time() + max(left, 0.0)

    async def _require_unchanged(self, offered: Offered) -> None:
        """Ask again for the tools if they may have changed, and see that this one has not.

        Raises:
            CallError: `tool.not_found`, `tool.failed`.
        """
        async with self._listing:
            if self._is_stale and self._client is not None:
                self._is_stale = False
                try:
                    self.found = await list_tools(self._client.session)
                except BaseException:
                    self._is_stale = True
                    raise
        now = self.found.get(offered.wire_name)
        if now is None:
            raise CallError(
                "tool.not_found",
                f"tools.{offered.name} is gone: the MCP server {self._name!r} no longer offers {offered.wire_name!r}",
                hint="do without it",
            )
        if fingerprint(now) != offered.fingerprint:
            raise CallError(
                "tool.failed",
                f"tools.{offered.name} was not called: its server has changed the tool since this session began",
                hint="do without it; whoever runs this harness can open it anew to take the tool as it is now",
                details={"changed": offered.wire_name},
            )


def _tells_changes(client: Client) -> bool:
    tools = client.server_capabilities.tools
    return tools is not None and bool(tools.list_changed)


def _progress_of(context: ToolContext) -> Callable[..., Any]:
    async def progressed(progress: float, total: float | None, message: str | None) -> None:
        amount = f"{progress:g}" if total is None else f"{progress:g} of {total:g}"
        context.progress(f"{message} ({amount})" if message else amount)

    return progressed


def _first_message(error: BaseException) -> str:
    """What went wrong first, out of the groups that tasks make of it."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, MCPError):
        return f"it answered: {error.error.message}"
    return str(error) or type(error).__name__
