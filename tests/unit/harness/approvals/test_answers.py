"""Answers that come as JSON data: nothing is approved by a guess."""

from __future__ import annotations

import pytest

from harness.approvals.answers import question_data, read_answers
from harness.errors import CallError
from harness.types import ApprovalRequest
from policy.approval import Abort, Approve, CallPattern, Deny, ReviewDecision

ONE = ApprovalRequest(id="q1", tool="send", arguments={"to": "a\n| y covers"}, reason="it asks", line=3)
TWO = ApprovalRequest(id="q2", tool="send", arguments={"to": "b"})


@pytest.mark.parametrize(
    ("given", "decision"),
    [
        ("approve", Approve()),
        ("approve_for_session", Approve("session")),
        ("deny", Deny()),
        ({"decision": "deny", "reason": "no"}, Deny("no")),
        ({"decision": "abort", "reason": "stop"}, Abort("stop")),
        ({"decision": "approve", "reason": "said in passing"}, Approve()),
    ],
    ids=str,
)
def test_one_word_answers_all_that_was_shown(given: object, decision: ReviewDecision) -> None:
    assert read_answers(given, [ONE, TWO]) == {"q1": decision, "q2": decision}


def test_each_question_may_have_its_own_word() -> None:
    assert read_answers({"q1": "approve", "q2": {"decision": "deny"}}, [ONE, TWO]) == {"q1": Approve(), "q2": Deny()}
    assert read_answers({"q2": "approve"}, [ONE, TWO]) == {"q2": Approve()}
    assert read_answers({}, [ONE]) == {}


def test_further_calls_are_granted_once_with_an_approval() -> None:
    given = {"decision": "approve", "further_calls": 11, "further_where": {"to": "a*"}}
    granted = Approve(patterns=(CallPattern("send", 11, {"to": "a*"}),))
    assert read_answers(given, [ONE, TWO]) == {"q1": granted, "q2": Approve()}
    assert read_answers({"q1": "approve", "q2": given}, [ONE, TWO]) == {"q1": Approve(), "q2": granted}
    assert read_answers({"decision": "approve", "further_calls": 0}, [ONE]) == {"q1": Approve()}


def test_no_further_calls_are_granted_outside_of_the_sandbox() -> None:
    outside = ApprovalRequest(id="q", tool="exec", leaves_sandbox=True)
    with pytest.raises(CallError, match="further calls cannot be granted"):
        read_answers({"decision": "approve", "further_calls": 1}, [outside])


@pytest.mark.parametrize(
    "given",
    [
        None,
        True,
        1,
        "yes",
        "APPROVE",
        "",
        [],
        ["approve"],
        {"q1": True},
        {"q1": "sure"},
        {"q3": "approve"},
        {"decision": "sure"},
        {"decision": ["approve"]},
        {"q1": {"reason": "no decision"}},
        {"decision": "approve", "further_calls": True},
        {"decision": "approve", "further_calls": "11"},
        {"decision": "approve", "further_calls": 1001},
        {"decision": "approve", "further_where": {"to": "a"}},
        {"decision": "approve", "further_calls": 1, "further_where": "to=a"},
        {"decision": "approve", "further_calls": 1, "further_where": {"to": 1}},
        {"decision": "deny", "further_calls": 1},
    ],
    ids=str,
)
def test_anything_else_is_no_answer(given: object) -> None:
    with pytest.raises(CallError) as raised:
        read_answers(given, [ONE, TWO])
    assert raised.value.code == "tool.invalid_arguments"
    assert "approve" in str(raised.value.hint)


def test_a_long_reason_is_cut() -> None:
    assert read_answers({"decision": "deny", "reason": "x" * 5000}, [ONE]) == {"q1": Deny("x" * 1000)}


def test_a_question_is_plain_data_with_a_text_that_calls_cannot_forge() -> None:
    data = question_data(ONE)
    assert (data["id"], data["tool"], data["line"], data["reason"]) == ("q1", "send", 3, "it asks")
    lines = str(data["text"]).splitlines()
    assert lines[0] == "tools.send asks for approval"
    assert not any(line.startswith("|") or line.lstrip().startswith("y covers ~") for line in lines)
    assert sum("y covers" in line.split("|")[0] for line in lines) == 1
