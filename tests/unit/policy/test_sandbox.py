"""What each sandbox policy grants."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from policy.grants import Grants
from policy.sandbox import (
    DangerFullAccess,
    ExternalSandbox,
    NetworkAccess,
    ReadOnly,
    SandboxPolicy,
    WorkspaceWrite,
    grants,
)

WORKSPACE = "/home/user/project"


def granted(policy: SandboxPolicy, network: NetworkAccess = NetworkAccess()) -> Grants:  # noqa: B008  # a frozen value
    return grants(
        policy, network, workspace=WORKSPACE, tmpdir="/var/mine", protected=("/etc/own",), hidden=("/root/.ssh",)
    )


@pytest.mark.parametrize(
    ("policy", "writable"),
    [
        (ReadOnly(), ()),
        (WorkspaceWrite(), (WORKSPACE, "/tmp", "/var/mine")),
        (WorkspaceWrite(tmp=False), (WORKSPACE, "/var/mine")),
        (WorkspaceWrite(tmpdir=False), (WORKSPACE, "/tmp")),
        (WorkspaceWrite(roots=("/srv/data/",), tmp=False, tmpdir=False), (WORKSPACE, "/srv/data")),
    ],
)
def test_what_may_be_written(policy: SandboxPolicy, writable: tuple[str, ...]) -> None:
    assert granted(policy).writable == writable
    assert granted(policy).is_confined


@pytest.mark.parametrize("policy", [DangerFullAccess(), ExternalSandbox()])
def test_without_a_sandbox_everything_may_be_written_but_what_is_protected(policy: SandboxPolicy) -> None:
    found = granted(policy)
    assert not found.is_confined
    assert found.may_write("/anywhere")
    assert not found.may_write("/etc/own")
    assert not found.may_write("/root/.ssh/id")


@pytest.mark.parametrize(
    ("path", "may"),
    [
        (WORKSPACE, True),
        (f"{WORKSPACE}/src/a.py", True),
        (f"{WORKSPACE}-other/a.py", False),
        ("/home/user", False),
        ("/tmp/x", True),
        ("/tmpx", False),
        (f"{WORKSPACE}/.git", False),
        (f"{WORKSPACE}/.git/hooks/pre-commit", False),
        (f"{WORKSPACE}/.github/workflows", True),
        (f"{WORKSPACE}/.toolscript/rules.toml", False),
        (f"{WORKSPACE}/sub/.git/config", True),  # another repository inside: a folder of its own
        ("/etc/own", False),
    ],
)
def test_protected_folders_are_cut_out_of_writable_ones(path: str, may: bool) -> None:
    assert granted(WorkspaceWrite()).may_write(path) is may


@pytest.mark.parametrize(
    ("policy", "network", "expected"),
    [
        (ReadOnly(), "restricted", False),
        (ReadOnly(), "limited", False),
        (ReadOnly(), "full", True),
        (WorkspaceWrite(), "restricted", False),
        (WorkspaceWrite(), "limited", False),
        (WorkspaceWrite(), "full", True),
        (DangerFullAccess(), "restricted", True),
        (ExternalSandbox(), "restricted", False),
        (ExternalSandbox(), "full", True),
    ],
)
def test_the_network_of_commands(policy: SandboxPolicy, network: str, expected: bool) -> None:
    access = NetworkAccess.model_validate({"mode": network, "hosts": ("example.org",) if network == "limited" else ()})
    assert granted(policy, access).network is expected


@pytest.mark.parametrize(
    ("pattern", "host", "names"),
    [
        ("example.org", "example.org", True),
        ("Example.ORG", "example.org", True),
        ("example.org", "www.example.org", False),
        ("example.org", "example.org:8080", False),
        ("example.org:8080", "example.org:8080", True),
        ("*.example.org", "www.example.org", True),
        ("*.example.org", "a.b.example.org", True),
        ("*.example.org", "example.org", False),
        ("*.example.org", "evilexample.org", False),
        ("*.example.org", ".example.org", False),
        ("example.org", "example.org.evil.net", False),
    ],
)
def test_which_hosts_a_pattern_names(pattern: str, host: str, names: bool) -> None:
    assert NetworkAccess(mode="limited", hosts=(pattern,)).names(host) is names


def test_restricted_names_nobody_and_full_everybody() -> None:
    assert not NetworkAccess(mode="restricted", hosts=("example.org",)).names("example.org")
    assert NetworkAccess(mode="full").names("anything")


def test_an_unknown_policy_is_refused() -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(SandboxPolicy).validate_python({"kind": "read-mostly"})


@pytest.mark.parametrize("host", ["localhost", "10.0.0.1", "[::1]:8080", "*.example.org:81", "a_b.c-d.example", "X.Y"])
def test_what_can_be_a_host_is_taken(host: str) -> None:
    assert NetworkAccess(mode="limited", hosts=(host,)).hosts == (host,)


@pytest.mark.parametrize(
    "host",
    ["", "*", "https://example.org", "example.org/path", "a@b.c", "a.*.org", "grüße.example", "x.y:", "x.y:port"],
)
def test_what_no_host_is_called_is_refused_because_it_would_never_match(host: str) -> None:
    with pytest.raises(ValidationError, match="is no host"):
        NetworkAccess(mode="limited", hosts=(host,))


def test_a_private_range_that_is_none_is_refused() -> None:
    assert NetworkAccess(private=("10.0.0.0/8", "::1")).private == ("10.0.0.0/8", "::1")
    with pytest.raises(ValidationError):
        NetworkAccess(private=("localhost",))
