"""Questions of a suspended run as one form for the person at an MCP client, and the form's answer as decisions.

However many questions are open, the person is asked once: clients give up after some rounds of input.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from harness.approvals.answers import question_text
from harness.approvals.further_calls import MOST_FURTHER_CALLS, further_calls, may_grant_further, read_where
from harness.approvals.replies import MOST_REASON_CHARACTERS, Reply, Word, decision_of_reply, may_answer
from harness.types import ApprovalRequest
from policy.approval import Approve, CallPattern, Deny, ReviewDecision

_ONCE, _SESSION, _AMEND = "y - approve", "s - approve for the session", "a - approve, and save the rule"
_DENY, _ABORT, _SHOW = "n - deny", "abort - stop the script", "show - show the questions with nothing left out"
_WORDS: Final[dict[str, Word]] = {
    _ONCE: "once",
    _SESSION: "session",
    _AMEND: "amend",
    _DENY: "deny",
    _ABORT: "abort",
    _SHOW: "show",
}


@dataclass(frozen=True, slots=True)
class Again:
    """The form is to be shown again.

    Attributes:
        note: What was wrong with the answer, "" if nothing was.
        is_whole: Everything was asked for.
    """

    note: str = ""
    is_whole: bool = False


def form_message(requests: Sequence[ApprovalRequest], again: Again | None = None) -> str:
    """Return the questions as text. What calls bring stands behind a sign on each line (`approvals.question_text`)."""
    again = again or Again()
    parts = [again.note] if again.note else []
    for number, request in enumerate(requests, 1):
        name = f"[{number} of {len(requests)}] " if len(requests) > 1 else ""
        parts.append(name + question_text(request, is_whole=again.is_whole))
    return "\n\n".join(parts)


def form_schema(requests: Sequence[ApprovalRequest]) -> dict[str, Any]:
    """Return the schema of the form's fields: flat, of primitive types, as MCP wants them."""
    properties: dict[str, Any] = {
        "decision": {
            "type": "string",
            "title": "Decision" if len(requests) == 1 else f"Decision about all {len(requests)}",
            "enum": [label for label, word in _WORDS.items() if word == "show" or _fits(word, requests)],
        },
        "reason": {
            "type": "string",
            "title": "Reason",
            "description": "Of a denial; it reaches the script.",
            "maxLength": MOST_REASON_CHARACTERS,
        },
    }
    if len(requests) > 1:
        properties["deny_numbers"] = {
            "type": "string",
            "title": "Deny all the same",
            "description": "Numbers of questions to deny although the others are approved, for example: 2, 5",
        }
    if all(map(may_grant_further, requests)):
        properties |= _further_fields(requests)
    return {"type": "object", "properties": properties, "required": ["decision"]}


def _fits(word: Word, requests: Sequence[ApprovalRequest]) -> bool:
    return all(may_answer(word, request) for request in requests)


def _further_fields(requests: Sequence[ApprovalRequest]) -> dict[str, Any]:
    names = ", ".join(f"tools.{name}" for name in dict.fromkeys(request.tool for request in requests))
    return {
        "further_calls": {
            "type": "integer",
            "title": "Further calls",
            "description": f"How many further calls of {names} this run may make unasked, for loops. 0 for none.",
            "minimum": 0,
            "maximum": MOST_FURTHER_CALLS,
            "default": 0,
        },
        "further_where": {
            "type": "string",
            "title": "Which further calls",
            "description": "Patterns of their arguments, such as to=*@example.org; subject=Report*  Empty for any.",
        },
    }


def read_form(
    requests: Sequence[ApprovalRequest], action: str, content: Mapping[str, object] | None
) -> dict[str, ReviewDecision] | Again:
    """Read the answer to a form.

    Args:
        requests: Those that the form showed, in its order.
        action: "accept", "decline" or "cancel", as the client says.
        content: The fields of an accepted form. They come from the client and may be anything.

    Returns:
        A decision for each question, by its id; or why the form is to be shown again. Nothing is approved by a guess.
    """
    if action != "accept":
        said = "the question was declined" if action == "decline" else "the question was dismissed"
        return {request.id: Deny(said) for request in requests}
    fields = content or {}
    word = _WORDS.get(str(fields.get("decision", "")))
    if word is None or not (word == "show" or _fits(word, requests)):
        return Again("Choose one of the decisions.")
    if word == "show":
        return Again(is_whole=True)
    try:
        denied = _numbers(str(fields.get("deny_numbers") or ""), len(requests))
        patterns = _patterns(requests, fields)
    except ValueError as error:
        return Again(f"{error}. Nothing was decided.")
    reason = str(fields.get("reason") or "")[:MOST_REASON_CHARACTERS]
    if word in ("deny", "abort"):
        return {request.id: decision_of_reply(Reply(word, reason=reason), request) for request in requests}
    decisions: dict[str, ReviewDecision] = {}
    for number, request in enumerate(requests, 1):
        approval = decision_of_reply(Reply(word), request)
        decisions[request.id] = Deny(reason) if number in denied else approval
    return _with_patterns(decisions, patterns)


def _with_patterns(
    decisions: dict[str, ReviewDecision], patterns: tuple[CallPattern, ...]
) -> dict[str, ReviewDecision]:
    """Put the patterns into the first approval: they are granted once, however many questions there were."""
    for request_id, decision in decisions.items():
        if isinstance(decision, Approve) and patterns:
            approval = Approve(decision.scope, decision.arguments, decision.amendment, patterns)
            return {**decisions, request_id: approval}
    return decisions


def _numbers(text: str, most: int) -> set[int]:
    """Read "2, 5".

    Raises:
        ValueError: it is no list of numbers of questions.
    """
    words = [word for word in re.split(r"[,;\s]+", text) if word]
    if not all(word.isascii() and word.isdigit() and 1 <= int(word) <= most for word in words):
        raise ValueError(f"{text[:40]!r} is no list of numbers from 1 to {most}")
    return {int(word) for word in words}


def _patterns(requests: Sequence[ApprovalRequest], fields: Mapping[str, object]) -> tuple[CallPattern, ...]:
    """Read the further calls that are granted.

    Raises:
        ValueError: the count or the patterns cannot be read.
    """
    count = fields.get("further_calls") or 0
    if isinstance(count, bool) or not isinstance(count, (int, float)) or not 0 <= count <= MOST_FURTHER_CALLS:
        raise ValueError(f"further_calls is no number from 0 to {MOST_FURTHER_CALLS}")
    where = read_where(str(fields.get("further_where") or ""))
    if where and not count:
        raise ValueError("further_where says which further calls, and further_calls says none")
    return further_calls(requests, int(count), where) if all(map(may_grant_further, requests)) else ()
