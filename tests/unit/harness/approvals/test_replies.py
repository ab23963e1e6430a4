"""What a typed line decides."""

from __future__ import annotations

import pytest

from harness.approvals.replies import Reply, accepted, decision_of_reply, help_rows, may_answer, parse_reply
from harness.types import ApprovalRequest, Plan
from policy.approval import Abort, Approve, CallPattern, Deny
from policy.commands.verdict import Amendment

PLAIN = ApprovalRequest(id="q", tool="send")
FULL = ApprovalRequest(id="q", tool="exec", keys=("k",), proposed_amendment=Amendment(("git", "push")))
PLAN = ApprovalRequest(id="q", tool="", keys=("k",), plan=Plan((), ()))


@pytest.mark.parametrize(
    ("line", "reply"),
    [
        ("y", Reply("once")),
        (" YES \r", Reply("once")),
        ("s", Reply("session")),
        ("a", Reply("amend")),
        ("n", Reply("deny")),
        ("n too risky", Reply("deny", reason="too risky")),
        ("no   thanks", Reply("deny", reason="thanks")),
        ("n all of it is wrong", Reply("deny", reason="all of it is wrong")),
        ("abort enough", Reply("abort", reason="enough")),
        ("n \x1b[2J\u202e", Reply("deny", reason="\\x1b[2J\\u202e")),
        ("?", Reply("help")),
        ("show", Reply("show")),
        ("y +11", Reply("further", further=11)),
        ("yes +2 to=*@example.org; cc=", Reply("further", further=2, where={"to": "*@example.org", "cc": ""})),
    ],
    ids=ascii,
)
def test_a_line_is_read(line: str, reply: Reply) -> None:
    assert parse_reply(line, has_several=False) == reply


@pytest.mark.parametrize(
    "line",
    [
        "",
        " ",
        "ye",
        "yy",
        "y y",
        "y please",
        "y all",
        "Y\x1b[A",
        "\x1b[Ay",
        "y\x00",
        "y +",
        "y +0",
        "y +1001",
        "y +1 all",
        "s +1",
        "y+1",
        "y +-1",
        "sure",
        "ok",
        "1",
        "y\u200b",
    ],
    ids=ascii,
)
def test_an_approval_is_never_guessed(line: str) -> None:
    assert parse_reply(line, has_several=False) is None


@pytest.mark.parametrize(
    ("line", "reply"),
    [
        ("y all", Reply("once", is_for_all=True)),
        ("s ALL", Reply("session", is_for_all=True)),
        ("n all not now", Reply("deny", is_for_all=True, reason="not now")),
        ("n alligators", Reply("deny", reason="alligators")),
        ("y", Reply("once")),
        ("y all of them", None),
        ("y alll", None),
        ("y all +3", None),
    ],
)
def test_all_means_all_questions_only_where_there_are_several(line: str, reply: Reply | None) -> None:
    assert parse_reply(line, has_several=True) == reply


def test_a_word_is_accepted_only_where_it_means_something() -> None:
    assert [may_answer("session", request) for request in (PLAIN, FULL, PLAN)] == [False, True, False]
    assert [may_answer("amend", request) for request in (PLAIN, FULL, PLAN)] == [False, True, False]
    assert accepted([PLAIN]) == "y, n [reason], abort, show or ?"
    assert accepted([FULL, PLAIN]).startswith("y, s, a, n [reason], abort, show or ?; ")


def test_a_reply_becomes_a_decision() -> None:
    assert decision_of_reply(Reply("once"), FULL) == Approve()
    assert decision_of_reply(Reply("session"), FULL) == Approve("session")
    assert decision_of_reply(Reply("amend"), FULL) == Approve(amendment=Amendment(("git", "push")))
    assert decision_of_reply(Reply("deny", reason="no"), FULL) == Deny("no")
    assert decision_of_reply(Reply("abort", reason="no"), FULL) == Abort("no")


def test_further_calls_are_granted_of_the_tool_that_is_asked_about_and_never_outside_of_the_sandbox() -> None:
    reply = Reply("further", further=11, where={"to": "a*"})
    assert decision_of_reply(reply, PLAIN) == Approve(patterns=(CallPattern("send", 11, {"to": "a*"}),))
    outside = ApprovalRequest(id="q", tool="exec", leaves_sandbox=True)
    wants = ApprovalRequest(id="q", tool="t", form={})
    assert [may_answer("further", request) for request in (PLAIN, FULL, PLAN, outside, wants)] == [
        True,
        True,
        *[False] * 3,
    ]
    assert "y +N [WHICH]" in dict(help_rows([PLAIN]))
    assert "y +N [WHICH]" not in dict(help_rows([outside]))


def test_help_says_what_a_denial_does() -> None:
    assert dict(help_rows([PLAIN]))["n [reason]"] == "deny; the reason reaches the script, which may go on"
    assert dict(help_rows([PLAN]))["n [reason]"] == "deny; the script does not run"
    assert [word for word, _ in help_rows([FULL, PLAIN])][:3] == ["y", "s", "a"]


def test_a_question_that_wants_fields_is_not_answered_by_yes() -> None:
    wants = ApprovalRequest(id="q", tool="t", form={"properties": {"a": {"type": "string"}}, "required": ["a"]})
    confirms = ApprovalRequest(id="q", tool="t", form={})
    assert not may_answer("once", wants)
    assert accepted([wants]).startswith("n [reason]")
    assert may_answer("once", confirms)
    assert accepted([confirms]).startswith("y, n [reason]")


def test_a_long_reason_is_cut() -> None:
    assert parse_reply("n " + "x" * 5000, has_several=False) == Reply("deny", reason="x" * 1000)
