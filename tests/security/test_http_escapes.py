"""What a script may try to reach with `http` that nobody allowed: private addresses, other hosts, other protocols.

Every attack has a twin that differs only in what is allowed, and works.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from harness.errors import HarnessError
from policy.sandbox import NetworkAccess
from tests.integration.loopback_server import OPEN, Server, fetch, hosts, resolving, serving

FULL = NetworkAccess(mode="full")


@pytest.fixture
def server() -> Iterator[Server]:
    """On every address of this machine."""
    with serving(address="") as running:
        yield running


async def refusal(url: str, access: NetworkAccess, **arguments: object) -> HarnessError:
    with pytest.raises(HarnessError) as caught:
        await fetch(url, access, **arguments)
    return caught.value


LOCAL_URLS = [
    "http://127.0.0.1:{}/",
    "http://127.1:{}/",
    "http://127.0.1:{}/",
    "http://127.8.8.8:{}/",
    "http://2130706433:{}/",
    "http://0x7f.1:{}/",
    "http://0x7F000001:{}/",
    "http://0177.0.0.1:{}/",
    "http://017700000001:{}/",
    "http://127.0.0.1.:{}/",
    "http://127。0。0。1:{}/",
    "http://localhost:{}/",
    "http://LOCALHOST.:{}/",
    "http://[::ffff:127.0.0.1]:{}/",
    "http://[::FFFF:7f00:1]:{}/",
    "HTTP://127.0.0.1:{}",
]


@pytest.mark.parametrize("url", LOCAL_URLS)
async def test_this_machine_is_not_reached_however_it_is_spelled(server: Server, url: str) -> None:
    error = await refusal(url.format(server.port), FULL)
    assert error.code == "policy.forbidden"
    assert "network.private" in str(error.hint)
    assert server.seen == []


@pytest.mark.parametrize("url", LOCAL_URLS)
async def test_it_is_where_the_operator_named_it(server: Server, url: str) -> None:
    """The twin: the same URLs reach the server once the address is named."""
    assert (await fetch(url.format(server.port), OPEN))["status"] == 200
    assert server.seen[0].address.startswith("127.")


@pytest.mark.parametrize(
    "url",
    [
        *("http://0.0.0.0/", "http://0/", "http://[::]/", "http://[::1]/", "http://10.1.2.3/", "http://192.168.0.1/"),
        *(
            "http://169.254.169.254/latest/meta-data/",
            "http://2852039166/",
            "http://0xa9fea9fe/",
            "http://100.100.100.200/",
        ),
        *(
            "http://[fd00:ec2::254]/",
            "http://[fe80::1]/",
            "http://[::ffff:169.254.169.254]/",
            "http://[::ffff:a9fe:a9fe]/",
        ),
        *("http://[64:ff9b::169.254.169.254]/", "http://[2002:a9fe:a9fe::]/", "http://[2002:7f00:1::1]/"),
        *("http://[2001:0:1:1:0:0:80ff:fffe]/", "http://[::127.0.0.1]/", "http://[64:ff9b:1::1]/", "http://224.0.0.1/"),
        *("http://255.255.255.255/", "http://198.18.0.1/", "https://172.16.0.1/"),
    ],
)
async def test_no_private_address_is_reached(url: str) -> None:
    assert (await refusal(url, FULL)).code == "policy.forbidden"


@pytest.mark.parametrize(
    "url",
    [
        *(
            "file:///etc/passwd",
            "ftp://127.0.0.1/",
            "gopher://127.0.0.1/",
            "unix:///run/docker.sock",
            "ws://127.0.0.1/",
        ),
        *("http+unix://%2frun%2fdocker.sock/", "javascript:x", "data:text/plain,x"),
        *("http://good.test@127.0.0.1/", "http://127.0.0.1#@good.test\\", "http://good.test\\@127.0.0.1/"),
        *(
            "http://127.0.0.1\t/",
            "http://127.0.0.1\n.good.test/",
            "http://good.test%00.127.0.0.1/",
            "http://[fe80::1%25lo]/",
        ),
        *(
            "http://１２７.0.0.1/",
            "http://127.0.0.1%2e/",
            "http:127.0.0.1/",
            "http:///127.0.0.1/",
            "http://127.0.0.1:80:80/",
        ),
    ],
)
async def test_what_could_be_read_in_two_ways_is_not_even_judged(url: str) -> None:
    assert (await refusal(url, OPEN)).code == "tool.invalid_arguments"


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "fe80::1"])
async def test_a_name_that_leads_to_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    resolving(monkeypatch, evil_test=[[address]])
    error = await refusal("http://evil.test/", FULL)
    assert error.code == "policy.forbidden"
    assert error.message.startswith("evil.test has the address ")


async def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    resolving(monkeypatch, evil_test=[["8.8.8.8", "127.0.0.1"]])
    assert (await refusal(server.url(host="evil.test"), FULL)).code == "policy.forbidden"
    assert server.seen == []


class TestRebinding:
    """A name that gives an allowed address when it is checked and another one when it is used."""

    async def test_a_name_is_resolved_once_and_its_address_used(
        self, monkeypatch: pytest.MonkeyPatch, server: Server
    ) -> None:
        resolver = resolving(monkeypatch, evil_test=[["127.0.0.1"], ["127.0.0.2"]])
        access = NetworkAccess(mode="full", private=("127.0.0.1",))
        assert (await fetch(server.url(host="evil.test"), access))["status"] == 200
        assert resolver.asked == ["evil.test"]
        assert [seen.address for seen in server.seen] == ["127.0.0.1"]

    async def test_every_connection_checks_the_address_that_it_uses(
        self, monkeypatch: pytest.MonkeyPatch, server: Server
    ) -> None:
        resolver = resolving(monkeypatch, evil_test=[["127.0.0.1"], ["127.0.0.2"]])
        access = NetworkAccess(mode="full", private=("127.0.0.1",))
        error = await refusal(server.url("/to/302/!end", host="evil.test"), access)
        assert "evil.test has the address 127.0.0.2" in error.message
        assert resolver.asked == ["evil.test", "evil.test"]
        assert len(server.seen) == 1

    async def test_the_twin_whose_second_address_is_allowed_goes_on(
        self, monkeypatch: pytest.MonkeyPatch, server: Server
    ) -> None:
        resolving(monkeypatch, good_test=[["127.0.0.1"], ["127.0.0.2"]])
        access = NetworkAccess(mode="full", private=("127.0.0.0/30",))
        assert (await fetch(server.url("/to/302/!end", host="good.test"), access))["status"] == 200
        assert [seen.address for seen in server.seen] == ["127.0.0.1", "127.0.0.2"]


class TestRedirects:
    """An allowed host that sends the caller elsewhere."""

    @pytest.mark.parametrize(
        "target",
        [
            "http:!!127.0.0.2:{}!",
            "!!127.0.0.2:{}!",
            "http:!!0x7f.2:{}!",
            "http:!!2130706434:{}!",
            "http:!!127.0.2:{}!",
            "http:!!localhost.:{}!",
            "http:!![::ffff:127.0.0.2]:{}!",
            "HTTP:!!LOCALHOST:{}!",
        ],
    )
    async def test_a_redirect_to_a_host_that_nobody_named_is_refused_and_told(
        self, server: Server, target: str
    ) -> None:
        limited = NetworkAccess(mode="limited", hosts=(f"127.0.0.1:{server.port}",), private=OPEN.private)
        error = await refusal(server.url(f"/to/302/{target.format(server.port)}"), limited)
        assert error.code == "policy.forbidden"
        assert str(error.details["redirect"]) in error.message
        assert "tools.http(url=" in str(error.hint)
        assert len(server.seen) == 1

    async def test_a_redirect_to_a_private_address_is_refused_even_with_the_whole_network(
        self, server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        access = NetworkAccess(mode="full", private=("127.0.0.1",))
        error = await refusal(server.url(f"/to/302/http:!!127.0.0.2:{server.port}!"), access)
        assert (error.code, len(server.seen)) == ("policy.forbidden", 1)

    async def test_approval_of_a_host_is_not_approval_of_another_port(self, server: Server) -> None:
        with serving() as other:
            asked = NetworkAccess(private=OPEN.private)  # nothing is named: a person approved the first host
            error = await refusal(server.url(f"/to/307/http:!!127.0.0.1:{other.port}!"), asked, method="POST")
            assert (error.code, other.seen) == ("policy.forbidden", [])

    async def test_the_twin_that_stays_on_the_approved_host_is_followed(self, server: Server) -> None:
        asked = NetworkAccess(private=OPEN.private)
        answer = await fetch(server.url(f"/to/302/http:!!127.0.0.1:{server.port}!end"), asked)
        assert answer["url"] == server.url("/end")


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "internal.test"},
        {"X": "a\r\nHost: internal.test"},
        {"X": "a\nb"},
        {"Transfer-Encoding": "chunked"},
        {"Content-Length": "0"},
        {"content-length ": "0"},
        {"Connection": "upgrade"},
        {"Upgrade": "h2c"},
    ],
)
async def test_no_header_smuggles_a_second_request(server: Server, headers: dict[str, str]) -> None:
    error = await refusal(server.url(), OPEN, method="POST", body="GET /x HTTP/1.1\r\n\r\n", headers=headers)
    assert (error.code, server.seen) == ("tool.invalid_arguments", [])


async def test_a_path_cannot_end_the_request_line(server: Server) -> None:
    await fetch(server.url("/a%0d%0aX-Evil:%201"), OPEN)
    assert server.seen[0].path == "/a%0d%0aX-Evil:%201"
    assert "x-evil" not in server.seen[0].headers


async def test_what_is_approved_is_what_is_reached(server: Server) -> None:
    """The host that a question shows is the one that is connected to, in every spelling."""
    for url in LOCAL_URLS:
        shown = hosts(url.format(server.port))
        assert shown is not None
        name = shown[0].rpartition(":")[0]
        assert name in {"localhost", "[::ffff:7f00:1]", "[::ffff:127.0.0.1]"} or name.startswith("127.")


async def test_endless_headers_end() -> None:
    with pouring(b"HTTP/1.1 200 OK\r\n", b"X: " + b"a" * 1000 + b"\r\n") as port:
        error = await refusal(f"http://127.0.0.1:{port}/", OPEN, timeout_s=20)
    assert error.code == "tool.failed"


async def test_endless_interim_answers_end() -> None:
    with pouring(b"", b"HTTP/1.1 100 Continue\r\n\r\n") as port:
        error = await refusal(f"http://127.0.0.1:{port}/", OPEN, timeout_s=0.5)
    assert error.code == "tool.timeout"


async def test_an_endless_body_is_cut() -> None:
    with pouring(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"400\r\n" + b"a" * 1024 + b"\r\n") as port:
        answer = await fetch(f"http://127.0.0.1:{port}/", OPEN, max_bytes=5_000, timeout_s=20)
    assert answer["truncated"]


class pouring:
    """A server that sends one thing, then another one for ever."""

    def __init__(self, first: bytes, then: bytes) -> None:
        self.first, self.then = first, then
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.listening.settimeout(20)  # nobody comes if the call fails before it connects

    def __enter__(self) -> int:
        self.thread = threading.Thread(target=self.pour)
        self.thread.start()
        port: int = self.listening.getsockname()[1]
        return port

    def pour(self) -> None:
        with suppress(OSError), self.listening.accept()[0] as connection:
            connection.settimeout(20)
            connection.sendall(self.first)
            while True:
                connection.sendall(self.then)

    def __exit__(self, *exc: object) -> None:
        self.thread.join()
        self.listening.close()
