"""Serves scripts over stdio and over streamable HTTP.

HTTP listens on the loopback interface unless it is told otherwise. Every request needs the token, which is also what a
run is bound to, and a Host that was named; an Origin, as a browser sends it, must have been allowed.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import logging
import os
import secrets
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio

from harness.extras import missing_extra

try:
    import uvicorn
    from mcp.server.lowlevel.server import Server
    from mcp.server.stdio import stdio_server
    from mcp.server.transport_security import TransportSecuritySettings
    from starlette.responses import PlainTextResponse
except ModuleNotFoundError as error:
    raise missing_extra("mcp", error) from None

from harness.errors import ConfigError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from harness.mcp.server import Context

TOKEN_VARIABLE = "TOOLSCRIPT_TOKEN"
_LEAST_TOKEN = 16
_GRACE_S = 2


@dataclass(frozen=True, slots=True)
class Address:
    """Where HTTP listens, and which requests it takes.

    Attributes:
        host: A name or an address.
        port: 0 for any that is free.
        token: Every request must bring it as `Authorization: Bearer`.
        origins: Origins of pages that may send requests. None by default: no page may.
    """

    host: str
    port: int
    token: str
    origins: Sequence[str] = ()

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine reaches it."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def read_token(file: str | None) -> tuple[str, bool]:
    """Return the token, from a file or `TOOLSCRIPT_TOKEN`, or a new one; and whether it is new.

    Raises:
        ConfigError: `config.invalid`, the file cannot be read, others may read it, or the token is too short.
    """
    given = _token_of_file(Path(file)) if file is not None else os.environ.get(TOKEN_VARIABLE)
    if given is None:
        return secrets.token_urlsafe(32), True
    if len(given) < _LEAST_TOKEN or not given.isascii() or not given.isprintable():
        raise ConfigError(
            "config.invalid",
            f"the token is no text of at least {_LEAST_TOKEN} printable ASCII characters",
            hint="make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'",
        )
    return given, False


def _token_of_file(path: Path) -> str:
    try:
        if path.stat().st_mode & 0o077:
            raise ConfigError("config.invalid", f"{path} may be read by other users", hint=f"run chmod 600 {path}")
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise ConfigError(
            "config.invalid", f"{path} cannot be read: {error.strerror}", hint="name a file that holds the token"
        ) from None
    except UnicodeDecodeError:
        return ""


async def serve_stdio(server: Server[Any], stop: anyio.Event) -> None:
    """Serve one client on standard input and output, until it closes them or `stop` is set."""
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_cancel_when, stop, tasks.cancel_scope)
        async with stdio_server() as (read_stream, write_stream):
            await server.run(read_stream, write_stream, server.create_initialization_options())
        tasks.cancel_scope.cancel()


async def _cancel_when(stop: anyio.Event, scope: anyio.CancelScope) -> None:
    await stop.wait()
    scope.cancel()


async def serve_http(server: Server[Any], address: Address, stop: anyio.Event) -> None:
    """Serve HTTP at `/mcp` until `stop` is set. Requests that are under way have a moment to end."""
    app = _Guarded(server.streamable_http_app(transport_security=_security(address)), address.token)
    running = _HttpServer(
        uvicorn.Config(
            app,
            host=address.host,
            port=address.port,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=_GRACE_S,
        )
    )
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_stop_when, stop, running)
        tasks.start_soon(_say_address, running, address)
        await running.serve()
        tasks.cancel_scope.cancel()


class _HttpServer(uvicorn.Server):
    """Leaves signals to the command, which has more to end than this."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _stop_when(stop: anyio.Event, running: uvicorn.Server) -> None:
    await stop.wait()
    running.should_exit = True


async def _say_address(running: uvicorn.Server, address: Address) -> None:
    while not running.started:  # noqa: ASYNC110  # uvicorn tells nobody
        await anyio.sleep(0.02)
    port = running.servers[0].sockets[0].getsockname()[1]
    host = f"[{address.host}]" if ":" in address.host else address.host
    sys.stderr.write(f"toolscript: serving MCP at http://{host}:{port}/mcp\n")
    sys.stderr.flush()


def _security(address: Address) -> TransportSecuritySettings:
    names = ["127.0.0.1:*", "localhost:*", "[::1]:*"] if address.is_loopback else []
    named = f"[{address.host}]" if ":" in address.host else address.host
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=[*names, named, f"{named}:*"],
        allowed_origins=list(address.origins),
    )


class _Guarded:
    """Lets only requests with the token through."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._expected = f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._is_allowed(scope):
            logging.getLogger("toolscript").warning("a request without the token was refused")
            headers = {"www-authenticate": "Bearer"}
            await PlainTextResponse("the token is missing or wrong\n", 401, headers)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_allowed(self, scope: Scope) -> bool:
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        return len(given) == 1 and hmac.compare_digest(given[0], self._expected)


def caller_by_token(context: Context) -> str:
    """Name who sent a request: whoever holds the token it brought. Over stdio there is one client."""
    headers = getattr(context.request, "headers", None)
    brought = "" if headers is None else str(headers.get("authorization", ""))
    return "http:" + hashlib.sha256(brought.encode()).hexdigest()[:32] if brought else "stdio"
