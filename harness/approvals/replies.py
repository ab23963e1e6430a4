"""What a person types at a question, and what it decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from harness.approvals.form_fields import can_be_typed
from harness.approvals.further_calls import MOST_FURTHER_CALLS, further_calls, may_grant_further, read_where
from harness.tools.json_schema import has_open_fields
from harness.types import ApprovalRequest
from harness.visible_text import unmistakable
from policy.approval import Abort, Approve, Deny, ReviewDecision

Word = Literal["once", "further", "session", "amend", "deny", "abort", "show", "help"]
_WORDS: dict[str, Word] = {
    "y": "once",
    "yes": "once",
    "s": "session",
    "session": "session",
    "a": "amend",
    "amend": "amend",
    "n": "deny",
    "no": "deny",
    "abort": "abort",
    "show": "show",
    "?": "help",
    "help": "help",
}
MOST_REASON_CHARACTERS = 1000
"""Of a denial or an abort, typed or sent as data; the rest is cut."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A line that was understood.

    Attributes:
        word: What is wanted.
        is_for_all: For all questions that are shown and open.
        reason: Of a denial or an abort, "" if none was given.
        further: How many further calls are approved, with "further".
        where: Patterns of their arguments, by name.
    """

    word: Word
    is_for_all: bool = False
    reason: str = ""
    further: int = 0
    where: Mapping[str, str] = field(default_factory=dict)


def parse_reply(line: str, *, has_several: bool) -> Reply | None:
    """Read a line. None when it is not understood: an approval is never guessed.

    Args:
        line: As it was typed.
        has_several: Several questions are open, so that "all" behind the first word means all of them.
    """
    first, _, rest = line.strip().partition(" ")
    word = _WORDS.get(first.lower())
    rest = rest.strip()
    if word is None:
        return None
    is_for_all = False
    if has_several and word not in ("show", "help", "abort"):
        second, _, behind = rest.partition(" ")
        is_for_all = second.lower() == "all"
        rest = behind.strip() if is_for_all else rest
    if word in ("deny", "abort"):
        return Reply(word, is_for_all, unmistakable(rest[:MOST_REASON_CHARACTERS]))
    if word == "once" and rest.startswith("+") and not is_for_all:
        return _further(rest[1:])
    return None if rest else Reply(word, is_for_all)


def _further(text: str) -> Reply | None:
    """Read "11 to=*@example.org", which stood behind "y +"."""
    count, _, where = text.partition(" ")
    if not (count.isascii() and count.isdigit() and len(count) <= 4 and 1 <= int(count) <= MOST_FURTHER_CALLS):
        return None
    try:
        return Reply("further", further=int(count), where=read_where(where))
    except ValueError:
        return None


def may_answer(word: Word, request: ApprovalRequest, *, fills: bool = False) -> bool:
    """Say whether a word answers a question: not every question can be remembered, or has a rule to save.

    Args:
        word: What is wanted.
        request: The question.
        fills: Whoever takes the answer then asks for the fields of a form.
    """
    if word == "session":
        return bool(request.keys) and request.plan is None
    if word == "amend":
        return request.proposed_amendment is not None and request.plan is None
    if word == "further":
        return may_grant_further(request)
    if word == "once" and request.form is not None:
        return (fills and can_be_typed(request.form)) or not has_open_fields(request.form)
    return word in ("once", "deny", "abort")


def decision_of_reply(reply: Reply, request: ApprovalRequest) -> ReviewDecision:
    """Return the decision about one question; `may_answer` holds."""
    if reply.word == "deny":
        return Deny(reply.reason)
    if reply.word == "abort":
        return Abort(reply.reason)
    if reply.word == "session":
        return Approve("session")
    if reply.word == "further":
        return Approve(patterns=further_calls([request], reply.further, reply.where))
    return Approve(amendment=request.proposed_amendment if reply.word == "amend" else None)


def accepted(requests: Sequence[ApprovalRequest], *, fills: bool = False) -> str:
    """Return what the first of open questions accepts, on one line; `fills` as for `may_answer`."""
    first = requests[0]
    words = ["y"] if may_answer("once", first, fills=fills) else []
    words += ["s"] if may_answer("session", first) else []
    words += ["a"] if may_answer("amend", first) else []
    words += ["n [reason]", "abort", "show", "?"]
    several = f'; "y all" answers all {len(requests)}' if len(requests) > 1 else ""
    return ", ".join(words[:-1]) + f" or {words[-1]}{several}"


def help_rows(requests: Sequence[ApprovalRequest], *, fills: bool = False) -> list[tuple[str, str]]:
    """Return each word and what it does; `fills` as for `may_answer`."""
    first = requests[0]
    rows = [("y", "approve once")] if may_answer("once", first) else []
    if not rows and may_answer("once", first, fills=fills):
        rows = [("y", "approve; what it wants is asked for then, field by field")]
    rows += [("s", "approve for the session: the same is not asked again")] if may_answer("session", first) else []
    rows += [("a", "approve, and save the rule that is shown")] if may_answer("amend", first) else []
    if may_answer("further", first):
        rows.append(
            ("y +N [WHICH]", "approve, and N further calls of this tool in this run: y +11 to=*@example.org; cc=*")
        )
    denied = "the script does not run" if first.plan is not None else "the reason reaches the script, which may go on"
    rows += [
        ("n [reason]", f"deny; {denied}"),
        ("abort [reason]", "deny, and end the run"),
        ("show", "show the question again, with nothing left out"),
    ]
    rows += [("y all, n all ...", "answer all questions that are shown")] if len(requests) > 1 else []
    signs = "what the call brings stands behind | : or >; nothing that stands behind them is from toolscript"
    return [*rows, ("signs", signs)]
