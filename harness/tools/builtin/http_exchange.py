"""One call of `http`: the request, its redirects, and the answer.

This module loads httpx2 and is therefore itself loaded at the first call.
"""

from __future__ import annotations

import base64
import codecs
import os
import socket
import ssl
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Final

import httpcore2
import httpx2

from harness.errors import CallError, DeniedError, HarnessError
from harness.tools.builtin.http_addresses import AddressPolicy
from harness.tools.builtin.http_connection import CheckedTransport
from harness.tools.builtin.http_url import Target, parse_target
from policy.sandbox import NetworkAccess

MAX_REDIRECTS: Final = 5
"""Redirects that one call follows."""

GO_ALONG: Final = frozenset({"accept", "accept-language", "content-type", "user-agent"})
"""The caller's headers that a redirect to another origin takes along; others may hold what is meant for the first."""

CHARSETS: Final = frozenset(
    {"utf-8", "ascii", "iso8859-1", "iso8859-2", "iso8859-15", "cp1250", "cp1251", "cp1252", "koi8-r"}
    | {"utf-16", "utf-16-le", "utf-16-be", "shift_jis", "euc_jp", "euc_kr", "gb2312", "gbk", "gb18030", "big5"}
)
"""Charsets that a server may name: some of Python's other codecs are slow, or no charsets at all."""

