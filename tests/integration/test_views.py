"""What the views of a run show of calls that wait, ask and produce output."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import redirect_stderr

import pytest
from rich.console import Console

from harness.cli.given import Block, Given
from harness.cli.live import LiveView
from harness.cli.plain_text import call_line
from harness.cli.views import EventsView, PlainView
from harness.events import (
    ApprovalRequested,
    ApprovalResolved,
    CallFinished,
    CallRequested,
    Event,
    Logged,
    OutputDelta,
)
from harness.types import ApprovalRequest, CallRecord, Outcome

GIVEN = Given("script.py", (Block("return 1"),), is_message=False)
NOW = {"seq": 0, "time": 0.0, "script_id": "r"}
REQUESTED = CallRequested(**NOW, call_id="c1", tool="exec", arguments={"argv": ["make"]}, line=3)
ASKED = ApprovalRequested(**NOW, call_id="c1", request=ApprovalRequest(id="q1", tool="exec"))
RESOLVED = ApprovalResolved(**NOW, call_id="c1", request_id="q1", answer="approved", reason="")
FINISHED = CallFinished(**NOW, call=CallRecord("c1", "exec", {"argv": ["make"]}, "ok", line=3, approval="approved"))


def delta(text: str, call_id: str = "c1") -> OutputDelta:
    return OutputDelta(**NOW, call_id=call_id, stream="stdout", text=text)


class Screen:
    """A live view that draws on a screen of 80 columns, and what stands there now."""

    def __init__(self) -> None:
        self.file = io.StringIO()
        console = Console(file=self.file, force_terminal=True, width=80, highlight=False, _environ={})
        self.view = LiveView(GIVEN, console=console)
        self.view.begin(GIVEN.blocks[0])

    def show(self, *events: Event) -> str:
        for event in events:
            self.view.show(event)
        console = Console(width=80, file=io.StringIO(), _environ={})
        with console.capture() as captured:
            console.print(self.view.drawing())
        return captured.get()

    def text(self) -> str:
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.file.getvalue())


@pytest.fixture
def screen() -> Iterator[Screen]:
    opened = Screen()
    yield opened
    opened.view.end(Outcome(ok=True))


def test_a_call_that_waits_for_an_answer_says_so_until_it_has_one(screen: Screen) -> None:
    assert "waits for an answer" not in screen.show(REQUESTED)
    assert re.search(r"line 3 +\? +tools\.exec\(argv=\[\"make\"\]\) waits for an answer", screen.show(ASKED))
    assert "waits for an answer" not in screen.show(RESOLVED)
    assert re.search(r"✓ +tools\.exec\(argv=\[\"make\"\]\) approved", screen.show(FINISHED))


def test_the_last_lines_of_a_running_command_are_shown(screen: Screen) -> None:
    shown = screen.show(REQUESTED, delta("".join(f"step {n}\n" for n in range(9))), delta("half a li"), delta("ne"))
    assert "step 8" in shown
    assert "half a line" in shown
    assert "step 4" not in shown
    assert "half a line" not in screen.show(FINISHED)


def test_a_line_that_is_written_anew_is_shown_as_it_is_now(screen: Screen) -> None:
    shown = screen.show(REQUESTED, delta("10 %\r20 %"), delta("\r30 %\r"))
    assert "30 %" in shown
    assert "20 %" not in shown
    assert "\\x0d" not in shown


def test_output_cannot_drive_the_terminal(screen: Screen) -> None:
    assert "\\x1b[2J\\x07" in screen.show(REQUESTED, delta("\x1b[2J\x07"))
    assert len(screen.show(delta("x" * 100_000))) < 2000


def test_output_of_an_unknown_call_is_not_shown(screen: Screen) -> None:
    assert "lost" not in screen.show(REQUESTED, delta("lost", call_id="c9"))


def test_nothing_is_drawn_or_printed_while_a_person_is_asked(screen: Screen) -> None:
    with screen.view.suspended():
        assert screen.view.is_suspended
        before = screen.file.getvalue()
        screen.show(REQUESTED, Logged(**NOW, text="a line\nanother\n"))
        assert screen.file.getvalue() == before
    assert not screen.view.is_suspended
    assert screen.text().index("a line") < screen.text().index("another")


def test_a_run_that_ends_while_a_person_is_asked_is_shown_whole(screen: Screen) -> None:
    with screen.view.suspended():
        screen.show(REQUESTED, Logged(**NOW, text="held back\n"), FINISHED)
        screen.view.end(Outcome(ok=True, value="the value"))
        assert screen.text().index("held back") < screen.text().index("the value")
        before = screen.file.getvalue()
    assert screen.file.getvalue() == before


def test_the_plain_view_holds_back_what_a_script_prints_among_a_question() -> None:
    view = PlainView(GIVEN)
    with redirect_stderr(io.StringIO()) as said:
        with view.suspended():
            view.show(Logged(**NOW, text="question: y\n"))
            view.show(FINISHED)
            assert said.getvalue() == ""
            assert view.is_suspended
        assert said.getvalue().startswith("question: y\nline 3: tools.exec")
    assert not view.is_suspended


async def test_views_of_json_hold_nothing_back(capfd: pytest.CaptureFixture[str]) -> None:
    view = EventsView()
    with view.suspended():
        view.show(ASKED)
        assert view.is_suspended
        await view.written()
        assert '"kind": "approval_requested"' in capfd.readouterr().out
    assert not view.is_suspended


def test_a_finished_call_says_how_it_was_answered() -> None:
    assert call_line(FINISHED.call) == 'line 3: tools.exec(argv=["make"]) ok (approved) in 0 ms'
    unasked = CallRecord("c1", "exec", {}, "ok", line=3)
    assert call_line(unasked) == "line 3: tools.exec() ok in 0 ms"
