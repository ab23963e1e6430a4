"""Questions and answers as JSON data, for front ends whose person answers elsewhere: MCP clients, frameworks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from harness.approvals.further_calls import MOST_FURTHER_CALLS, further_calls, may_grant_further
from harness.approvals.question_text import laid_out, question_rows, title
from harness.approvals.replies import MOST_REASON_CHARACTERS
from harness.errors import CallError
from harness.types import ApprovalRequest, plain
from policy.approval import Abort, Approve, CallPattern, Deny, ReviewDecision

WORDS: Mapping[str, ReviewDecision] = {
    "approve": Approve(),
    "approve_for_session": Approve("session"),
    "deny": Deny(),
    "abort": Abort(),
}


def question_text(request: ApprovalRequest, *, is_whole: bool = False) -> str:
    """Return a question as lines of text; what a call brings stands behind a sign (`approvals.question_text`)."""
    lines = laid_out(question_rows(request, is_whole=is_whole), width=None)
    return "\n".join([title(request), *(line.edge + line.text for line in lines)])


def question_data(request: ApprovalRequest) -> dict[str, object]:
    """Return a question as plain data, with its text."""
    return {
        "id": request.id,
        "tool": request.tool,
        "arguments": plain(request.arguments),
        "line": request.line,
        "reason": request.reason,
        "leaves_sandbox": request.leaves_sandbox,
        "text": question_text(request),
    }


def read_answers(given: object, requests: Sequence[ApprovalRequest]) -> dict[str, ReviewDecision]:
    """Read answers to questions.

    Args:
        given: One word for all of them, or an object with a word for each id. A word is approve, approve_for_session,
            deny or abort, or an object with `decision` and `reason`; beside an approval `further_calls`, a number, and
            `further_where`, patterns by argument, grant further calls of that tool in the run. It may be anything, and
            nothing is approved by a guess.
        requests: The questions that were shown.

    Raises:
        CallError: `tool.invalid_arguments`, it is no such answer, or about a question that was not shown.
    """
    if isinstance(given, str) or (isinstance(given, Mapping) and "decision" in given):
        return _answer_for_all(given, requests)
    if not isinstance(given, Mapping):
        raise _invalid(f"it is {type(given).__name__}")
    shown = {request.id: request for request in requests}
    unknown = [str(name) for name in given if name not in shown]
    if unknown:
        raise _invalid(f"{unknown[0][:40]!r} is no question that is open")
    return {str(name): _with_further(_decision(item), _further(item, [shown[name]])) for name, item in given.items()}


def _answer_for_all(given: object, requests: Sequence[ApprovalRequest]) -> dict[str, ReviewDecision]:
    """Give every question the same answer; further calls are granted once."""
    decision, further = _decision(given), _further(given, requests)
    return {request.id: _with_further(decision, () if index else further) for index, request in enumerate(requests)}


def _decision(given: object) -> ReviewDecision:
    word, reason = (given.get("decision"), given.get("reason")) if isinstance(given, Mapping) else (given, None)
    decision = WORDS.get(word) if isinstance(word, str) else None
    if decision is None:
        raise _invalid(f"{str(word)[:40]!r} is no decision")
    if reason and isinstance(decision, (Deny, Abort)):
        return type(decision)(str(reason)[:MOST_REASON_CHARACTERS])
    return decision


def _further(given: object, requests: Sequence[ApprovalRequest]) -> tuple[CallPattern, ...]:
    """Read the further calls that an answer grants."""
    if not isinstance(given, Mapping) or ("further_calls" not in given and "further_where" not in given):
        return ()
    count, where = given.get("further_calls"), given.get("further_where") or {}
    if type(count) is not int or not 0 <= count <= MOST_FURTHER_CALLS:
        raise _invalid(f"further_calls is no number from 0 to {MOST_FURTHER_CALLS}")
    if not isinstance(where, Mapping) or not all(isinstance(text, str) for item in where.items() for text in item):
        raise _invalid("further_where has no pattern, a text, for each argument that it names")
    if not all(map(may_grant_further, requests)):
        raise _invalid("further calls cannot be granted with this question")
    return further_calls(requests, count, where)


def _with_further(decision: ReviewDecision, patterns: tuple[CallPattern, ...]) -> ReviewDecision:
    if not patterns:
        return decision
    if not isinstance(decision, Approve):
        raise _invalid("further calls are granted with an approval")
    return replace(decision, patterns=patterns)


def _invalid(fault: str) -> CallError:
    return CallError(
        "tool.invalid_arguments",
        f"the answer cannot be read: {fault}",
        hint=f"send one of {', '.join(WORDS)}, or an object with one for each question's id",
    )
