"""A server on loopback that speaks the wire formats of three providers, for real SDK clients.

    with WireServer(Reply(response_of("anthropic", Text("hello")))) as server:
        client = anthropic.Anthropic(base_url=server.url, api_key="none")

It gives the replies in their order, whole or as server-sent events, as the request asks for, and keeps what it was sent.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final, Self

from tests.e2e.wire_formats import Cut, events_of

PATHS: Final = {
    "/v1/responses": "openai-responses",
    "/v1/chat/completions": "openai-chat",
    "/v1/messages": "anthropic",
}


def in_pieces(text: str) -> list[str]:
    """Text in pieces of three characters."""
    return [text[at : at + 3] for at in range(0, len(text), 3)]


@dataclass(frozen=True)
class Reply:
    """What the server answers one request with.

    Attributes:
        response: The response, in the format of the request's path.
        status: Any but 200 is an error, with `response` as its body.
        headers: Further ones.
        most_events: A stream breaks off after so many events.
        cut: Divides texts into deltas.
        breaks_off: A stream promises more than it sends, as when a connection is lost.
        stalls: A stream says nothing more after `most_events`, another response nothing at all, until the client goes.
        page: Sent in place of the response, as the HTML of some other server.
    """

    response: Mapping[str, Any]
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    most_events: int | None = None
    cut: Cut = in_pieces
    breaks_off: bool = False
    stalls: bool = False
    page: str | None = None

    @property
    def may_stream(self) -> bool:
        return self.status == 200 and self.page is None

    @property
    def body(self) -> tuple[str, bytes]:
        """Type and content of a response that is no stream."""
        if self.page is not None:
            return "text/html", self.page.encode()
        return "application/json", json.dumps(self.response).encode()


NO_SUCH_PAGE: Final = Reply({}, status=404, page="<html>no such page</html>")


def too_many_requests() -> Reply:
    """429, to be sent again at once."""
    error = {"type": "rate_limit_error", "code": "rate_limit_exceeded", "message": "Slow down."}
    return Reply({"type": "error", "error": error}, status=429, headers={"retry-after-ms": "1", "retry-after": "0"})


@dataclass(frozen=True)
class Request:
    """What was sent: the provider whose path it went to, and the body."""

    provider: str
    body: dict[str, Any]
    headers: Mapping[str, str]


class WireServer:
    """Gives replies in their order. A request beyond the last one is answered with 500."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.requests: list[Request] = []
        self.client_went = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        """The base that Anthropic's client takes; OpenAI's takes `url + "/v1"`."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, provider: str, body: dict[str, Any], headers: Mapping[str, str]) -> Reply:
        self.requests.append(Request(provider, body, headers))
        if not self.replies:
            return Reply(
                {"error": {"message": "nothing is left to say"}}, status=500, headers={"x-should-retry": "false"}
            )
        return self.replies.pop(0)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                provider = PATHS.get(self.path.partition("?")[0], "")
                reply = server.answer(provider, body, dict(self.headers)) if provider else NO_SUCH_PAGE
                if body.get("stream") and reply.may_stream:
                    self._stream(provider, reply)
                else:
                    self._send(reply)

            def _send(self, reply: Reply) -> None:
                if reply.stalls:
                    self._wait_until_client_goes()
                    return
                kind, data = reply.body
                self.send_response(reply.status)
                for name, value in {"content-type": kind, **reply.headers}.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def _stream(self, provider: str, reply: Reply) -> None:
                self.send_response(200)
                self.send_header("content-type", "text/event-stream")
                if reply.breaks_off:
                    self.send_header("content-length", "1000000")
                self.send_header("connection", "close")
                self.end_headers()
                events = events_of(provider, dict(reply.response), reply.cut)
                for line in _lines(provider, events, reply.most_events):
                    self.wfile.write(line.encode())
                if reply.stalls:
                    self._wait_until_client_goes()
                self.close_connection = True

            def _wait_until_client_goes(self) -> None:
                with suppress(ConnectionResetError):
                    self.rfile.read(1)
                server.client_went.set()

            def log_message(self, *args: Any) -> None:
                """Say nothing."""

        return Handler


def _lines(provider: str, events: Sequence[Mapping[str, Any]], most: int | None) -> Iterator[str]:
    for event in events[:most]:
        name = "" if provider == "openai-chat" else f"event: {event['type']}\n"
        yield f"{name}data: {json.dumps(event)}\n\n"
    if provider == "openai-chat" and most is None:
        yield "data: [DONE]\n\n"
