"""Questions to the person at a terminal, or at the other end of a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TextIO

import anyio
from rich.console import Console
from rich.text import Text

from harness.approvals.form_fields import read_field, typed_fields
from harness.approvals.line_input import LineInput
from harness.approvals.question_text import laid_out, question_rows, title, wrapped
from harness.approvals.replies import Reply, accepted, decision_of_reply, help_rows, may_answer, parse_reply
from harness.tools.json_schema import has_open_fields
from harness.types import ApprovalRequest
from harness.visible_text import unmistakable
from policy.approval import Abort, Approve, Deny, ReviewDecision

ENDED = "no answer: input ended"
MOST_SHOWN = 8
"""Questions that are shown together. "all" means those, never one that was not shown."""

LEAST_COLUMNS, USUAL_COLUMNS = 20, 80

_UNFIT = {
    "once": "it wants fields that cannot be filled in like this",
    "further": "further calls cannot be granted",
    "session": "an answer cannot be remembered",
    "amend": "there is no rule to save",
}


class TerminalApprover:
    """Shows questions as text and reads the answers, a line each.

    At a terminal, keys that were pressed before the question stood there do not count. Without one, lines are read as
    they come, and nothing but plain text is written. When input ends, open questions are denied.

    Args:
        input: Where answers come from; a file with a descriptor, or the lines of one that others
            read too. Standard input by default.
        output: Where questions go. Standard error by default.
        suspend: Makes a context in which nothing else draws on the terminal; entered while questions are open.
    """

    one_at_a_time = True

    def __init__(
        self,
        *,
        input: TextIO | LineInput | None = None,  # noqa: A002  # the name that people look for
        output: TextIO | None = None,
        suspend: Callable[[], AbstractContextManager[object]] | None = None,
    ) -> None:
        self._lines = input if isinstance(input, LineInput) else LineInput(sys.stdin if input is None else input)
        self._output = sys.stderr if output is None else output
        self._console = Console(file=self._output, highlight=False, markup=False, emoji=False)
        self._suspend = nullcontext if suspend is None else suspend

    async def decide(self, requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        """Ask, some questions at a time, until each has its answer."""
        decisions: list[ReviewDecision] = []
        with self._suspend():
            try:
                while len(decisions) < len(requests):
                    shown = requests[len(decisions) : len(decisions) + MOST_SHOWN]
                    decisions += await self._decide_shown(shown, len(decisions), len(requests))
                    if isinstance(decisions[-1], Abort):
                        decisions += [decisions[-1]] * (len(requests) - len(decisions))
            except anyio.get_cancelled_exc_class():
                self._say("\nno longer open: the question is settled without an answer")
                raise
        return decisions

    async def _decide_shown(
        self, requests: Sequence[ApprovalRequest], before: int, total: int
    ) -> Sequence[ReviewDecision]:
        names = _names(before, len(requests), total)
        for name, request in zip(names, requests, strict=True):
            self._show(name, request)
        self._lines.forget_typed_ahead()
        decisions: list[ReviewDecision] = []
        while len(decisions) < len(requests):
            open_ones = requests[len(decisions) :]
            reply = await self._reply(names[len(decisions)], open_ones)
            if reply is None:
                self._say(f"-> denied, {ENDED}")
                return decisions + [Deny(ENDED)] * len(open_ones)
            answered = open_ones if reply.is_for_all or reply.word == "abort" else open_ones[:1]
            decisions += [await self._decided(reply, request) for request in answered]
            self._say(f"-> {_said(decisions[-1])}{f', all {len(answered)}' if reply.is_for_all else ''}")
        return decisions

    async def _decided(self, reply: Reply, request: ApprovalRequest) -> ReviewDecision:
        """Return the decision, with the fields of a form that a yes alone does not answer."""
        form = request.form
        if reply.word != "once" or form is None or not has_open_fields(form):
            return decision_of_reply(reply, request)
        given: dict[str, object] = {}
        for name, prompt in typed_fields(form).items():
            field = await self._field(form, name, prompt)
            if field is None:
                return Deny(ENDED)
            given |= field
        return Approve(arguments=given)

    async def _field(self, form: Mapping[str, object], name: str, prompt: str) -> dict[str, object] | None:
        """Ask until a field has a value that fits, or the input ends (None)."""
        while True:
            line = await self._ask(prompt)
            if line is None:
                return None
            try:
                return read_field(form, name, line)
            except ValueError as error:
                self._say(f"not taken: {unmistakable(str(error))[:200]}")

    async def _reply(self, name: str, requests: Sequence[ApprovalRequest]) -> Reply | None:
        """Ask until the answer is one, or the input ends (None)."""
        while True:
            line = await self._ask(f"{name} [{accepted(requests, fills=True)}]: ")
            if line is None:
                return None
            reply = parse_reply(line, has_several=len(requests) > 1)
            if reply is not None and reply.word == "help":
                self._help(requests)
            elif reply is not None and reply.word == "show":
                self._show(name, requests[0], is_whole=True)
                self._lines.forget_typed_ahead()
            elif reply is not None and self._is_possible(reply, requests):
                return await self._with_reason(reply)
            elif reply is None:
                self._say(
                    f"not understood: {unmistakable(line.strip())[:40]!r}; answer {accepted(requests, fills=True)}"
                )

    def _is_possible(self, reply: Reply, requests: Sequence[ApprovalRequest]) -> bool:
        """Say what stands against a reply, if something does."""
        meant = requests if reply.is_for_all else requests[:1]
        fills = not reply.is_for_all  # fields are asked for one question at a time
        is_possible = all(may_answer(reply.word, request, fills=fills) for request in meant)
        if not is_possible:
            which = "for this question" if len(meant) == 1 else "for some of these questions"
            self._say(f"{_UNFIT[reply.word]} {which}; answer {accepted(requests, fills=True)}")
        return is_possible

    async def _with_reason(self, reply: Reply) -> Reply:
        """Ask for the reason of a denial, at a terminal; in a pipe the next line answers the next question."""
        if reply.word != "deny" or reply.reason or not self._lines.is_terminal:
            return reply
        reason = await self._ask("reason, which the script reads [Enter for none]: ")
        return Reply("deny", reply.is_for_all, unmistakable((reason or "").strip()))

    async def _ask(self, prompt: str) -> str | None:
        self._write(Text(prompt if self._lines.is_terminal else f"{prompt}\n", "bold"))
        return await self._lines.read_line()

    def _show(self, name: str, request: ApprovalRequest, *, is_whole: bool = False) -> None:
        is_outside = request.leaves_sandbox or request.is_retry
        width = self._width()
        self._say("")
        for line in wrapped(f"{name}: {title(request)}", width=width):
            self._say(line, style="bold red" if is_outside else "bold")
        for row in laid_out(question_rows(request, is_whole=is_whole), width=width):
            self._write(Text.assemble((row.edge, "dim"), (row.text, row.style), "\n"))

    def _help(self, requests: Sequence[ApprovalRequest]) -> None:
        for word, meaning in help_rows(requests, fills=True):
            self._say(f"  {word:<16} {meaning}")

    def _say(self, line: str, *, style: str = "") -> None:
        self._write(Text(f"{line}\n", style))

    def _write(self, text: Text) -> None:
        encoding = getattr(self._output, "encoding", None) or "utf-8"
        text.plain = text.plain.encode(encoding, "backslashreplace").decode(encoding)
        self._console.print(text, end="", soft_wrap=True)  # lines are as wide as they shall be

    def _width(self) -> int | None:
        """Columns of the screen as it is now, None when it is no screen."""
        try:
            columns = os.get_terminal_size(self._output.fileno()).columns
        except (OSError, ValueError):
            return None
        return max(columns, LEAST_COLUMNS) if columns else USUAL_COLUMNS


def _names(before: int, count: int, total: int) -> list[str]:
    if total == 1:
        return ["question"]
    return [f"question {number} of {total}" for number in range(before + 1, before + count + 1)]


def _said(decision: ReviewDecision) -> str:
    if isinstance(decision, Abort):
        return "the run ends"
    if isinstance(decision, Deny):
        return "denied"
    if decision.amendment is not None:
        return "approved, and the rule is saved"
    if decision.patterns:
        return f"approved, and {decision.patterns[0].count} further calls of it"
    return "approved for the session" if decision.scope == "session" else "approved"