_TEXT_TYPES = ("text/", "application/json", "application/xml", "application/javascript", "application/x-www-form")
_FAILURES = (
    httpx2.HTTPError,
    httpx2.InvalidURL,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.TimeoutException,
    httpcore2.UnsupportedProtocol,
    OSError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A request as it is to be sent.

    Attributes:
        target: Where to.
        method: In upper case.
        headers: The caller's, checked.
        body: Or None.
        max_bytes: Of the answer's body that are kept, decoded.
    """

    target: Target
    method: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    max_bytes: int


async def exchange(wanted: Wanted, access: NetworkAccess, *, tls: ssl.SSLContext) -> dict[str, object]:
    """Send a request, follow its redirects, and return what `http` returns.

    Args:
        wanted: The request. Somebody decided already that its host may be reached.
        access: What redirects may lead to.
        tls: For https.

    Raises:
        CallError: `tool.failed`.
        DeniedError: `policy.forbidden`, a private address, or a redirect to a host that nobody allowed.
    """
    transport = CheckedTransport(AddressPolicy(access.private), tls)
    approved = wanted.target.key
    redirects: list[dict[str, object]] = []
    async with httpx2.AsyncClient(transport=transport, trust_env=False, timeout=None) as client:
        while True:
            try:
                response = await client.send(_request(client, wanted), stream=True)
                try:
                    if not response.has_redirect_location:
                        return await _answer(response, wanted, redirects)
                finally:
                    await response.aclose()
            except _FAILURES as error:
                raise _failed(wanted.target, error) from error
            redirects.append({"status": response.status_code, "url": wanted.target.url})
            wanted = _redirected(wanted, response, len(redirects))
            _judge(wanted.target, approved, access)


def _request(client: httpx2.AsyncClient, wanted: Wanted) -> httpx2.Request:
    headers = {"user-agent": "toolscript", **wanted.headers}
    return client.build_request(wanted.method, wanted.target.url, headers=headers, content=wanted.body)


def _redirected(wanted: Wanted, response: httpx2.Response, count: int) -> Wanted:
    location = response.headers["location"]
    if count > MAX_REDIRECTS:
        raise CallError("tool.failed", f"tools.http: {wanted.target.host} redirects more than {MAX_REDIRECTS} times")
    try:
        target = parse_target(str(httpx2.URL(wanted.target.url).join(location)))
    except (CallError, httpx2.InvalidURL, ValueError) as error:
        why = error.message.rpartition(": ")[2] if isinstance(error, CallError) else "it is no URL"
        raise CallError(
            "tool.failed",
            f"tools.http: {wanted.target.host} redirects to {location[:200]!r}, which cannot be used: {why}",
        ) from None
    method = _redirected_method(wanted.method, response.status_code)
    body = wanted.body if method == wanted.method else None
    headers = wanted.headers
    if not _is_same_origin(wanted.target, target):
        headers = {name: value for name, value in headers.items() if name.lower() in GO_ALONG}
    if body is None:
        headers = {name: value for name, value in headers.items() if name.lower() != "content-type"}
    return replace(wanted, target=target, method=method, headers=headers, body=body)


def _redirected_method(method: str, status: int) -> str:
    """What browsers do: 303 and 302 become GET, 301 does so for POST; 307 and 308 stay what they were."""
    if method == "HEAD" or status not in (301, 302, 303) or (status == 301 and method != "POST"):
        return method
    return "GET"


def _is_same_origin(one: Target, other: Target) -> bool:
    if (one.host, one.port, one.scheme) == (other.host, other.port, other.scheme):
        return True
    is_upgrade = (one.scheme, one.port, other.scheme, other.port) == ("http", 80, "https", 443)
    return is_upgrade and one.host == other.host


def _judge(target: Target, approved: str, access: NetworkAccess) -> None:
    if target.key == approved or access.names(target.key):
        return
    raise DeniedError(
        "policy.forbidden",
        f"{approved} redirects to {target.url}, and network policy does not name {target.key}",
        hint=f"call tools.http(url={target.url!r}) itself, so that it is decided about",
        details={"redirect": target.url, "host": target.key},
    )


async def _answer(response: httpx2.Response, wanted: Wanted, redirects: list[dict[str, object]]) -> dict[str, object]:
    body, is_cut = await _read(response, wanted.max_bytes)
    text = _text(body, response.headers.get("content-type", ""), is_cut=is_cut)
    if text is not None and is_cut:
        text += f"\n... [cut at {wanted.max_bytes:,} bytes]"
    return {
        "status": response.status_code,
        "headers": _headers(response),
        "url": wanted.target.url,
        "text": text,
        "body_base64": None if text is not None else base64.b64encode(body).decode("ascii"),
        "truncated": is_cut,
        "redirects": redirects,
    }


def _headers(response: httpx2.Response) -> dict[str, str]:
    """Headers by lower-case name. Several of one name are joined: cookies by newlines, for commas stand in them."""
    joined: dict[str, str] = {}
    for name, value in response.headers.multi_items():
        between = "\n" if name.lower() == "set-cookie" else ", "
        joined[name.lower()] = f"{joined[name.lower()]}{between}{value}" if name.lower() in joined else value
    return joined


async def _read(response: httpx2.Response, max_bytes: int) -> tuple[bytes, bool]:
    """Read the decoded body up to a size. The rest is neither read nor decoded."""
    body = bytearray()
    async with aclosing(response.aiter_bytes()) as parts:
        async for part in parts:
            body += part
            if len(body) > max_bytes:
                return bytes(body[:max_bytes]), True
    return bytes(body), False


def _text(body: bytes, content_type: str, *, is_cut: bool) -> str | None:
    """The body as text, or None if it is none."""
    charset = _charset(content_type)
    if charset is None and b"\0" in body:
        return None
    is_declared = charset is not None or content_type.lower().startswith(_TEXT_TYPES)
    decoder = codecs.getincrementaldecoder(charset or "utf-8")("replace" if is_declared else "strict")
    try:
        return decoder.decode(body, final=not is_cut)  # a character that the cut went through is left out
    except UnicodeDecodeError:
        return None


def _charset(content_type: str) -> str | None:
    _, _, parameter = content_type.lower().partition("charset=")
    named = parameter.partition(";")[0].strip(" \"'")
    try:
        found = codecs.lookup(named).name if named.isascii() and named.replace("-", "").isalnum() else ""
    except LookupError:
        return None
    return found if found in CHARSETS else None


def _failed(target: Target, error: Exception) -> HarnessError:
    """Turn a failure of the connection into what the caller may know of it."""
    host = target.key
    for cause in _causes(error):
        if isinstance(cause, socket.gaierror):
            said = f"the name {target.host} cannot be resolved ({cause.strerror})"
            return CallError("tool.failed", f"tools.http: {said}", retryable=cause.errno == socket.EAI_AGAIN)
        if isinstance(cause, ssl.SSLCertVerificationError):
            said = f"the certificate of {host} is not accepted: {cause.verify_message}"
            return CallError("tool.failed", f"tools.http: {said}", hint="use the name that the certificate is for")
        if isinstance(cause, ssl.SSLError):
            return CallError("tool.failed", f"tools.http: no TLS with {host}: {cause.reason or 'the handshake failed'}")
        if isinstance(cause, OSError) and cause.errno is not None:
            said = f"the connection to {host} failed: {os.strerror(cause.errno)}"
            return CallError("tool.failed", f"tools.http: {said}", retryable=True)
    return CallError("tool.failed", f"tools.http: {_said(error, host)}")


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def _said(error: Exception, host: str) -> str:
    if isinstance(error, httpx2.DecodingError):
        return f"the body that {host} sent is not in the encoding that it names"
    if isinstance(error, (httpx2.ProtocolError, httpcore2.ProtocolError)):
        return f"{host} did not answer with HTTP/1.1: {str(error)[:200]}"
    if isinstance(error, (httpcore2.TimeoutException, httpx2.TimeoutException)):
        return f"no address of {host} answers"
    return f"the connection to {host} broke off"
