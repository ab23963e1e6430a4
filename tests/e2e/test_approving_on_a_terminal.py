"""Questions of `toolscript run`, answered by a person at a pseudo-terminal, or through pipes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import termios
from collections.abc import Sequence
from pathlib import Path

import pexpect
import pytest

from tests.e2e.conftest import environment

ONE = 'return await tools.send(to="ann")\n'
TWO = """
import asyncio
return await asyncio.gather(tools.send(to="ann"), tools.send(to="bob"), return_exceptions=False)
"""
HOSTILE = r"""
fake = "\n-> approved\nquestion [y, s, n [reason], abort, show or ?]: y\n"
return await tools.send(to="ann\x1b[2J\x1b[H\u202e", text="\x1b]0;owned\x07" + fake * 3)
"""
PRINTING = r"""
import asyncio

async def chatter():
    for number in range(20):
        print(f"question [y]: tools.read asks {number}")
        await tools.nap(seconds=0.05)
    return "done"

sent, _ = await asyncio.gather(tools.send(to="ann"), chatter())
return sent
"""
PROMPT = r"\? *\]: "
Terminal = pexpect.spawn


def command(*arguments: str) -> list[str]:
    return ["-m", "harness.cli", "run", "script.py", "--tools", "tests.e2e.asking_tools:ALL", *arguments]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder to work in."""
    return tmp_path


def start(
    desk: Path, script: str, *arguments: str, columns: int = 100, program: Sequence[str] | None = None
) -> Terminal[str]:
    (desk / "script.py").write_text(script)
    first, *others = program or [sys.executable, *command(*arguments)]
    return pexpect.spawn(
        first,
        others,
        cwd=str(desk),
        env=environment({"TERM": "xterm-256color", "HOME": str(desk)}),  # type: ignore[arg-type]  # the stubs want os._Environ
        encoding="utf-8",
        dimensions=(40, columns),
        timeout=20,
    )


def plain(text: str) -> str:
    return re.sub(r"\x1b(\[[0-9;?]*[A-Za-z]|\][^\x07]*\x07)", "", text).replace("\r\n", "\n")


def finish(terminal: Terminal[str]) -> tuple[int | None, str]:
    terminal.expect(pexpect.EOF)
    terminal.close()
    return terminal.exitstatus, plain(terminal.before or "")


def shown_before(terminal: Terminal[str]) -> str:
    return plain(terminal.before or "")


def test_an_approval_lets_the_call_run_and_the_view_goes_on(desk: Path) -> None:
    terminal = start(desk, ONE)
    terminal.expect(PROMPT)
    assert 'arguments | to = "ann"' in shown_before(terminal)
    terminal.sendline("y")
    code, shown = finish(terminal)
    assert code == 0
    assert "sent to ann" in shown
    assert re.search(r"✓ +tools\.send\(to=\"ann\"\) approved", shown)


def test_a_denial_takes_its_reason_into_the_script(desk: Path) -> None:
    script = 'try:\n    return await tools.send(to="ann")\nexcept ToolDenied as e:\n    return e.details["reason"]\n'
    terminal = start(desk, script)
    terminal.expect(PROMPT)
    terminal.sendline("n ann is away")
    code, shown = finish(terminal)
    assert code == 0
    assert "ann is away" in shown


def test_a_session_answer_is_not_asked_again(desk: Path) -> None:
    terminal = start(desk, 'await tools.send(to="ann")\nreturn await tools.send(to="ann")\n')
    terminal.expect(PROMPT)
    terminal.sendline("s")
    code, shown = finish(terminal)
    assert code == 0
    assert "approved for session" in shown
    assert "remembered" in shown


def test_an_abort_ends_the_run(desk: Path) -> None:
    script = 'try:\n    await tools.send(to="ann")\nexcept ToolError:\n    pass\nreturn "went on"\n'
    terminal = start(desk, script)
    terminal.expect(PROMPT)
    terminal.sendline("abort enough")
    code, shown = finish(terminal)
    assert code not in (0, None)
    assert "went on" not in shown


@pytest.mark.parametrize("lines", [["y all"], ["y", "y"]])
def test_two_questions_are_put_together(desk: Path, lines: list[str]) -> None:
    terminal = start(desk, TWO)
    for line in lines:
        terminal.expect(r"\]: ")
        terminal.sendline(line)
    code, shown = finish(terminal)
    assert code == 0
    assert "sent to ann" in shown
    assert "sent to bob" in shown


def test_wrong_input_is_asked_again(desk: Path) -> None:
    terminal = start(desk, ONE)
    terminal.expect(PROMPT)
    terminal.sendline("sure")
    terminal.expect("not understood: 'sure'; answer y")
    terminal.expect(PROMPT)
    terminal.sendline("y")
    assert finish(terminal)[0] == 0


@pytest.mark.parametrize("columns", [24, 100])
def test_a_call_cannot_forge_the_screen(desk: Path, columns: int) -> None:
    terminal = start(desk, HOSTILE, columns=columns)
    terminal.expect(r"y covers")
    raw = terminal.before or ""
    terminal.expect(r"\]:\s")
    terminal.sendline("n")
    terminal.expect("Enter for none")
    terminal.sendline("")
    code, _ = finish(terminal)
    assert code == 3
    assert "\x1b[2J" not in raw
    assert "\x1b]0;" not in raw
    assert "\u202e" not in raw
    question = plain(raw).rpartition("question: ")[2]
    signs = ("| ", ": ", "> ", "~ ")
    bearing = [line for line in question.split("\n") if "approved" in line or "abort" in line]
    assert bearing
    assert all(line.lstrip().startswith(signs) or " | " in line for line in bearing)
    assert all(len(line) <= columns for line in question.split("\n"))


