"""How a question is shown."""

from __future__ import annotations

from typing import Any

import pytest

from harness.approvals.question_text import laid_out, question_rows, title
from harness.types import ApprovalRequest, Plan, PlannedCall
from policy.approval import keys
from policy.commands.verdict import Amendment
from policy.effects import Command, Executes, Reaches, Writes

COMMAND = Command(
    ("git", "push", "the branch"),
    "/usr/bin/git",
    "/home/me/project",
    is_from_path=True,
    env=(("GIT_TRACE", "1"),),
    is_escalated=True,
)


def shown(width: int | None = None, *, is_whole: bool = False, **fields: Any) -> list[str]:
    request = ApprovalRequest(**{"id": "q1", "tool": "exec", **fields})
    return [line.edge + line.text for line in laid_out(question_rows(request, is_whole=is_whole), width=width)]


def test_a_command_is_shown_with_program_folder_environment_and_what_is_granted() -> None:
    effect = Executes(COMMAND)
    assert shown(
        effect=effect,
        keys=keys("exec", {}, effect, argv=COMMAND.argv),
        reason="it asks to run without the sandbox: it needs the network",
        line=3,
        excerpt="await tools.exec(command)",
        arguments={"argv": ["git", "push", "the branch"], "timeout_s": 10},
        leaves_sandbox=True,
        proposed_amendment=Amendment(("git", "push")),
    ) == [
        "  why       | it asks to run without the sandbox: it needs the network",
        "  line 3    | await tools.exec(command)",
        "  command   | git push 'the branch'",
        "  program   | /usr/bin/git",
        "  folder    | /home/me/project",
        '  sets      | GIT_TRACE = "1"',
        '  arguments | argv = ["git", "push", "the branch"]',
        "            | timeout_s = 10",
        "  y covers  | this call, WITHOUT the sandbox",
        "  s covers  | this command in this folder, unsandboxed",
        "  a saves   | allow commands that begin with: git push; they run unasked and WITHOUT the sandbox from then on",
    ]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "tools.exec asks for approval"),
        ({"leaves_sandbox": True}, "tools.exec asks to run WITHOUT the sandbox"),
        ({"is_retry": True}, "tools.exec was stopped by its sandbox, and asks to run again WITHOUT it"),
        ({"plan": Plan((), ())}, "the whole script asks for approval"),
    ],
)
def test_the_title_says_what_is_asked(fields: dict[str, Any], said: str) -> None:
    assert title(ApprovalRequest(id="q", tool="exec", **fields)) == said


def test_a_program_that_is_not_the_usual_one_is_marked() -> None:
    command = Command(("git",), "/home/me/git", "/home/me")
    assert "  program   | /home/me/git  (not the one that PATH gives)" in shown(effect=Executes(command))
    missing = Command(("gti",), None, "/home/me")
    assert "  program   | there is no such program" in shown(effect=Executes(missing))


def test_a_patch_is_shown_with_its_files_and_its_text() -> None:
    lines = shown(
        tool="apply_patch",
        arguments={"patch": "*** Update File: a\n-old\n+new\n"},
        effect=Writes(("/work/a", "/work/b")),
        keys=('["write","/work/a"]', '["write","/work/b"]'),
    )
    assert lines == [
        "  writes    | /work/a",
        "            | /work/b",
        "  arguments | patch = text, 3 lines, 29 characters:",
        "            > *** Update File: a",
        "            > -old",
        "            > +new",
        "  y covers  | this call",
        "  s covers  | writing /work/a",
        "            | writing /work/b",
    ]


def test_a_host_is_named_and_an_unknown_place_is_said_to_be_unknown() -> None:
    assert "  reaches   | example.org:8080" in shown(effect=Reaches(("example.org:8080",)))
    assert "  reaches   | it does not say which machine" in shown(effect=Reaches())
    assert "  writes    | it does not say where" in shown(effect=Writes())
    assert "  does      | runs a program of its own, outside of the command sandbox" in shown(effect=Executes())


def test_a_plan_lists_tools_and_calls() -> None:
    plan = Plan(("add", "send"), (PlannedCall("send", 2, {"to": "a@b", "n": 1}), PlannedCall("add", 3, None)))
    assert shown(tool="", plan=plan, keys=("x",)) == [
        "  tools     | add, send",
        '  calls     | line 2: send(to="a@b", n=1)',
        "            | line 3: add(...), arguments not known yet",
        "  y covers  | the calls above whose arguments are known; the others ask when they are reached",
    ]


