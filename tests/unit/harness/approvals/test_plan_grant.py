"""What the approval of a plan covers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.approvals.plan_grant import LiteralCall, PlanGrant
from harness.types import ApprovalRequest
from policy.approval import CallPattern
from policy.effects import Command, Executes

CALL = ApprovalRequest(id="q1", tool="send", arguments={"to": "ann", "n": 1}, keys=("k1", "k2"))
LITERAL = LiteralCall.of(("k1", "k2"), {"n": 1, "to": "ann"})


@pytest.mark.parametrize(
    ("request_", "is_covered"),
    [
        (CALL, True),
        (replace(CALL, id="q2"), True),
        (replace(CALL, arguments={"to": "ann", "n": 2}), False),
        (replace(CALL, keys=("k1",)), False),
        (replace(CALL, keys=("k1", "k2", "k3")), False),
        (replace(CALL, keys=()), False),
        (replace(CALL, is_retry=True), False),
    ],
)
def test_a_literal_call_covers_its_like(request_: ApprovalRequest, is_covered: bool) -> None:
    grant = PlanGrant([LITERAL])
    assert grant.covers(request_) is is_covered
    assert grant.covers(request_) is is_covered  # however often it comes


def test_a_pattern_is_used_up() -> None:
    grant = PlanGrant(patterns=[CallPattern("send", 1, {"to": "a*"}), CallPattern("send", 1)])
    assert [grant.covers(replace(CALL, arguments={"to": to})) for to in ("bob", "ann", "eve")] == [True, True, False]


def test_no_pattern_covers_a_retry_without_the_sandbox() -> None:
    command = Command(("make",), "/usr/bin/make", "/", is_escalated=True)
    call = ApprovalRequest(
        id="q1", tool="exec", arguments={"sandbox": "default"}, effect=Executes(command), leaves_sandbox=True
    )
    grant = PlanGrant(patterns=[CallPattern("exec", 5, {"sandbox": "*"})])
    assert grant.covers(call)
    assert not grant.covers(replace(call, is_retry=True))
