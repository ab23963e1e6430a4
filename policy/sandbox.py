"""Sandbox policies and network access, and what each grants: what may be read, written and reached.

Values only. `harness.confine` puts the grants of a command into force; file tools ask `may_write` for advice and
enforce with the open itself.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from ipaddress import ip_network
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, field_validator

from policy.grants import Grants

PROTECTED_NAMES = (".git", ".toolscript")
"""Folders inside a writable root that stay read-only: hooks of one, settings and rules of the other run things."""


_HOST = re.compile(
    r"((\*\.)?[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])(:[0-9]{1,5})?", re.ASCII | re.IGNORECASE
)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NetworkAccess(_Frozen):
    """What may be reached.

    Attributes:
        mode: "restricted" reaches nothing, "limited" the named hosts, "full" everything.
        hosts: For "limited": `example.org`, `*.example.org` for all names below, with `:port` for another port than
            the scheme's. Commands cannot be held to names, so for them "limited" means nothing.
        private: Addresses or CIDR ranges that may be reached although they are private, loopback or link-local.
    """

    mode: Literal["restricted", "limited", "full"] = "restricted"
    hosts: tuple[str, ...] = ()
    private: tuple[str, ...] = ()

    @field_validator("hosts")
    @classmethod
    def _is_host(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        for item in hosts:
            if not _HOST.fullmatch(item):
                raise ValueError(f"{item!r} is no host: write example.org, *.example.org or example.org:8080, in ASCII")
        return hosts

    @field_validator("private")
    @classmethod
    def _is_network(cls, ranges: tuple[str, ...]) -> tuple[str, ...]:
        for item in ranges:
            ip_network(item, strict=False)  # says itself what is wrong
        return ranges

    def names(self, host: str) -> bool:
        """Say whether policy names a host (with `:port` unless it is the scheme's own)."""
        if self.mode == "full":
            return True
        return self.mode == "limited" and any(_matches(host.lower(), pattern.lower()) for pattern in self.hosts)


class ReadOnly(_Frozen):
    """Read everything, write nothing."""

    kind: Literal["read-only"] = "read-only"


class WorkspaceWrite(_Frozen):
    """Read everything, write the workspace.

    Attributes:
        roots: Further folders that may be written.
        tmp: `/tmp` may be written.
        tmpdir: The folder that `$TMPDIR` names may be written.
    """

    kind: Literal["workspace-write"] = "workspace-write"
    roots: tuple[str, ...] = ()
    tmp: bool = True
    tmpdir: bool = True


class DangerFullAccess(_Frozen):
    """No sandbox at all."""

    kind: Literal["danger-full-access"] = "danger-full-access"


class ExternalSandbox(_Frozen):
    """The caller says that this process is confined already."""

    kind: Literal["external-sandbox"] = "external-sandbox"


SandboxPolicy: TypeAlias = Annotated[
    ReadOnly | WorkspaceWrite | DangerFullAccess | ExternalSandbox, Field(discriminator="kind")
]


def grants(
    policy: SandboxPolicy,
    network: NetworkAccess,
    *,
    workspace: str | None,
    tmpdir: str | None = None,
    protected: Iterable[str] = (),
    hidden: Iterable[str] = (),
) -> Grants:
    """Map policies to grants.

    Args:
        policy: For files.
        network: For the network.
        workspace: The workspace's resolved path, or None without one.
        tmpdir: What `$TMPDIR` names, resolved.
        protected: Paths that nothing may write: settings, rules, remembered approvals, the audit record.
        hidden: Paths that nothing may read.
    """
    never_written, never_read = tuple(protected), tuple(hidden)
    if isinstance(policy, (DangerFullAccess, ExternalSandbox)):
        reaches = isinstance(policy, DangerFullAccess) or network.mode == "full"
        return Grants(protected=never_written, hidden=never_read, network=reaches, is_confined=False)
    writable: tuple[str, ...] = ()
    if isinstance(policy, WorkspaceWrite):
        chosen = [workspace, *policy.roots, "/tmp" if policy.tmp else None, tmpdir if policy.tmpdir else None]
        writable = tuple(dict.fromkeys(posixpath.normpath(path) for path in chosen if path))
    inside = tuple(posixpath.join(root, name) for root in writable for name in PROTECTED_NAMES)
    return Grants(
        writable=writable,
        protected=tuple(dict.fromkeys((*inside, *never_written))),
        hidden=never_read,
        network=network.mode == "full",
    )


def _matches(host: str, pattern: str) -> bool:
    if pattern.startswith("*."):
        return host.endswith(pattern[1:]) and host != pattern[1:]
    return host == pattern