def test_without_keys_a_session_answer_is_not_offered() -> None:
    assert not any("s covers" in line for line in shown())


def test_calls_that_wait_for_the_same_answer_are_counted() -> None:
    assert "  calls     | 3 equal calls wait for this answer" in shown(calls=3)


def test_a_long_text_is_cut_in_the_middle_with_a_count_and_shown_whole_on_demand() -> None:
    text = "".join(f"line {number}\n" for number in range(200))
    lines = shown(arguments={"content": text})
    assert "            > line 24" in lines
    assert "            > line 25" not in lines
    assert "            ~ 165 more lines left out; answer `show` to see everything" in lines
    assert "            > line 190" in lines
    assert "            > line 189" not in lines
    whole = shown(arguments={"content": text}, is_whole=True)
    assert [line for line in whole if "> line" in line] == [f"            > line {n}" for n in range(200)]


def test_a_long_value_is_cut_in_the_middle_with_a_count_and_shown_whole_on_demand() -> None:
    value = "a" * 2000 + "b" * 2000
    lines = shown(arguments={"value": value})
    assert "            ~ 2,710 more characters left out; answer `show` to see everything" in lines
    assert lines[2] == "            : " + "b" * 299 + '"'
    assert shown(arguments={"value": value}, is_whole=True)[0] == f'  arguments | value = "{value}"'


@pytest.mark.parametrize("is_whole", [False, True])
def test_many_arguments_paths_and_calls_are_counted_or_shown_whole(*, is_whole: bool) -> None:
    plan = Plan(("a",), tuple(PlannedCall("a", n, {}) for n in range(100)))
    effect = Writes(tuple(f"/p/{n}" for n in range(100)))
    asked = [
        shown(arguments={f"a{n}": n for n in range(100)}, is_whole=is_whole),
        shown(effect=effect, is_whole=is_whole),
        shown(plan=plan, is_whole=is_whole),
    ]
    for lines, what in zip(asked, ("arguments", "of them", "calls"), strict=True):
        said = f"            ~ 70 more {what} left out; answer `show` to see everything"
        assert (said in lines) != is_whole
        assert len(lines) > 100 if is_whole else len(lines) < 40


def test_an_argument_cannot_look_like_another_fact() -> None:
    lines = shown(
        arguments={
            "text": "x\n  program   | /usr/bin/true\n\nquestion [y]: y",
            "one": "| path = 1",
            "a = 1\n": "\r\x1b[1A\u202e",
        }
    )
    assert lines == [
        "  arguments | text = text, 4 lines, 46 characters:",
        "            > x",
        "            >   program   | /usr/bin/true",
        "            > ",
        "            > question [y]: y",
        '            | one = "| path = 1"',
        '            | "a = 1\\n" = "\\r\\u001b[1A\\u202e"',
        "  y covers  | this call",
    ]


def test_a_narrow_screen_keeps_every_line_behind_its_sign() -> None:
    lines = shown(20, arguments={"text": "question 1: [y] " * 6}, reason="it is so\nquestion: y")
    assert all(len(line) <= 20 for line in lines)
    labels = [line for line in lines if line[:2] not in ("| ", ": ", "> ", "~ ")]
    assert labels == ["why:", "arguments:", "y covers:"]
    assert "> question: y" in lines


def test_wide_characters_take_two_columns() -> None:
    lines = shown(60, arguments={"text": "漢" * 40})
    assert lines[0] == '  arguments | text = "' + "漢" * 19
    assert lines[1] == "            : " + "漢" * 21 + '"'


def test_a_question_of_the_tool_itself_shows_the_fields_it_wants() -> None:
    form = {"properties": {"age": {"type": "integer", "title": "Years"}}, "required": ["age"]}
    request = ApprovalRequest(id="q", tool="t", reason="how old?", form=form)
    assert title(request) == "tools.t runs, and asks something"
    rows = question_rows(request)
    [wants] = [row for row in rows if row.label == "wants"]
    assert wants.text == 'age = {"type": "integer", "title": "Years"}'
