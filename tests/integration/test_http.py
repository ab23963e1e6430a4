"""The http tool against real servers on this machine."""

from __future__ import annotations

import base64
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest

from harness.errors import CallError, HarnessError
from harness.tools.builtin import http_connection
from policy.sandbox import NetworkAccess
from tests.e2e.conftest import environment
from tests.integration.loopback_server import LOOPBACK, OPEN, Server, fetch, resolving, serving


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


async def failure(url: str, access: NetworkAccess = OPEN, **arguments: object) -> HarnessError:
    with pytest.raises(HarnessError) as caught:
        await fetch(url, access, **arguments)
    return caught.value


async def test_an_answer_has_status_headers_url_and_text(server: Server) -> None:
    answer = await fetch(server.url("/a?b=c#d"))
    assert answer["status"] == 200
    assert answer["headers"]["content-type"] == "application/json"
    assert answer["url"] == server.url("/a?b=c")
    assert json.loads(answer["text"])["path"] == "/a?b=c"
    assert (answer["body_base64"], answer["truncated"], answer["redirects"]) == (None, False, [])


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_method_headers_and_body_arrive(server: Server, method: str) -> None:
    answer = await fetch(server.url(), method=method, headers={"X-Asked": "yes"}, body="naïve")
    told = json.loads(answer["text"])
    assert (told["method"], told["headers"]["x-asked"], told["body"]) == (method, "yes", "naïve")


async def test_head_has_no_body(server: Server) -> None:
    answer = await fetch(server.url("/size/100"), method="HEAD")
    assert (answer["status"], answer["text"], answer["headers"]["content-length"]) == (200, "", "100")


async def test_json_is_sent_with_its_type(server: Server) -> None:
    await fetch(server.url(), method="POST", json={"a": [1, None], "b": "ü"})
    assert json.loads(server.seen[0].body) == {"a": [1, None], "b": "ü"}
    assert server.seen[0].headers["content-type"] == "application/json"


async def test_the_type_of_json_can_be_chosen(server: Server) -> None:
    await fetch(server.url(), method="POST", json=[], headers={"content-type": "application/merge-patch+json"})
    assert server.seen[0].headers["content-type"] == "application/merge-patch+json"


@pytest.mark.parametrize("status", [201, 304, 404, 500])
async def test_any_status_is_a_result(server: Server, status: int) -> None:
    assert (await fetch(server.url(f"/status/{status}")))["status"] == status


async def test_headers_of_one_name_are_joined(server: Server) -> None:
    headers = (await fetch(server.url("/cookies")))["headers"]
    assert (headers["set-cookie"], headers["x-many"]) == ("a=1\nb=2", "1, 2")


async def test_no_cookie_is_kept_for_the_next_call(server: Server) -> None:
    await fetch(server.url("/cookies"))
    await fetch(server.url())
    assert "cookie" not in server.seen[1].headers


async def test_what_is_no_text_comes_in_base64(server: Server) -> None:
    answer = await fetch(server.url("/binary"))
    assert answer["text"] is None
    assert base64.b64decode(answer["body_base64"]) == b"\x89PNG\0\xff"


@pytest.mark.parametrize(
    ("charset", "text"),
    [("iso-8859-1", "café"), ("utf-8", "caf�"), ("zip", "caf�"), ("unicode_escape", "caf�"), ("x", "caf�")],
)
async def test_text_is_decoded_by_the_charsets_that_are_known(server: Server, charset: str, text: str) -> None:
    assert (await fetch(server.url(f"/latin/{charset}")))["text"] == text


async def test_a_long_body_is_cut_and_says_so(server: Server) -> None:
    answer = await fetch(server.url("/size/300000"))
    assert answer["truncated"]
    assert answer["text"] == "x" * 262_144 + "\n... [cut at 262,144 bytes]"


async def test_a_body_of_just_the_size_is_not_cut(server: Server) -> None:
    answer = await fetch(server.url("/size/100"), max_bytes=100)
    assert (answer["text"], answer["truncated"]) == ("x" * 100, False)


async def test_a_cut_does_not_go_through_a_character(server: Server) -> None:
    answer = await fetch(server.url("/umlauts/100"), max_bytes=5)
    assert answer["text"] == "ää\n... [cut at 5 bytes]"


@pytest.mark.parametrize("path", ["/bomb", "/bomb/twice"])
async def test_a_bomb_is_decoded_no_further_than_asked(server: Server, path: str) -> None:
    started = time.monotonic()
    answer = await fetch(server.url(path), max_bytes=1_000)
    assert answer["truncated"]
    assert len(answer["text"] or answer["body_base64"]) < 2_000
    assert time.monotonic() - started < 5


