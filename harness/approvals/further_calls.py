"""Further calls of a run that a person grants with one answer, so that a loop is one question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from harness.types import ApprovalRequest
from policy.approval import CallPattern

MOST_FURTHER_CALLS: Final = 1000


def may_grant_further(request: ApprovalRequest) -> bool:
    """Say whether further calls can be granted with the answer: not beside a plan, nor outside of the sandbox."""
    return request.plan is None and request.form is None and not request.leaves_sandbox


def read_where(text: str) -> dict[str, str]:
    """Read which calls are meant: `to=*@example.org; subject=Report*`, "" for any.

    Raises:
        ValueError: it is no list of patterns.
    """
    globs: dict[str, str] = {}
    for part in filter(None, (item.strip() for item in text.split(";"))):
        name, sign, glob = part.partition("=")
        if not sign or not name.strip().isidentifier():
            raise ValueError(f"{part[:40]!r} is no pattern such as to=*@example.org")
        globs[name.strip()] = glob.strip()
    return globs


def further_calls(requests: Sequence[ApprovalRequest], count: int, where: Mapping[str, str]) -> tuple[CallPattern, ...]:
    """Return the grant: `count` calls of each tool that is asked about, whose arguments fit."""
    tools = dict.fromkeys(request.tool for request in requests)
    return tuple(CallPattern(tool, count, dict(where)) for tool in tools) if count else ()
