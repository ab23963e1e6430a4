"""Which addresses a call may connect to: public ones, and the private ones that an operator named.

References:
    https://www.iana.org/assignments/iana-ipv4-special-registry
    https://www.iana.org/assignments/iana-ipv6-special-registry
    RFC 4291 (mapped addresses), RFC 3056 (6to4), RFC 4380 (Teredo), RFC 6052 (NAT64)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias

from harness.errors import ConfigError, DeniedError

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

NOT_PUBLIC_4: Final = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # carriers' own, and some clouds' metadata
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local, and most clouds' metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
PUBLIC_6: Final = IPv6Network("2000::/3")
"""The only IPv6 addresses that are given to hosts of the internet; some ranges of it are not."""

NOT_PUBLIC_6: Final = tuple(
    IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)  # Teredo and protocols, documentation, 6to4, documentation

_NAT64 = IPv6Network("64:ff9b::/96")
_METADATA = frozenset({IPv4Address("169.254.169.254"), IPv4Address("100.100.100.200"), IPv6Address("fd00:ec2::254")})


def is_public(address: Address) -> bool:
    """Say whether an address is one of the internet, and so is the one that is written inside it."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in NOT_PUBLIC_4)
    inner = embedded(address)
    if inner is not None:
        return is_public(inner)
    return address in PUBLIC_6 and not any(address in network for network in NOT_PUBLIC_6)


def embedded(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that a gateway would read out of an IPv6 address. Teredo's are refused as a whole."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


class AddressPolicy:
    """What may be connected to.

    Args:
        private: Addresses or CIDR ranges that may be reached although they are not public.

    Raises:
        ConfigError: `config.invalid`, one of them is neither.
    """

    def __init__(self, private: Iterable[str] = ()) -> None:
        self._private = tuple(_parse_range(text) for text in private)

    def allows(self, address: Address) -> bool:
        """Say whether an address may be connected to."""
        return is_public(address) or self._is_named(address)

    def _is_named(self, address: Address) -> bool:
        if any(address in network for network in self._private):
            return True
        inner = embedded(address) if isinstance(address, IPv6Address) else None
        return inner is not None and self._is_named(inner)

    def check(self, host: str, addresses: Sequence[Address]) -> None:
        """Refuse a host if any of its addresses may not be connected to.

        Raises:
            DeniedError: `policy.forbidden`, naming the address.
        """
        for address in addresses:
            if not self.allows(address):
                raise _denied(host, address)


def _parse_range(text: str) -> Network:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        raise ConfigError(
            "config.invalid",
            f"network.private holds {text!r}, which is no address or range",
            hint="write 10.1.2.3, 10.0.0.0/8 or fd00::/8",
        ) from None


def _denied(host: str, address: Address) -> DeniedError:
    is_itself = host.strip("[]") == str(address)
    what = "is" if is_itself else f"has the address {address}, which is"
    kind = "the address that serves a cloud's credentials" if address in _METADATA else "not an address of the internet"
    return DeniedError(
        "policy.forbidden",
        f"{host} {what} {kind}",
        hint=f'an operator can allow it in the settings: network.private = ["{address}"]',
        details={"host": host, "address": str(address)},
    )


def parse_address(text: str) -> Address | None:
    """Read a literal address, or return None for a name."""
    try:
        return ip_address(text)
    except ValueError:
        return None
