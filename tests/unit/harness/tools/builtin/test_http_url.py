"""What a URL leads to: one reading, or none."""

import pytest

from harness.errors import CallError
from harness.tools.builtin.http_url import MAX_URL, parse_target


@pytest.mark.parametrize(
    ("url", "normal", "key"),
    [
        ("http://example.org", "http://example.org/", "example.org"),
        ("HTTPS://EXAMPLE.org./a?b#c", "https://example.org/a?b", "example.org"),
        ("http://example.org:80/", "http://example.org/", "example.org"),
        ("http://example.org:/", "http://example.org/", "example.org"),
        ("https://example.org:443?q", "https://example.org/?q", "example.org"),
        ("http://example.org:443/", "http://example.org:443/", "example.org:443"),
        ("https://example.org:8443/", "https://example.org:8443/", "example.org:8443"),
        ("http://bücher.example/ü", "http://xn--bcher-kva.example/ü", "xn--bcher-kva.example"),
        ("http://BÜCHER.example/", "http://xn--bcher-kva.example/", "xn--bcher-kva.example"),
        ("http://a_b.example/", "http://a_b.example/", "a_b.example"),
        ("http://1.1.1.1/", "http://1.1.1.1/", "1.1.1.1"),
        ("http://127.1/", "http://127.0.0.1/", "127.0.0.1"),
        ("http://0x7f.1:8080/", "http://127.0.0.1:8080/", "127.0.0.1:8080"),
        ("http://2130706433/", "http://127.0.0.1/", "127.0.0.1"),
        ("http://0x7F000001/", "http://127.0.0.1/", "127.0.0.1"),
        ("http://0177.0.0.01/", "http://127.0.0.1/", "127.0.0.1"),
        ("http://127.0.0.1./", "http://127.0.0.1/", "127.0.0.1"),
        ("http://127。0。0。1/", "http://127.0.0.1/", "127.0.0.1"),
        ("http://[::1]:80/", "http://[::1]/", "[::1]"),
        ("http://[0:0::0001]:81/", "http://[::1]:81/", "[::1]:81"),
        ("http://example.org/@evil.test/http://x", "http://example.org/@evil.test/http://x", "example.org"),
        ("http://example.org?@evil.test", "http://example.org/?@evil.test", "example.org"),
    ],
)
def test_a_url_has_one_normal_form_and_one_key(url: str, normal: str, key: str) -> None:
    target = parse_target(url)
    assert (target.url, target.key) == (normal, key)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "does not begin"),
        ("example.org", "does not begin"),
        ("//example.org/", "does not begin"),
        ("ftp://example.org/", "does not begin"),
        ("file:///etc/passwd", "does not begin"),
        ("http:/example.org", "does not begin"),
        (" http://example.org/", "the character ' '"),
        ("http://example.org/a b", "the character ' '"),
        ("http://exa\tmple.org/", "the character"),
        ("http://example.org/\r\nHost: x", "the character"),
        ("http://good.test\\@evil.test/", "the character"),
        ("http:\\\\evil.test/", "the character"),
        ("http://evil.test\u2028/", "the character"),
        ("http://e\u00advil.test/", "the character"),
        ("http://e\ud800vil.test/", "the character"),
        ("http://good.test@evil.test/", "user name"),
        ("http://me:pw@example.org/", "user name"),
        ("http://@example.org/", "user name"),
        ("http:///path", "cannot be read"),
        ("http://:80/", "cannot be read"),
        ("http://a:b:80/", "cannot be read"),
        ("http://a:8_0/", "cannot be read"),
        ("http://a:+80/", "cannot be read"),
        ("http://::1/", "cannot be read"),
        ("http://[::1/", "cannot be read"),
        ("http://[::1]x/", "cannot be read"),
        ("http://[fe80::1%25eth0]/", "cannot be read"),
        ("http://a:0/", "no port 0"),
        ("http://a:65536/", "no port 65536"),
        ("http://[1.2.3.4]/", "no IPv6"),
        ("http://ex%61mple.org/", "no name of a host"),
        ("http://127.0.0.1%2f@x/", "user name"),
        ("http://127.0.0.1%2fx/", "no name of a host"),
        ("http://a..b/", "no name of a host"),
        ("http://a.b../", "no name of a host"),
        ("http://./", "no name of a host"),
        ("http://-a.b/", "no name of a host"),
        ("http://a*b/", "no name of a host"),
        ("http://" + "a" * 64 + ".org/", "no name of a host"),
        ("http://256.1.1.1/", "no IPv4"),
        ("http://1.2.3.4.5/", "no IPv4"),
        ("http://evil.0x/", "no IPv4"),
        ("http://09.1.1.1/", "no IPv4"),
        ("http://１２７.0.0.1/", "no internationalised name"),
        ("http://example.org/" + "a" * MAX_URL, "longer than"),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(url: str, said: str) -> None:
    with pytest.raises(CallError) as caught:
        parse_target(url)
    assert caught.value.code == "tool.invalid_arguments"
    assert said in caught.value.message
    assert caught.value.hint
    assert len(str(caught.value)) < 400
