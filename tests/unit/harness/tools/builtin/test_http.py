"""What a call of http states before it is made, and which arguments it refuses."""

import pytest

from harness.errors import CallError, DeniedError
from harness.tools.builtin.http import http_tool
from policy.approval import Forbidden, NeedsApproval, Requirement, Skip, requirement
from policy.effects import Effect, Reaches
from policy.grants import Grants
from policy.sandbox import NetworkAccess

NOTHING = NetworkAccess()


def effect_of(access: NetworkAccess = NOTHING, **arguments: object) -> Effect:
    tool = http_tool(lambda: access)
    return tool.effect_of(tool.validated({"url": "https://example.org/", **arguments}), Grants())


def test_a_call_reaches_the_host_of_its_url() -> None:
    assert effect_of() == Reaches(("example.org",))
    assert effect_of(url="http://EXAMPLE.org.:8080/x") == Reaches(("example.org:8080",))


@pytest.mark.parametrize(
    ("access", "decided"),
    [
        (NOTHING, NeedsApproval),
        (NetworkAccess(mode="limited", hosts=("example.org",)), Skip),
        (NetworkAccess(mode="limited", hosts=("other.org", "*.example.org")), NeedsApproval),
        (NetworkAccess(mode="full"), Skip),
    ],
)
def test_policy_decides_by_the_host(access: NetworkAccess, decided: type[Requirement]) -> None:
    found = requirement(effect_of(access), policy="on-request", grants=Grants(), network=access)
    assert isinstance(found, decided)


def test_nobody_is_asked_where_the_policy_never_asks() -> None:
    assert isinstance(requirement(effect_of(), policy="never", grants=Grants(), network=NOTHING), Forbidden)


def test_nobody_is_asked_about_an_address_that_would_be_refused_anyway() -> None:
    with pytest.raises(DeniedError):
        effect_of(url="http://169.254.169.254/latest/meta-data")
    named = NetworkAccess(private=("169.254.169.254",))
    assert effect_of(named, url="http://169.254.169.254/") == Reaches(("169.254.169.254",))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"url": "x"}, "does not begin with http"),
        ({"method": "TRACE"}, "method"),
        ({"method": "get"}, "method"),
        ({"body": "a", "json": 1}, "body and json"),
        ({"headers": {"Host": "evil.test"}}, "the header Host is set by the tool itself"),
        ({"headers": {"content-length": "0"}}, "content-length"),
        ({"headers": {"Transfer-Encoding": "chunked"}}, "Transfer-Encoding"),
        ({"headers": {"connection": "close"}}, "connection"),
        ({"headers": {"Proxy-Authorization": "x"}}, "Proxy-Authorization"),
        ({"headers": {"X": "a\r\nHost: evil.test"}}, "no header may hold"),
        ({"headers": {"X\r\nY": "a"}}, "no header may hold"),
        ({"headers": {"X:": "a"}}, "no header may hold"),
        ({"headers": {"": "a"}}, "no header may hold"),
        ({"headers": {"X": "ü"}}, "no header may hold"),
        ({"headers": {"X": "a\0"}}, "no header may hold"),
        ({"headers": {"X": "a" * 40_000}}, "larger than 32,768"),
        ({"timeout_s": 0}, "timeout_s"),
        ({"timeout_s": 61}, "timeout_s"),
        ({"max_bytes": 0}, "max_bytes"),
        ({"max_bytes": 2_000_000}, "max_bytes"),
        ({"proxy": "http://x"}, "proxy"),
    ],
)
def test_arguments_that_are_refused_say_why(arguments: dict[str, object], said: str) -> None:
    with pytest.raises(CallError) as caught:
        effect_of(**arguments)
    assert caught.value.code == "tool.invalid_arguments"
    assert said in caught.value.message
    assert caught.value.hint
