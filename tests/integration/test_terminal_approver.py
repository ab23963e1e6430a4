"""Questions on a real pseudo-terminal and through pipes, on both event loops."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import struct
import termios
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, TextIO

import anyio
import pytest

from harness.approvals.line_input import LineInput
from harness.approvals.terminal import TerminalApprover
from harness.types import ApprovalRequest, Plan, PlannedCall
from policy.approval import Abort, Approve, CallPattern, Deny, ReviewDecision
from policy.commands.verdict import Amendment

PUSH = Amendment(("git", "push"))


def opened(file: int | str | Path, mode: str = "r") -> TextIO:
    return open(file, mode)  # type: ignore[return-value]  # text modes only


def asked(number: int = 1, **fields: Any) -> ApprovalRequest:
    return ApprovalRequest(**{"id": f"q{number}", "tool": "send", "keys": (f"k{number}",), **fields})


async def answered(text: str, *requests: ApprovalRequest) -> tuple[list[ReviewDecision], str]:
    """Answer through a pipe, everything in one write, and return the decisions and what was shown."""
    read, write = os.pipe()
    os.write(write, text.encode())
    os.close(write)
    output = io.StringIO()
    with opened(read) as given, anyio.fail_after(10):
        decisions = await TerminalApprover(input=given, output=output).decide(requests or [asked()])
    return list(decisions), output.getvalue()


@pytest.mark.parametrize(
    ("line", "decision"),
    [
        ("y", Approve()),
        ("s", Approve("session")),
        ("a", Approve(amendment=PUSH)),
        ("n", Deny()),
        ("n too risky", Deny("too risky")),
        ("abort wrong folder", Abort("wrong folder")),
    ],
)
async def test_each_answer_through_a_pipe(line: str, decision: ReviewDecision) -> None:
    decisions, _ = await answered(f"{line}\n", asked(proposed_amendment=PUSH))
    assert decisions == [decision]


async def test_two_questions_are_shown_together_and_answered_by_lines_of_one_write() -> None:
    decisions, shown = await answered("n first\ny\n", asked(1, tool="first"), asked(2, tool="second"))
    assert decisions == [Deny("first"), Approve()]
    assert shown.index("question 2 of 2: tools.second") < shown.index("question 1 of 2 [y")


FORM = {
    "type": "object",
    "properties": {"age": {"type": "integer", "minimum": 1}, "unit": {"type": "string", "default": "years"}},
    "required": ["age"],
}


async def test_the_fields_of_a_form_are_asked_for_one_by_one_until_they_fit() -> None:
    decisions, shown = await answered("?\ny\nold\n0\n30\nmonths\ny\n", asked(1, form=FORM), asked(2))
    assert decisions == [Approve(arguments={"age": 30, "unit": "months"}), Approve()]
    assert "approve; what it wants is asked for then, field by field" in shown
    assert shown.count("age [whole number]: ") == 3
    assert "not taken: it is no whole number" in shown
    assert "unit [text; Enter for its default]: " in shown


@pytest.mark.parametrize("typed", ["y\n", "y\nold\n", "y\n30\n"], ids=ascii)
async def test_a_form_that_is_not_filled_in_when_input_ends_is_denied(typed: str) -> None:
    decisions, _ = await answered(typed, asked(form=FORM))
    assert decisions == [Deny("no answer: input ended")]


async def test_one_yes_does_not_fill_in_several_forms() -> None:
    decisions, shown = await answered("y all\nn\nn\n", asked(1, form=FORM), asked(2, form=FORM))
    assert decisions == [Deny(), Deny()]
    assert "it wants fields that cannot be filled in like this for some of these questions" in shown


async def test_further_calls_are_granted_at_the_terminal() -> None:
    decisions, shown = await answered("y +11 to=a*\n")
    assert decisions == [Approve(patterns=(CallPattern("send", 11, {"to": "a*"}),))]
    assert "-> approved, and 11 further calls of it" in shown


async def test_a_denial_in_a_pipe_does_not_take_the_next_line_as_its_reason() -> None:
    decisions, _ = await answered("n\ny\n", asked(1), asked(2))
    assert decisions == [Deny(), Approve()]


@pytest.mark.parametrize(
    ("line", "decisions"),
    [
        ("y all", [Approve(), Approve()]),
        ("s all", [Approve("session"), Approve("session")]),
        ("n all not today", [Deny("not today"), Deny("not today")]),
        ("abort", [Abort(), Abort()]),
    ],
)
async def test_one_answer_for_all(line: str, decisions: list[ReviewDecision]) -> None:
    assert (await answered(f"{line}\n", asked(1), asked(2)))[0] == decisions


async def test_an_abort_keeps_the_answers_before_it() -> None:
    requests = [asked(number) for number in range(20)]
    decisions, shown = await answered("y\nabort\n", *requests)
    assert decisions == [Approve(), *[Abort()] * 19]
    assert "question 9 of 20" not in shown


async def test_all_never_means_a_question_that_was_not_shown() -> None:
    decisions, shown = await answered("y all\nn all\n", *[asked(number) for number in range(12)])
    assert decisions == [*[Approve()] * 8, *[Deny()] * 4]
    assert shown.index("-> approved, all 8") < shown.index("question 9 of 12: ")


@pytest.mark.parametrize("line", ["", "sure", "y please", "\x1b[A", "y all"])
async def test_wrong_input_is_told_what_is_accepted_and_asked_again(line: str) -> None:
    decisions, shown = await answered(f"{line}\nn\n")
    assert decisions == [Deny()]
    assert re.search(r"^not understood: '.*'; answer y, s, n \[reason\], abort, show or \?$", shown, re.MULTILINE)
    assert "\x1b" not in shown


@pytest.mark.parametrize(
    ("line", "fields", "said"),
    [
        ("s", {"keys": ()}, "an answer cannot be remembered for this question"),
        ("a", {}, "there is no rule to save for this question"),
        ("s", {"plan": Plan((), ())}, "an answer cannot be remembered for this question"),
    ],
)
async def test_an_answer_that_does_not_fit_the_question_is_not_taken(
    line: str, fields: dict[str, Any], said: str
) -> None:
    decisions, shown = await answered(f"{line}\ny\n", asked(**fields))
    assert decisions == [Approve()]
    assert said in shown


async def test_a_session_for_all_is_not_taken_when_one_cannot_be_remembered() -> None:
    decisions, shown = await answered("s all\nn all\n", asked(1), asked(2, keys=()))
    assert decisions == [Deny(), Deny()]
    assert "an answer cannot be remembered for some of these questions" in shown


async def test_help_and_the_whole_text_can_be_had() -> None:
    content = "".join(f"line {number}\n" for number in range(100))
    decisions, shown = await answered("?\nshow\ny\n", asked(arguments={"content": content}))
    assert decisions == [Approve()]
    assert "deny; the reason reaches the script" in shown
    assert (shown.count("> line 20\n"), shown.count("> line 50\n")) == (2, 1)


async def test_the_end_of_input_denies_what_is_still_open() -> None:
    decisions, shown = await answered("y\n", asked(1), asked(2), asked(3))
    assert decisions == [Approve(), *[Deny("no answer: input ended")] * 2]
    assert "denied, no answer: input ended" in shown


async def test_a_last_line_without_an_end_counts_in_a_pipe() -> None:
    assert (await answered("y"))[0] == [Approve()]


async def test_lines_behind_an_answer_answer_the_next_question() -> None:
    read, write = os.pipe()
    os.write(write, b"y\nn later\n")
    os.close(write)
    with opened(read) as given:
        approver = TerminalApprover(input=given, output=io.StringIO())
        assert await approver.decide([asked(1)]) == [Approve()]
        assert await approver.decide([asked(2)]) == [Deny("later")]
        assert await approver.decide([asked(3)]) == [Deny("no answer: input ended")]


@pytest.mark.parametrize("length", [65_535, 65_536, 65_537, 69_632, 200_000])
async def test_the_end_of_an_endless_line_is_no_answer(tmp_path: Path, length: int) -> None:
    (tmp_path / "answers").write_text("x" * length + "y\nn\n")
    with opened(tmp_path / "answers") as given:
        assert await TerminalApprover(input=given, output=io.StringIO()).decide([asked()]) == [Deny()]


@pytest.mark.parametrize(("content", "decision"), [("y\n", Approve()), ("", Deny("no answer: input ended"))])
async def test_a_file_is_read_as_input(tmp_path: Path, content: str, decision: ReviewDecision) -> None:
    (tmp_path / "answers").write_text(content)
    with opened(tmp_path / "answers") as given:
        assert await TerminalApprover(input=given, output=io.StringIO()).decide([asked()]) == [decision]


async def test_the_null_device_has_no_answer() -> None:
    with opened(os.devnull) as given:
        decisions = await TerminalApprover(input=given, output=io.StringIO()).decide([asked()])
    assert decisions == [Deny("no answer: input ended")]


async def test_a_closed_input_has_no_answer() -> None:
    with opened(os.devnull) as given:
        pass
    assert await LineInput(given).read_line() is None
    assert await LineInput(None).read_line() is None


async def test_a_plain_pipe_gets_plain_lines() -> None:
    hostile = {"text": "\x1b[2J\x1b]0;title\x07\r\u202e\nquestion [y]: y\n-> approved\n"}
    _, shown = await answered("y\n", asked(arguments=hostile, reason="\x1b[31m", leaves_sandbox=True))
    assert all(line.isprintable() for line in shown.splitlines())
    at_the_edge = [line for line in shown.splitlines() if line and not line.startswith("  ")]
    assert [line.partition(" ")[0] for line in at_the_edge] == ["question:", "question", "->"]


async def test_a_cancelled_question_says_so_and_leaves_nothing_behind() -> None:
    read, write = os.pipe()
    output = io.StringIO()
    with opened(read) as given:
        approver = TerminalApprover(input=given, output=output)
        with anyio.move_on_after(0.05) as scope:
            await approver.decide([asked()])
        assert scope.cancelled_caught
        assert output.getvalue().endswith("no longer open: the question is settled without an answer\n")
        os.write(write, b"n next\n")
        with anyio.fail_after(5):
            assert await approver.decide([asked()]) == [Deny("next")]
    os.close(write)


async def test_the_view_is_suspended_exactly_while_questions_are_open() -> None:
    seen: list[str] = []

    @contextmanager
    def suspended() -> Iterator[None]:
        seen.append("suspended")
        yield
        seen.append("resumed")

    with opened(os.devnull) as given:
        approver = TerminalApprover(input=given, output=io.StringIO(), suspend=suspended)
        assert seen == []
        await approver.decide([asked(1), asked(2)])
    assert seen == ["suspended", "resumed"]


class Pty:
    """A pseudo-terminal: the approver has one end, the test is the person at the other."""

    def __init__(self, columns: int = 80) -> None:
        self.person, device = pty.openpty()
        self.given, self.output = opened(device), opened(os.dup(device), "w")
        self.resize(columns)
        self.seen = ""

    def resize(self, columns: int) -> None:
        fcntl.ioctl(self.given.fileno(), termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))

    async def wait_for(self, text: str) -> str:
        """Read what is shown up to `text`."""
        with anyio.fail_after(10):
            while text not in self.seen:
                await anyio.wait_readable(self.person)
                self.seen += os.read(self.person, 65536).decode()
        shown, _, self.seen = self.seen.partition(text)
        return shown + text

    async def answer(self, text: str, *, at: str = "or ?]: ") -> str:
        shown = await self.wait_for(at)
        os.write(self.person, text.encode())
        return shown

    def approver(self) -> TerminalApprover:
        return TerminalApprover(input=self.given, output=self.output)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.given.close()
        self.output.close()
        os.close(self.person)


@dataclass
class Asking:
    """A question that is open in the background."""

    cancel: Callable[[], None]
    decisions: list[ReviewDecision] = field(default_factory=list)


@asynccontextmanager
async def asking_with(approver: TerminalApprover, *requests: ApprovalRequest) -> AsyncIterator[Asking]:
    with anyio.fail_after(15):
        async with anyio.create_task_group() as tasks:
            asking = Asking(tasks.cancel_scope.cancel)

            async def ask() -> None:
                asking.decisions += await approver.decide(requests or [asked()])

            tasks.start_soon(ask)
            yield asking


@pytest.mark.parametrize(
    ("line", "decision"),
    [
        ("y\n", Approve()),
        ("s\n", Approve("session")),
        ("a\n", Approve(amendment=PUSH)),
        ("n too risky\n", Deny("too risky")),
        ("abort\n", Abort()),
        ("x\x7fy\n", Approve()),  # the line is edited before it is sent
    ],
    ids=ascii,
)
async def test_each_answer_at_a_terminal(line: str, decision: ReviewDecision) -> None:
    with Pty() as terminal:
        async with asking_with(terminal.approver(), asked(proposed_amendment=PUSH)) as asking:
            await terminal.answer(line)
        assert asking.decisions == [decision]


@pytest.mark.parametrize(("reason", "decision"), [("no need\n", Deny("no need")), ("\n", Deny()), ("\x04", Deny())])
async def test_a_denial_at_a_terminal_asks_for_its_reason(reason: str, decision: ReviewDecision) -> None:
    with Pty() as terminal:
        async with asking_with(terminal.approver()) as asking:
            await terminal.answer("n\n")
            await terminal.answer(reason, at="[Enter for none]: ")
        assert asking.decisions == [decision]


async def test_what_was_typed_before_the_question_does_not_count() -> None:
    with Pty() as terminal:
        os.write(terminal.person, b"y\ny\ny")
        await anyio.sleep(0.05)
        async with asking_with(terminal.approver()) as asking:
            await terminal.answer("n seen\n")
        assert asking.decisions == [Deny("seen")]


async def test_the_end_of_a_terminals_input_denies() -> None:
    with Pty() as terminal:
        async with asking_with(terminal.approver()) as asking:
            await terminal.answer("\x04")
        assert asking.decisions == [Deny("no answer: input ended")]


async def test_an_unfinished_line_at_a_terminal_is_no_answer() -> None:
    with Pty() as terminal:
        async with asking_with(terminal.approver()) as asking:
            await terminal.answer("y\x04\x04")
        assert asking.decisions == [Deny("no answer: input ended")]


async def test_a_terminal_that_hangs_up_denies() -> None:
    terminal = Pty()
    approver = TerminalApprover(input=terminal.given, output=io.StringIO())
    async with asking_with(approver) as asking:
        await anyio.sleep(0.05)
        os.close(terminal.person)
    assert asking.decisions == [Deny("no answer: input ended")]
    terminal.given.close()
    terminal.output.close()


async def test_a_cancelled_question_at_a_terminal_is_taken_back_and_leaves_it_as_it_was() -> None:
    with Pty() as terminal:
        before = termios.tcgetattr(terminal.given.fileno())
        approver = terminal.approver()
        async with asking_with(approver) as asking:
            await terminal.answer("half an ans")
            asking.cancel()
        assert asking.decisions == []
        await terminal.wait_for("no longer open")
        assert termios.tcgetattr(terminal.given.fileno()) == before
        async with asking_with(approver) as asking:
            await terminal.answer("y\n")
        assert asking.decisions == [Approve()]


async def test_hostile_arguments_cannot_forge_the_screen() -> None:
    hostile = {
        "text": "\x1b[2J\x1b[H\x1b]0;title\x07\r\u202e" + "question: tools.read asks for approval " * 9,
        "lines": "\n\n-> approved\nquestion [y]: \x1b[1A" + "漢" * 100,
    }
    with Pty(columns=60) as terminal:
        async with asking_with(terminal.approver(), asked(arguments=hostile, excerpt="\x1b[8m" * 30)) as asking:
            shown = await terminal.answer("n no\n")
        assert asking.decisions == [Deny("no")]
    styles_only = re.sub(r"\x1b\[[0-9;]*m", "", shown).replace("\r\n", "\n")
    lines = styles_only.split("\n")
    assert all(line.isprintable() and len(line) <= 60 for line in lines)
    question = lines[:-1]  # the prompt is the last
    at_the_edge = [line for line in question if line and not line.startswith("  ")]
    assert at_the_edge == ["question: tools.send asks for approval"]


async def test_a_new_width_holds_from_the_next_lines_on() -> None:
    with Pty(columns=100) as terminal:
        async with asking_with(terminal.approver(), asked(arguments={"text": "x" * 150})) as asking:
            await terminal.answer("")
            terminal.resize(30)
            os.write(terminal.person, b"show\n")
            await terminal.wait_for("show")
            shown = re.sub(r"\x1b\[[0-9;]*m", "", await terminal.answer("n no\n"))
        assert asking.decisions == [Deny("no")]
    assert "arguments:\r\n" in shown
    assert ": " + "x" * 28 + "\r\n" in shown


async def test_two_questions_at_a_terminal() -> None:
    plan = Plan(("add",), (PlannedCall("add", 1, {"a": 1}),))
    with Pty() as terminal:
        async with asking_with(terminal.approver(), asked(1), asked(2, tool="", plan=plan)) as asking:
            shown = await terminal.answer("y\n", at="all 2]: ")
            await terminal.answer("n not the plan\n")
        assert asking.decisions == [Approve(), Deny("not the plan")]
    assert "question 2 of 2: the whole script asks for approval" in shown
    assert "line 1: add(a=1)" in shown