async def test_a_body_that_drips_ends_at_the_timeout(server: Server) -> None:
    started = time.monotonic()
    error = await failure(server.url("/slow"), timeout_s=0.3)
    assert time.monotonic() - started < 3
    assert (error.code, error.retryable) == ("tool.timeout", True)
    assert "within 0.3 s" in error.message


async def test_what_may_have_been_done_is_not_called_retryable(server: Server) -> None:
    assert not (await failure(server.url("/slow"), method="POST", timeout_s=0.2)).retryable


async def test_a_cancelled_call_ends_at_once(server: Server) -> None:
    started = time.monotonic()
    with anyio.move_on_after(0.2):
        await fetch(server.url("/slow"))
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    ("path", "said"),
    [("/badgzip", "encoding that it names"), ("/nonsense", "did not answer with HTTP/1.1"), ("/cut", "HTTP/1.1")],
)
async def test_a_broken_answer_is_a_failure_that_says_how(server: Server, path: str, said: str) -> None:
    error = await failure(server.url(path))
    assert (error.code, said in error.message) == ("tool.failed", True), error.message


async def test_nobody_listening_is_a_failure_that_says_so(unused_port: int) -> None:
    error = await failure(f"http://127.0.0.1:{unused_port}/")
    assert error.code == "tool.failed"
    assert error.message == f"tools.http: the connection to 127.0.0.1:{unused_port} failed: Connection refused"


async def test_a_name_that_is_none_is_a_failure_that_says_so() -> None:
    error = await failure("http://no-such-host.invalid/", timeout_s=30)
    assert error.code == "tool.failed"
    assert "the name no-such-host.invalid cannot be resolved" in error.message


