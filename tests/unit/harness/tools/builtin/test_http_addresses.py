"""Which addresses are of the internet, and what naming a private range allows."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import ConfigError, DeniedError
from harness.tools.builtin.http_addresses import Address, AddressPolicy, embedded, is_public

PUBLIC = [
    *("1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255"),
    *("128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0"),
    *("223.255.255.255", "2606:4700:4700::1111", "2a00::1", "2001:4860:4860::8888"),
    *("::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1"),
]
PRIVATE = [
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.255"),
    *("169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.168.1.1", "198.18.0.1"),
    *("198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fe80::1%2", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1"),
    *("100::1", "3fff::1", "5f00::1", "2001:10::1", "64:ff9b:1::7f00:1", "::7f00:1", "4000::1"),
    *("::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:10.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe"),
    *("2002:7f00:1::", "2002:a9fe:a9fe::1", "2002:c0a8:101::1", "2001:0:808:808:0:0:80ff:fffe"),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_of_anything_else_is_not_whatever_it_is_wrapped_in(address: str) -> None:
    assert not is_public(ip_address(address))


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6), st.sampled_from(PUBLIC + PRIVATE).map(ip_address)))
def test_what_python_calls_private_is_not_public(address: Address) -> None:
    """A second opinion. It is not the first, since it differs between versions of Python."""
    is_wrapped = isinstance(address, IPv6Address) and embedded(address)
    if not is_wrapped and is_public(address):
        assert address.is_global
        assert not address.is_multicast


@given(st.ip_addresses(v=4))
def test_an_address_is_the_same_however_it_is_wrapped(inner: IPv4Address) -> None:
    value = int(inner)
    forms = (0xFFFF << 32 | value, 0x64FF9B << 96 | value, 0x2002 << 112 | value << 80)
    assert {is_public(IPv6Address(form)) for form in forms} == {is_public(inner)}
    policy = AddressPolicy([str(inner)])
    assert all(policy.allows(IPv6Address(form)) for form in forms)


@pytest.mark.parametrize(
    ("named", "allowed", "refused"),
    [
        ("127.0.0.1", "127.0.0.1", "127.0.0.2"),
        ("10.0.0.0/8", "10.255.0.1", "192.168.0.1"),
        ("10.1.2.3/8", "10.0.0.1", "127.0.0.1"),
        ("127.0.0.1", "::ffff:127.0.0.1", "::ffff:127.0.0.2"),
        ("169.254.169.254", "64:ff9b::a9fe:a9fe", "64:ff9b::a9fe:a9ff"),
        ("fd00::/8", "fd12::1", "fc00::1"),
        ("::1", "::1", "::"),
    ],
)
def test_what_is_named_may_be_reached_and_what_lies_beside_it_may_not(named: str, allowed: str, refused: str) -> None:
    policy = AddressPolicy([named])
    assert policy.allows(ip_address(allowed))
    assert not policy.allows(ip_address(refused))


def test_one_private_address_is_enough_to_refuse_a_host() -> None:
    with pytest.raises(DeniedError) as caught:
        AddressPolicy().check("two.test", [ip_address("8.8.8.8"), ip_address("10.0.0.1")])
    assert caught.value.code == "policy.forbidden"
    assert caught.value.message == "two.test has the address 10.0.0.1, which is not an address of the internet"
    assert caught.value.hint == 'an operator can allow it in the settings: network.private = ["10.0.0.1"]'


def test_the_address_of_a_clouds_credentials_is_called_that() -> None:
    with pytest.raises(DeniedError) as caught:
        AddressPolicy().check("169.254.169.254", [ip_address("169.254.169.254")])
    assert caught.value.message == "169.254.169.254 is the address that serves a cloud's credentials"


@pytest.mark.parametrize("wrong", ["localhost", "10.0.0.0/99", "", "10.*"])
def test_what_is_no_range_is_an_error_of_the_configuration(wrong: str) -> None:
    with pytest.raises(ConfigError) as caught:
        AddressPolicy([wrong])
    assert caught.value.code == "config.invalid"
