"""The approvers that need no person at a terminal."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import anyio
import pytest

from harness.approvals.allow_list import Allowed, AllowList
from harness.approvals.callback import CallbackApprover
from harness.approvals.deny_all import DenyAll
from harness.testing import ScriptedApprover
from harness.types import ApprovalRequest, Plan
from policy.approval import Abort, Approve, Deny


def asked(tool: str = "send", number: int = 1, **fields: Any) -> ApprovalRequest:
    return ApprovalRequest(id=f"q{number}", tool=tool, **fields)


async def test_a_plain_function_may_block_because_it_runs_in_a_thread() -> None:
    here = threading.get_ident()
    approver = CallbackApprover(lambda request: threading.get_ident() != here)
    assert await approver.decide([asked()]) == [Approve()]


async def test_a_plain_function_is_asked_one_question_after_the_other() -> None:
    seen: list[str] = []

    def answer(request: ApprovalRequest) -> bool:
        seen.append(request.tool)
        return request.tool == "b"

    approver = CallbackApprover(answer)
    assert approver.one_at_a_time
    assert await approver.decide([asked("a", 1), asked("b", 2)]) == [Deny(), Approve()]
    assert seen == ["a", "b"]


async def test_an_async_function_is_asked_all_questions_at_once_and_answers_in_their_order() -> None:
    both = anyio.Event()

    async def answer(request: ApprovalRequest) -> Approve | Deny:
        if request.tool == "b":
            both.set()
        await both.wait()
        return Approve("session") if request.tool == "a" else Deny("no")

    approver = CallbackApprover(answer)
    assert not approver.one_at_a_time
    with anyio.fail_after(5):
        assert await approver.decide([asked("a", 1), asked("b", 2)]) == [Approve("session"), Deny("no")]


class Asker:
    async def __call__(self, request: ApprovalRequest) -> bool:
        return True


async def _ask(flag: bool, request: ApprovalRequest) -> bool:
    return flag


@pytest.mark.parametrize("function", [Asker(), partial(_ask, True), lambda request: _ask(True, request)])
async def test_whatever_gives_an_awaitable_is_awaited(
    function: Callable[[ApprovalRequest], Awaitable[bool]],
) -> None:
    assert await CallbackApprover(function).decide([asked()]) == [Approve()]


@pytest.mark.parametrize("answer", [None, 1, "yes", "y", {}, Approve])
async def test_an_answer_that_is_no_decision_is_an_error_and_no_approval(answer: Any) -> None:
    with pytest.raises(TypeError, match="neither a decision"):
        await CallbackApprover(lambda request: answer).decide([asked()])

    async def later(request: ApprovalRequest) -> Any:
        return answer

    with pytest.raises(TypeError, match="neither a decision"):
        await CallbackApprover(later).decide([asked()])


async def test_what_an_async_function_raises_comes_out_as_it_is() -> None:
    async def answer(request: ApprovalRequest) -> bool:
        if request.tool == "b":
            raise ConnectionError("the dialogue is gone")
        await anyio.sleep_forever()
        return True

    with pytest.raises(ConnectionError, match="the dialogue is gone"):
        await CallbackApprover(answer).decide([asked("a", 1), asked("b", 2)])


async def test_a_cancelled_question_leaves_a_blocked_function_behind() -> None:
    release = threading.Event()
    try:
        with anyio.move_on_after(0.05) as scope:
            await CallbackApprover(lambda request: release.wait(5)).decide([asked()])
        assert scope.cancelled_caught
    finally:
        release.set()


async def test_deny_all_says_why() -> None:
    assert await DenyAll("no person").decide([asked(), asked(number=2)]) == [Deny("no person")] * 2


@pytest.mark.parametrize(
    ("allowed", "request_", "is_covered"),
    [
        ("send", asked("send"), True),
        ("send", asked("Send"), False),
        ("send", asked("send_all"), False),
        ("mail.*", asked("mail.send"), True),
        (Allowed("send", {"to": "*@example.org"}), asked(arguments={"to": "a@example.org"}), True),
        (Allowed("send", {"to": "*@example.org"}), asked(arguments={"to": "a@example.com"}), False),
        (Allowed("send", {"to": "*@example.org"}), asked(arguments={}), False),
        (Allowed("send", {"count": "[1-3]"}), asked(arguments={"count": 2}), True),
        ("send", asked(leaves_sandbox=True), False),
        ("send", asked(is_retry=True), False),
        (Allowed("send", leaves_sandbox=True), asked(leaves_sandbox=True), True),
        (Allowed("send", leaves_sandbox=True), asked(is_retry=True), True),
        ("*", asked("", plan=Plan(("send",), ())), False),
    ],
)
async def test_the_allow_list_covers_what_it_names(
    allowed: str | Allowed, request_: ApprovalRequest, is_covered: bool
) -> None:
    [answer] = await AllowList(allowed).decide([request_])
    assert isinstance(answer, Approve) == is_covered


@pytest.mark.parametrize(
    ("keys", "fields", "is_covered"),
    [
        (["a", "b"], {"keys": ("a",)}, True),
        (["a", "b"], {"keys": ("a", "b")}, True),
        (["a"], {"keys": ("a", "b")}, False),
        (["a"], {"keys": ()}, False),
        (["a"], {"keys": ("a",), "is_retry": True}, False),
    ],
)
async def test_the_allow_list_needs_every_key(keys: list[str], fields: dict[str, Any], is_covered: bool) -> None:
    [answer] = await AllowList(keys=keys).decide([asked(**fields)])
    assert isinstance(answer, Approve) == is_covered


async def test_a_denial_of_the_allow_list_says_what_it_covers() -> None:
    approver = AllowList("read_*", Allowed("send", {"to": "*@example.org"}))
    [answer] = await approver.decide([asked(arguments={"to": "a@b"})])
    assert answer == Deny("the allow list does not cover this call of send; it covers read_*, send(to=*@example.org)")


async def test_the_allow_list_passes_the_others_on_together_and_keeps_the_order() -> None:
    person = ScriptedApprover([Deny("no"), Abort("stop")])
    questions = [asked("a", 1), asked("read", 2), asked("b", 3)]
    assert await AllowList("read", otherwise=person).decide(questions) == [Deny("no"), Approve(), Abort("stop")]
    assert [[request.tool for request in batch] for batch in person.batches] == [["a", "b"]]


async def test_the_allow_list_asks_nobody_when_it_covers_everything() -> None:
    person = ScriptedApprover()
    assert await AllowList("*", otherwise=person).decide([asked()]) == [Approve()]
    assert person.batches == []


async def test_the_allow_list_asks_as_its_other_approver_wants_it() -> None:
    assert AllowList("a", otherwise=CallbackApprover(bool)).one_at_a_time
    assert not AllowList("a", otherwise=DenyAll()).one_at_a_time


async def test_a_scripted_approver_answers_in_order_and_keeps_the_questions() -> None:
    approver = ScriptedApprover([True, Deny("no")])
    assert await approver.decide([asked("a", 1)]) == [Approve()]
    assert await approver.decide([asked("b", 2)]) == [Deny("no")]
    assert [request.tool for request in approver.requests] == ["a", "b"]


async def test_a_scripted_approver_answers_by_tool() -> None:
    approver = ScriptedApprover({"a": True, "*": False})
    assert await approver.decide([asked("a", 1), asked("b", 2), asked("a", 3)]) == [Approve(), Deny(), Approve()]


@pytest.mark.parametrize("answers", [[], {"other": True}])
async def test_a_scripted_approver_without_an_answer_fails(answers: Any) -> None:
    with pytest.raises(AssertionError, match="question 1 has no answer: send: it costs money"):
        await ScriptedApprover(answers).decide([asked(reason="it costs money")])
