"""What a URL leads to, read once: what is judged is what is connected to.

URLs that programs read in different ways (user names, backslashes, numbers that pass for addresses, percent signs in
a host) are refused or written out, so that nobody is asked about another host than the one that is reached.

References:
    RFC 3986; https://url.spec.whatwg.org (the forms of IPv4 addresses that C libraries take)
"""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from typing import Final, NoReturn

from harness.errors import CallError
from harness.tools.builtin.http_addresses import Address, parse_address

MAX_URL: Final = 8_192
"""Longest URL in characters."""

_URL = re.compile(r"(https?)://([^/?#]*)([^#]*)(?:#.*)?", re.IGNORECASE)
_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]]+)(?::([0-9]{1,5}))?")
_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_][a-z0-9_-]{0,62})*")
_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")  # the last part alone makes it a number, as in browsers
_OWN_PORT = {"http": 80, "https": 443}
_HINT = "write a whole URL: https://example.org/path?query"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL leads.

    Attributes:
        url: The URL, with the host in its normal form.
        scheme: "http" or "https".
        host: Lower-case ASCII name without a dot at its end, or an address, IPv6 in brackets.
        port: 1 to 65,535.
        address: The address, if the host is one.
    """

    url: str
    scheme: str
    host: str
    port: int
    address: Address | None

    @property
    def key(self) -> str:
        """The host, with the port unless it is the scheme's own: what policy names and a person approves."""
        return self.host if self.port == _OWN_PORT[self.scheme] else f"{self.host}:{self.port}"


def parse_target(url: str) -> Target:
    """Read a URL.

    Raises:
        CallError: `tool.invalid_arguments`, it is no plain http or https URL.
    """
    if len(url) > MAX_URL:
        _refuse(f"it is longer than {MAX_URL:,} characters")
    odd = next((char for char in url if char in " \\" or char.isspace() or not char.isprintable()), None)
    if odd is not None:
        _refuse(f"it holds the character {odd!a}", "percent-encode what is not plain: a space is %20")
    matched = _URL.fullmatch(url)
    if matched is None:
        _refuse("it does not begin with http:// or https://")
    scheme, authority, rest = matched[1].lower(), matched[2], matched[3]
    if "@" in authority:
        _refuse("it holds a user name or password", "pass them as the header Authorization")
    parts = _AUTHORITY.fullmatch(authority.removesuffix(":"))
    if parts is None:
        _refuse("its host or port cannot be read")
    port = int(parts[2]) if parts[2] else _OWN_PORT[scheme]
    if not 0 < port < 65_536:
        _refuse(f"there is no port {port}")
    host, address = _normal_host(parts[1])
    target = Target("", scheme, host, port, address)
    path = rest if rest.startswith("/") else f"/{rest}"
    return Target(f"{scheme}://{target.key}{path}", scheme, host, port, address)


def _normal_host(text: str) -> tuple[str, Address | None]:
    if text.startswith("["):
        address = parse_address(text[1:-1])
        if address is None or address.version != 6:
            _refuse("what stands in brackets is no IPv6 address")
        return f"[{address}]", address
    name = _ascii_name(text).removesuffix(".")
    if _NUMBER.fullmatch(name):
        return _number(name)
    if not _NAME.fullmatch(name):
        _refuse(f"{name[:80]!a} is no name of a host")
    return name, None


def _ascii_name(text: str) -> str:
    if text.isascii():
        return text.lower()
    import httpx2  # here, and only for such names: it takes a tenth of a second to load

    try:
        return httpx2.URL(f"http://{text}/").raw_host.decode("ascii").lower()
    except httpx2.InvalidURL:
        _refuse("its host is no internationalised name", "write the name in its ASCII form, xn--...")


def _number(name: str) -> tuple[str, Address]:
    """Read the forms that C libraries take for IPv4 addresses: 127.1, 0x7f.1, 2130706433, 0177.0.0.1."""
    try:
        address = parse_address(socket.inet_ntoa(socket.inet_aton(name)))
    except OSError:
        address = None
    if address is None:
        _refuse(f"{name[:80]!a} is no IPv4 address")
    return str(address), address


def _refuse(why: str, hint: str = _HINT) -> NoReturn:
    raise CallError("tool.invalid_arguments", f"tools.http: the url cannot be used: {why}", hint=hint)
