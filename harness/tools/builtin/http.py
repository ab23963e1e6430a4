"""`http`: one request to a host that network policy names, or that a person approved."""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Callable
from typing import Any, Final, Literal

import anyio
from anyio import to_thread
from pydantic import BaseModel, ConfigDict, Field

from harness.errors import CallError
from harness.tools.binding import Tool
from harness.tools.builtin.http_addresses import AddressPolicy
from harness.tools.builtin.http_url import parse_target
from policy.effects import Reaches
from policy.grants import Grants
from policy.sandbox import NetworkAccess

MAX_TIMEOUT_S: Final = 60
"""Longest that one call may take, redirects and body included."""

MAX_BODY_BYTES: Final = 1_048_576
"""Most of an answer's body that one call may keep, decoded."""

MAX_HEADERS_BYTES: Final = 32_768
"""Size of the headers that one call may send."""

OWN_HEADERS: Final = frozenset(
    {
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Headers that the tool itself sets or that concern the connection: a caller could send a second request with them."""

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e]*")
_IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})


class Http(BaseModel):
    """Arguments of `http`."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(description="A whole URL, for example 'https://example.org/a?b=c'.")
    method: Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] = "GET"
    headers: dict[str, str] = Field(default_factory=dict, description="Headers to send, by name.")
    body: str | None = Field(None, description="Text to send, as UTF-8.")
    json_body: Any = Field(None, alias="json", description="Data to send as JSON, instead of body.")
    timeout_s: float = Field(10.0, gt=0, le=MAX_TIMEOUT_S, description="Seconds for the whole call.")
    max_bytes: int = Field(262_144, ge=1, le=MAX_BODY_BYTES, description="Bytes of the answer's body to keep.")


def http_tool(network: Callable[[], NetworkAccess], *, tls: ssl.SSLContext | None = None) -> Tool:
    """Make the tool `http`.

    It returns `{"status", "headers", "url", "text", "body_base64", "truncated", "redirects"}`: headers by lower-case
    name; the URL that answered at last; the body as text, or in base64 if it is none; whether the body goes on behind
    `max_bytes`; and `{"status", "url"}` of each answer that redirected. An answer of any status is a result.

    Whether the host may be reached is decided before, by the effect `Reaches`; redirects and addresses are judged here.

    Args:
        network: Gives what may be reached as settings stand when a call begins.
        tls: What certificates are accepted; the system's if None. The environment has no say.

    Errors: `tool.invalid_arguments`; `policy.forbidden` for a private address and for a redirect to a host that
    nobody allowed; `tool.timeout`; `tool.failed` when there is no answer.
    """
    contexts: list[ssl.SSLContext] = [tls] if tls is not None else []

    async def handle(arguments: Http) -> object:
        from harness.tools.builtin.http_exchange import Wanted, exchange

        body, headers = _body(arguments), _headers(arguments)
        target = parse_target(arguments.url)
        wanted = Wanted(
            target=target, method=arguments.method, headers=headers, body=body, max_bytes=arguments.max_bytes
        )
        if not contexts:
            contexts.append(await to_thread.run_sync(_system_context))
        try:
            with anyio.fail_after(arguments.timeout_s):
                return await exchange(wanted, network(), tls=contexts[0])
        except TimeoutError:
            raise CallError(
                "tool.timeout",
                f"tools.http: no whole answer from {target.key} within {arguments.timeout_s:g} s",
                hint=f"pass a larger timeout_s (up to {MAX_TIMEOUT_S:g}) or a smaller max_bytes",
                retryable=arguments.method in _IDEMPOTENT,
            ) from None

    def effect(arguments: Http, grants: Grants) -> Reaches:
        _body(arguments), _headers(arguments)
        target = parse_target(arguments.url)
        if target.address is not None:
            AddressPolicy(network().private).check(target.host, [target.address])
        return Reaches((target.key,))

    return Tool(
        name="http",
        description=(
            "Send one HTTP request. Returns a dict with status, headers (lower-case names), url (after redirects), "
            "text (None if the body is not text), body_base64 (None if it is), truncated and redirects. An answer of "
            "any status is a result; check status. Hosts that network policy does not name need approval."
        ),
        parameters=Http,
        handler=handle,
        risk="network",
        effect=effect,
        returns=_RETURNS,
    )


_RETURNS = {
    "type": "object",
    "properties": {
        "status": {"type": "integer"},
        "headers": {"type": "object", "additionalProperties": {"type": "string"}},
        "url": {"type": "string"},
        "text": {"type": ["string", "null"]},
        "body_base64": {"type": ["string", "null"]},
        "truncated": {"type": "boolean"},
        "redirects": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"status": {"type": "integer"}, "url": {"type": "string"}},
                "required": ["status", "url"],
            },
        },
    },
    "required": ["status", "headers", "url", "text", "body_base64", "truncated", "redirects"],
}


def _system_context() -> ssl.SSLContext:
    """Return what the system trusts. The variables that would add to it (SSL_CERT_FILE) are not read."""
    import httpx2

    return httpx2.create_ssl_context(trust_env=False)


def _body(arguments: Http) -> bytes | None:
    if arguments.body is not None and arguments.json_body is not None:
        raise _invalid("body and json were both given", "pass one of them")
    if arguments.json_body is not None:
        return json.dumps(arguments.json_body, separators=(",", ":")).encode("ascii")
    return None if arguments.body is None else arguments.body.encode()


def _headers(arguments: Http) -> dict[str, str]:
    """Check the caller's headers, so that none of them can end the request or begin another."""
    if sum(len(name) + len(value) for name, value in arguments.headers.items()) > MAX_HEADERS_BYTES:
        raise _invalid(f"headers are larger than {MAX_HEADERS_BYTES:,} bytes", "send the data as body")
    for name, value in arguments.headers.items():
        if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
            raise _invalid(f"the header {name[:80]!a} holds characters that no header may hold", "use plain ASCII")
        if name.lower() in OWN_HEADERS:
            raise _invalid(f"the header {name} is set by the tool itself", "leave it out")
    headers = {name: value.strip() for name, value in arguments.headers.items()}
    if arguments.json_body is not None and "content-type" not in {name.lower() for name in headers}:
        headers["Content-Type"] = "application/json"
    return headers


def _invalid(why: str, hint: str) -> CallError:
    return CallError("tool.invalid_arguments", f"tools.http: {why}", hint=hint)