async def test_an_address_that_does_not_answer_gives_way_to_the_next(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolving(monkeypatch, two_test=[["127.0.0.9", "127.0.0.1"]])
    assert (await fetch(server.url(host="two.test")))["status"] == 200
    assert server.seen[0].headers["host"] == f"two.test:{server.port}"


async def test_so_many_addresses_of_a_name_are_tried(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    silent = [f"127.0.0.{number}" for number in range(10, 18)]
    resolving(monkeypatch, near_test=[[*silent[:7], "127.0.0.1"]], far_test=[[*silent, "127.0.0.1"]])
    assert (await fetch(server.url(host="near.test")))["status"] == 200
    assert (await failure(server.url(host="far.test"))).code == "tool.failed"


async def test_an_address_that_stays_silent_is_tried_for_a_while_only(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_connection, "_TRY_S", 0.1)
    resolving(monkeypatch, two_test=[["127.0.0.9", "127.0.0.1"]])
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.9", server.port))
        full.listen(0)  # one waits to be accepted, and whoever comes next gets no answer
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.9", server.port))
        assert (await fetch(server.url(host="two.test"), timeout_s=30))["status"] == 200


@pytest.fixture
def unused_port() -> int:
    with serving() as running:
        return running.port


class TestRedirects:
    async def test_they_are_followed_and_told(self, server: Server) -> None:
        answer = await fetch(server.url("/to/302/!to!301!!end"))
        assert answer["url"] == server.url("/end")
        assert answer["redirects"] == [
            {"status": 302, "url": server.url("/to/302/!to!301!!end")},
            {"status": 301, "url": server.url("/to/301//end")},
        ]

    @pytest.mark.parametrize(
        ("status", "method", "then"),
        [
            (301, "POST", "GET"),
            (301, "PUT", "PUT"),
            (302, "POST", "GET"),
            (302, "PUT", "GET"),
            (303, "PUT", "GET"),
            (307, "POST", "POST"),
            (308, "PUT", "PUT"),
            (303, "HEAD", "HEAD"),
            (302, "HEAD", "HEAD"),
        ],
    )
    async def test_the_method_changes_as_browsers_do(self, server: Server, status: int, method: str, then: str) -> None:
        await fetch(server.url(f"/to/{status}/!end"), method=method, json={"a": 1})
        assert server.seen[1].method == then
        kept = then == method
        assert server.seen[1].body == ('{"a":1}' if kept else "")
        assert ("content-type" in server.seen[1].headers) == kept

    async def test_there_is_an_end_to_them(self, server: Server) -> None:
        error = await failure(server.url("/loop"))
        assert error.message == "tools.http: 127.0.0.1 redirects more than 5 times"
        assert len(server.seen) == 6

    async def test_a_host_that_policy_names_is_followed(self, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
        resolving(monkeypatch, one_test=[["127.0.0.1"]], two_test=[["127.0.0.1"]])
        access = NetworkAccess(mode="limited", hosts=(f"two.test:{server.port}",), private=LOOPBACK)
        answer = await fetch(server.url(f"/to/302/http:!!two.test:{server.port}!end", host="one.test"), access)
        assert answer["url"] == server.url("/end", host="two.test")

    async def test_another_origin_does_not_get_what_was_meant_for_the_first(
        self, server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        resolving(monkeypatch, one_test=[["127.0.0.1"]], two_test=[["127.0.0.1"]])
        sent = {"Authorization": "Bearer x", "Cookie": "a=1", "X-Api-Key": "k", "Accept": "text/plain"}
        await fetch(server.url(f"/to/302/http:!!two.test:{server.port}!end", host="one.test"), headers=sent)
        first, second = server.seen
        assert {name.lower() for name in sent} <= set(first.headers)
        assert set(second.headers) == {"host", "accept", "accept-encoding", "connection", "user-agent"}
        assert second.headers["host"] == f"two.test:{server.port}"

    async def test_the_same_origin_gets_it(self, server: Server) -> None:
        await fetch(server.url("/to/302/!end"), headers={"Authorization": "Bearer x", "Cookie": "a=1"})
        assert server.seen[1].headers["authorization"] == "Bearer x"
        assert server.seen[1].headers["cookie"] == "a=1"

    @pytest.mark.parametrize(
        "location", ["file:!!!etc!passwd", "ftp:!!127.0.0.1!", "http:!!me:pw@127.0.0.1!", "http:!!a%25b!"]
    )
    async def test_what_is_no_plain_url_is_not_followed(self, server: Server, location: str) -> None:
        error = await failure(server.url(f"/to/302/{location}"))
        assert error.code == "tool.failed"
        assert "which cannot be used" in error.message


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("this machine has no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    words = "req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=tls.test"
    made = [openssl, *words.split(), "-addext", "subjectAltName=DNS:tls.test,IP:127.0.0.1"]
    subprocess.run(made, cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture
def tls_server(certificate: Path) -> Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    with serving(context) as running:
        yield running


class TestTls:
    async def test_the_certificate_is_that_of_the_name_not_of_the_address(
        self, tls_server: Server, certificate: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        resolving(monkeypatch, tls_test=[["127.0.0.1"]], other_test=[["127.0.0.1"]])
        trusted = ssl.create_default_context(cafile=certificate / "cert.pem")
        answer = await fetch(tls_server.url("/a", host="tls.test"), tls=trusted)
        assert (answer["status"], tls_server.seen[0].headers["host"]) == (200, f"tls.test:{tls_server.port}")
        with pytest.raises(CallError) as caught:
            await fetch(tls_server.url("/a", host="other.test"), tls=trusted)
        assert "the certificate of other.test" in caught.value.message
        assert "Hostname mismatch" in caught.value.message
        assert len(tls_server.seen) == 1

    async def test_a_certificate_that_nobody_signed_is_refused(self, tls_server: Server) -> None:
        error = await failure(tls_server.url("/a"))
        assert error.message.startswith(f"tools.http: the certificate of 127.0.0.1:{tls_server.port} is not accepted")
        assert tls_server.seen == []

    async def test_the_environment_cannot_add_certificates(
        self, tls_server: Server, certificate: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
        assert "not accepted" in (await failure(tls_server.url("/a"))).message

    async def test_plain_http_behind_https_is_a_failure_that_says_so(self, server: Server) -> None:
        error = await failure(server.url().replace("http:", "https:"))
        assert error.message.startswith(f"tools.http: no TLS with 127.0.0.1:{server.port}")


async def test_proxies_and_passwords_of_the_environment_have_no_say(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, unused_port: int
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{unused_port}")
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
    os.chmod(tmp_path / "netrc", 0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    assert (await fetch(server.url()))["status"] == 200
    assert "authorization" not in server.seen[0].headers


def test_httpx2_is_loaded_at_the_first_call_only() -> None:
    program = (
        "import sys\nfrom harness.tools.builtin.http import http_tool\nfrom policy.sandbox import Grants, NetworkAccess\n"
        "tool = http_tool(lambda: NetworkAccess())\n"
        "tool.effect_of(tool.validated({'url': 'https://example.org/'}), Grants())\n"
        "assert not {'httpx2', 'httpcore2'} & set(sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