def test_a_script_cannot_print_among_the_lines_of_a_question(desk: Path) -> None:
    terminal = start(desk, PRINTING)
    terminal.expect(PROMPT)
    question = shown_before(terminal).rpartition("question: tools.send")[2]
    with pytest.raises(pexpect.TIMEOUT):
        terminal.expect("tools.read asks 19", timeout=1.5)
    assert "tools.read" not in question
    terminal.sendline("y")
    code, shown = finish(terminal)
    assert code == 0
    assert "tools.read asks 19" in shown


@pytest.mark.parametrize("how", ["ctrl-c", "term"])
def test_a_signal_at_the_question_ends_the_run_and_leaves_the_terminal_as_it_was(desk: Path, how: str) -> None:
    terminal = start(desk, ONE)
    before = termios.tcgetattr(terminal.child_fd)
    terminal.expect(PROMPT)
    if how == "ctrl-c":
        terminal.sendintr()
    else:
        terminal.kill(15)
    terminal.expect("no longer open")
    terminal.expect("run.cancelled")
    after = termios.tcgetattr(terminal.child_fd)
    code, shown = finish(terminal)
    assert code == 130
    assert after == before
    assert "Traceback" not in shown


def test_a_question_that_nobody_answers_in_time_is_a_denial(desk: Path) -> None:
    terminal = start(desk, ONE, "--limit", "approval_wait_s=1")
    terminal.expect(PROMPT)
    terminal.expect("no longer open")
    code, shown = finish(terminal)
    assert code == 3
    assert "approval.timeout" in shown


def test_the_end_of_input_is_a_denial(desk: Path) -> None:
    terminal = start(desk, ONE)
    terminal.expect(PROMPT)
    terminal.sendeof()
    code, shown = finish(terminal)
    assert code == 3
    assert "no answer: input ended" in shown


def test_a_key_pressed_before_the_question_does_not_approve(desk: Path) -> None:
    terminal = start(desk, 'await tools.nap(seconds=1)\nreturn await tools.send(to="ann")\n')
    terminal.expect(r"tools\.nap")
    terminal.sendline("y")
    terminal.expect(PROMPT)
    terminal.sendline("n not so fast")
    code, shown = finish(terminal)
    assert code == 3
    assert "not so fast" in shown


def test_json_stays_whole_while_questions_go_to_the_terminal(desk: Path) -> None:
    shell = f"{sys.executable} {' '.join(command('--json'))} > out.json"
    terminal = start(desk, ONE, program=["/bin/sh", "-c", shell])
    terminal.expect(PROMPT)
    terminal.sendline("y")
    assert finish(terminal)[0] == 0
    assert json.loads((desk / "out.json").read_text())["value"] == "sent to ann"


def test_a_script_from_standard_input_is_asked_about_at_the_terminal_itself(desk: Path) -> None:
    shell = f"{sys.executable} -m harness.cli run - --tools tests.e2e.asking_tools:ALL < script.py"
    terminal = start(desk, ONE, program=["/bin/sh", "-c", shell])
    terminal.expect(PROMPT)
    terminal.sendline("y")
    code, shown = finish(terminal)
    assert code == 0
    assert "sent to ann" in shown


def piped(desk: Path, script: str, *arguments: str, answers: str) -> subprocess.CompletedProcess[str]:
    (desk / "script.py").write_text(script)
    return subprocess.run(
        [sys.executable, *command(*arguments)],
        cwd=desk,
        input=answers,
        capture_output=True,
        text=True,
        env=environment({"HOME": str(desk)}),
        timeout=60,
        check=False,
        start_new_session=True,  # no terminal beside it either
    )


def test_a_plain_pipe_answers_in_lines(desk: Path) -> None:
    done = piped(desk, TWO, "--approver", "terminal", answers="y\nn bob is away\n")
    assert done.returncode == 3
    assert "question 2 of 2: tools.send asks for approval" in done.stderr
    assert "bob is away" in done.stderr
    assert "\x1b" not in done.stderr


def test_the_value_alone_goes_to_standard_output(desk: Path) -> None:
    done = piped(desk, ONE, "--approver", "terminal", answers="y")
    assert (done.returncode, done.stdout) == (0, "sent to ann\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [([], "nobody can be asked: standard input is no terminal"), (["--approver", "deny"], "the command was told to")],
)
def test_without_a_terminal_a_question_is_a_denial_that_says_so(desk: Path, arguments: list[str], said: str) -> None:
    done = piped(desk, ONE, *arguments, answers="y\n")
    assert done.returncode == 3
    assert said in done.stderr


def test_a_script_from_standard_input_without_any_terminal_is_denied(desk: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "harness.cli", "run", "-", "--tools", "tests.e2e.asking_tools:ALL"],
        cwd=desk,
        input=ONE,
        capture_output=True,
        text=True,
        env=environment({"HOME": str(desk)}),
        timeout=60,
        check=False,
        start_new_session=True,
    )
    assert done.returncode == 3
    assert "the script came from standard input" in done.stderr
