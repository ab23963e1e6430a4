"""An HTTP server of the test's own, on addresses of this machine, and names that lead to them."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from harness.tools.binding import ToolContext
from harness.tools.builtin.http import http_tool
from policy.effects import Reaches
from policy.grants import Grants
from policy.sandbox import NetworkAccess

LOOPBACK = ("127.0.0.0/8", "::1")
OPEN = NetworkAccess(mode="full", private=LOOPBACK)


@dataclass(frozen=True)
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: str
    address: str


@dataclass
class Server:
    """What arrived, and where."""

    port: int
    scheme: str = "http"
    seen: list[Seen] = field(default_factory=list)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"


class Handler(BaseHTTPRequestHandler):
    """Answers as the path says."""

    protocol_version = "HTTP/1.1"
    remember: Callable[[Seen], None]

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is that of the base
        """Say nothing."""

    def _answer(self) -> None:
        size = int(self.headers.get("content-length", 0))
        body = self.rfile.read(size).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        seen = Seen(self.command, self.path, headers, body, self.connection.getsockname()[0])
        self.remember(seen)
        route, _, rest = self.path[1:].partition("/")
        getattr(self, f"on_{route}", self.on_echo)(rest, seen)

    def send(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def on_echo(self, rest: str, seen: Seen) -> None:
        told = {"method": seen.method, "path": seen.path, "headers": seen.headers, "body": seen.body}
        self.send(200, json.dumps(told).encode(), Content_Type="application/json")

    def on_status(self, rest: str, seen: Seen) -> None:
        self.send(int(rest), b"said", Content_Type="text/plain")

    def on_to(self, rest: str, seen: Seen) -> None:
        status, _, location = rest.partition("/")
        self.send(int(status), b"", Location=location.replace("!", "/"))

    def on_loop(self, rest: str, seen: Seen) -> None:
        self.send(302, b"", Location="/loop")

    def on_cookies(self, rest: str, seen: Seen) -> None:
        self.send_response(200)
        self.send_header("Set-Cookie", "a=1")
        self.send_header("Set-Cookie", "b=2")
        self.send_header("X-Many", "1")
        self.send_header("X-Many", "2")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def on_binary(self, rest: str, seen: Seen) -> None:
        self.send(200, b"\x89PNG\0\xff", Content_Type="image/png")

    def on_latin(self, rest: str, seen: Seen) -> None:
        self.send(200, b"caf\xe9", Content_Type=f"text/plain; charset={rest or 'iso-8859-1'}")

    def on_size(self, rest: str, seen: Seen) -> None:
        self.send(200, b"x" * int(rest), Content_Type="text/plain")

    def on_umlauts(self, rest: str, seen: Seen) -> None:
        self.send(200, "ä".encode() * int(rest), Content_Type="text/plain")

    def on_bomb(self, rest: str, seen: Seen) -> None:
        bomb = gzip.compress(gzip.compress(b"\0" * 50_000_000)) if rest else gzip.compress(b"x" * 50_000_000)
        self.send(200, bomb, Content_Encoding="gzip, gzip" if rest else "gzip", Content_Type="text/plain")

    def on_badgzip(self, rest: str, seen: Seen) -> None:
        self.send(200, b"no gzip", Content_Encoding="gzip")

    def on_slow(self, rest: str, seen: Seen) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        try:
            for _ in range(100):
                self.wfile.write(b"x")
                time.sleep(0.05)
        except OSError:
            self.close_connection = True

    def on_cut(self, rest: str, seen: Seen) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"x")
        self.close_connection = True

    def on_nonsense(self, rest: str, seen: Seen) -> None:
        self.wfile.write(b"nonsense\r\n\r\n")
        self.close_connection = True


for _method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
    setattr(Handler, f"do_{_method}", Handler._answer)


@contextmanager
def serving(tls: ssl.SSLContext | None = None, address: str = "127.0.0.1") -> Iterator[Server]:
    """Serve on a free port; on every address of 127.0.0.0/8 if `address` is ""."""
    server = Server(0, "https" if tls else "http")
    handler = type("Bound", (Handler,), {"remember": lambda self, seen: server.seen.append(seen)})
    with ThreadingHTTPServer((address, 0), handler) as listening:
        listening.daemon_threads = True
        listening.block_on_close = False
        if tls is not None:
            listening.socket = tls.wrap_socket(listening.socket, server_side=True, do_handshake_on_connect=False)
        server.port = listening.server_address[1]
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        listening.shutdown()
        thread.join()


class Resolver:
    """Stands where the system's resolver stands, for the names that it was given; counts what it is asked."""

    def __init__(self, names: Mapping[str, list[list[str]]]) -> None:
        self.names = {name: list(answers) for name, answers in names.items()}
        self.asked: list[str] = []

    def __call__(
        self,
        host: Any,
        port: Any,
        family: int = 0,
        type: int = 0,  # noqa: A002 - the names are those of the function it stands for
        proto: int = 0,
        flags: int = 0,
    ) -> list[Any]:
        name = host.decode() if isinstance(host, bytes) else host
        if name not in self.names:
            return GETADDRINFO(host, port, family, type, proto, flags)
        self.asked.append(name)
        answers = self.names[name]
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(_family(address), socket.SOCK_STREAM, 6, "", _sockaddr(address, port)) for address in addresses]


GETADDRINFO: Callable[..., list[Any]] = socket.getaddrinfo


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def _sockaddr(address: str, port: int) -> tuple[Any, ...]:
    return (address, port, 0, 0) if ":" in address else (address, port)


def resolving(monkeypatch: pytest.MonkeyPatch, **names: list[list[str]]) -> Resolver:
    """Let names (with `_` for the dot) lead to addresses; of several lists each question gets the next."""
    resolver = Resolver({name.replace("_", "."): answers for name, answers in names.items()})
    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    return resolver


async def fetch(
    url: str, access: NetworkAccess = OPEN, *, tls: ssl.SSLContext | None = None, **arguments: object
) -> dict[str, Any]:
    """Call the tool as the host does: validate, state the effect, run."""
    tool = http_tool(lambda: access, tls=tls)
    checked = tool.validated({"url": url, **arguments})
    assert isinstance(tool.effect_of(checked, Grants()), Reaches)
    answer = await tool.invoke(checked, lambda: ToolContext(call_id="c1"))
    assert isinstance(answer, dict)
    return answer


def hosts(url: str, access: NetworkAccess = OPEN) -> tuple[str, ...] | None:
    """What a call says that it reaches."""
    tool = http_tool(lambda: access)
    effect = tool.effect_of(tool.validated({"url": url}), Grants())
    assert isinstance(effect, Reaches)
    return effect.hosts
