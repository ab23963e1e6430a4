"""`toolscript run` as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.conftest import Command

ADD = ("--tools", "my_tools:ALL")


def test_the_value_goes_to_standard_output_and_the_story_to_standard_error(toolscript: Command) -> None:
    done = toolscript("run", "-", *ADD, stdin="print('hello')\nreturn await tools.add(a=2, b=3)\n")
    assert (done.code, done.out) == (0, "5\n")
    assert "hello\n" in done.err
    assert "line 2: tools.add(a=2, b=3) ok" in done.err


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        ("return 'two\\nlines'", "two\nlines\n"),
        ("return None", "null\n"),
        ("[1, 2][1]", "2\n"),
        ("return {'a': [1, True]}", '{\n  "a": [\n    1,\n    true\n  ]\n}\n'),
        ("return 'ü€😀'", "ü€😀\n"),
    ],
)
def test_a_value_is_printed_as_text_or_json(toolscript: Command, script: str, printed: str) -> None:
    assert toolscript("run", "-", stdin=script).out == printed


def test_json_is_the_outcome_as_one_object(toolscript: Command, folder: Path) -> None:
    (folder / "script.py").write_text("print('x')\nreturn [await tools.add(a=1), context.script_id]\n")
    done = toolscript("run", "script.py", *ADD, "--json")
    assert done.code == 0
    outcome = done.json
    assert outcome["ok"] is True
    assert outcome["value"] == [2, outcome["script_id"]]
    assert outcome["logs"] == "x\n"
    assert [call["tool"] for call in outcome["calls"]] == ["add"]
    assert outcome["usage"]["tool_calls"] == 1
    assert "seccomp" in outcome["barriers"]
    assert done.err == ""


def test_events_are_json_lines_and_the_last_carries_the_outcome(toolscript: Command) -> None:
    done = toolscript("run", "-", *ADD, "--events", stdin="return await tools.add(a=1)")
    kinds = [event["kind"] for event in done.events]
    assert kinds[0] == "run_started"
    assert kinds[-1] == "run_finished"
    assert kinds.index("call_requested") < kinds.index("call_finished")
    assert [event["seq"] for event in done.events] == list(range(len(kinds)))
    assert done.events[-1]["outcome"]["value"] == 2


def test_a_message_runs_its_scripts_in_order_and_stops_after_the_first_that_fails(toolscript: Command) -> None:
    message = (
        "First:\n<tool-calls>\nreturn 1\n</tool-calls>\nthen\n<tool-calls>\nraise ValueError('no')\n</tool-calls>\n"
        "last\n<tool-calls>\nreturn 3\n</tool-calls>\n"
    )
    done = toolscript("run", "-", stdin=message)
    assert done.code == 1
    assert done.out == "1\n"
    assert "script on line 3" in done.err
    assert "ValueError: no" in done.err
    assert "1 more of this message not run" in done.err
    wire = toolscript("run", "-", "--json", stdin=message).json
    assert wire["error"]["code"] == "script.runtime"
    assert [outcome["value"] for outcome in wire["earlier"]] == [1]


def test_a_message_without_an_end_of_its_script_runs_nothing(toolscript: Command) -> None:
    done = toolscript("run", "-", stdin="Look:\n<tool-calls>\nreturn 1\n")
    assert done.code == 1
    assert "script.truncated" in done.err or "script.malformed_block" in done.err
    assert done.out == ""


def test_a_python_file_is_a_script_even_if_it_spells_the_tag(toolscript: Command, folder: Path) -> None:
    (folder / "script.py").write_text("return '<tool-calls>'\n")
    assert toolscript("run", "script.py").out == "<tool-calls>\n"


def test_a_refused_script_shows_every_finding_with_its_place_and_hint(toolscript: Command) -> None:
    done = toolscript("run", "-", *ADD, stdin="import os\nawait tools.ad(a=1)\n")
    assert done.code == 1
    assert "line 1: script.forbidden_import" in done.err
    assert "line 2: tool.not_found" in done.err
    assert "~~" in done.err
    assert "hint:" in done.err


@pytest.mark.parametrize(
    ("script", "options", "code", "error"),
    [
        ("return 1 / 0", (), 1, "script.runtime"),
        ("await tools.fail(reason='x')", ADD, 1, "tool.failed"),
        ("while True: pass", ("--limit", "steps=1000"), 4, "limit.steps"),
        ("import asyncio\nawait asyncio.sleep(9)", ("--limit", "wall_time_s=0.3"), 4, "limit.wall_time"),
        ("import asyncio\nawait asyncio.Event().wait()", (), 1, "script.deadlock"),
        ("return {1: lambda: 0}", (), 1, "script.unserializable"),
    ],
)
def test_the_exit_code_says_how_to_react(
    toolscript: Command, script: str, options: tuple[str, ...], code: int, error: str
) -> None:
    done = toolscript("run", "-", "--json", *options, stdin=script)
    assert done.json["error"]["code"] == error
    assert done.code == code


def test_the_trace_shows_executed_lines(toolscript: Command) -> None:
    script = "total = 0\nfor i in range(2):\n    total += i\nreturn total\n"
    done = toolscript("run", "-", "--trace", stdin=script)
    assert done.out == "1\n"
    assert "total += i" in done.err
    wire = toolscript("run", "-", "--trace", "--json", stdin=script).json
    assert [item["line"] for item in wire["trace"]][:2] == [1, 2]


def test_reading_tools_see_the_workspace_alone(toolscript: Command, folder: Path) -> None:
    (folder / "inside").mkdir()
    (folder / "inside" / "note.txt").write_text("the note\n")
    (folder / "secret.txt").write_text("secret\n")
    read = "return await tools.read_file(path={!r})"
    assert "the note" in toolscript("run", "-", "--workspace", "inside", stdin=read.format("note.txt")).out
    done = toolscript("run", "-", "--workspace", "inside", stdin=read.format("../secret.txt"))
    assert done.code != 0
    assert "secret\n" not in done.out


def test_tools_come_from_a_file_too(toolscript: Command) -> None:
    done = toolscript("run", "-", "--tools", "my_tools.py:plain", stdin="return await tools.plain(text='abc')")
    assert done.out == "ABC\n"


def test_control_characters_of_a_script_do_not_reach_the_terminal(toolscript: Command) -> None:
    done = toolscript("run", "-", stdin="print('\\x1b]0;title\\x07')\nraise ValueError('\\x1b[2J')")
    assert "\x1b" not in done.err
    assert "\\x1b]0;title\\x07" in done.err


def test_output_that_the_encoding_cannot_hold_does_not_end_the_command(toolscript: Command) -> None:
    done = toolscript(
        "run", "-", stdin="return 'ü😀'", env={"LANG": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    )
    assert done.code == 0
    assert done.out == "\\xfc\\U0001f600\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run",), "Missing argument"),
        (("run", "missing.py"), "'missing.py' does not exist"),
        (("run", "my_tool.py"), "did you mean 'my_tools.py'?"),
        (("run", "."), "is a folder"),
        (("run", "-", "--json", "--events"), "exclude each other"),
        (("run", "-", "--tools", "my_tools"), "write MODULE:ATTR"),
        (("run", "-", "--tools", "no_module:x"), "there is no module 'no_module'"),
        (("run", "-", "--tools", "my_tools:nothing"), "has no attribute 'nothing'"),
        (("run", "-", "--tools", "my_tools:TEXT"), "is str, which is no tool"),
        (("run", "-", "--tools", "broken:x"), "importing 'broken' raised ZeroDivisionError"),
        (("run", "-", "--tools", "leaving:x"), "importing 'leaving' raised SystemExit: 3"),
        (("run", "-", "--tools", "my_tools:add", "--tools", "my_tools:add"), "'add'"),
        (("run", "-", "--workspace", "nowhere"), "the workspace cannot be opened"),
        (("run", "-", "--limit", "steps"), "has no value"),
        (("run", "-", "--limit", "stepz=1"), "there is no limit `stepz`"),
        (("run", "-", "--limit", "steps=many"), "`steps` cannot be 'many': it must be a whole number"),
        (("run", "-", "--limit", "steps=0"), "`steps` cannot be '0': input should be greater than 0"),
        (("run", "-", "--allow-host", "https://x.y"), "`network.hosts`: 'https://x.y' is no host: write example.org"),
        (("run", "-", "--approvals", "no/x.db"), "'no/x.db' cannot be used: no such file or directory (hint"),
        (("run", "-", "--confinement", "some"), "--confinement"),
        (("walk",), "No such command"),
    ],
)
def test_wrong_use_is_one_line_with_a_hint(
    toolscript: Command, folder: Path, arguments: tuple[str, ...], said: str
) -> None:
    with (folder / "my_tools.py").open("a") as file:
        file.write("\nTEXT = 'x'\n")
    (folder / "broken.py").write_text("1 / 0\n")
    (folder / "leaving.py").write_text("raise SystemExit(3)\n")
    done = toolscript(*arguments, stdin="return 1")
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err
    assert len(done.err.strip().splitlines()) == 1 or "Usage:" in done.err


def test_an_unreadable_file_is_named(toolscript: Command, folder: Path) -> None:
    import os

    if os.geteuid() == 0:
        (folder / "loop.py").symlink_to("loop.py")
        assert "cannot be read" in toolscript("run", "loop.py").err
        return
    (folder / "shut.py").write_text("return 1")
    (folder / "shut.py").chmod(0)
    done = toolscript("run", "shut.py")
    assert done.code == 2
    assert "may not be read" in done.err


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"\xef\xbb\xbfreturn 1", b"return 1\r\n", b"\0", b"x" * 70_000])
def test_any_bytes_end_in_a_value_or_a_named_error(toolscript: Command, data: bytes) -> None:
    done = toolscript("run", "-", "--json", stdin=data)
    outcome = done.json
    assert done.code == (0 if outcome["ok"] else 1)
    assert outcome["ok"] or outcome["error"]["code"].startswith("script.")


def test_an_error_before_any_run_is_an_object_too(toolscript: Command) -> None:
    done = toolscript("run", "missing.py", "--json")
    assert json.loads(done.out)["error"]["code"] == "config.invalid"
    assert done.code == 2


WRITES = 'await tools.write_file(path="a", content="")\nawait tools.write_file(path="/etc/a", content="")\nreturn 1'


def test_a_dry_run_says_in_plain_text_and_in_json_what_would_be_done(toolscript: Command, folder: Path) -> None:
    (folder / "script.py").write_text(WRITES)
    done = toolscript("run", "script.py", "--workspace", ".", "--mode", "dry-run")
    assert done.code == 0
    assert done.out.splitlines()[:2] == ["dry run: nothing was executed", "tools: write_file"]
    assert 'tools.write_file(path="a", content="") would run' in done.out
    assert 'tools.write_file(path="/etc/a", content="") would be asked about: /etc/a lies outside' in done.out
    shown = json.loads(toolscript("run", "script.py", "--workspace", ".", "--mode", "dry-run", "--json").out)
    assert (shown["mode"], [item["decision"] for item in shown["would_ask"]]) == ("dry-run", ["run", "ask"])
    assert not (folder / "a").exists()


def test_a_dry_run_stays_one_whatever_a_provider_may(toolscript: Command, folder: Path) -> None:
    (folder / "script.py").write_text(WRITES)
    variables = {"TOOLSCRIPT_PROVIDERS": '{p = {mode = "enabled"}}'}
    done = toolscript("run", "script.py", "--workspace", ".", "--mode", "dry-run", "--provider", "p", env=variables)
    assert "dry run" in done.out
    assert not (folder / "a").exists()


def test_disabled_scripts_end_with_their_own_code(toolscript: Command, folder: Path) -> None:
    (folder / "script.py").write_text("return 1")
    done = toolscript("run", "script.py", env={"TOOLSCRIPT_MODE": "disabled"})
    assert done.code == 2
    assert "harness.disabled" in done.err
    assert toolscript("run", "script.py", "--mode", "enabled", env={"TOOLSCRIPT_MODE": "disabled"}).out == "1\n"


def test_a_provider_chooses_what_is_exposed_to_every_command(toolscript: Command, folder: Path) -> None:
    (folder / "script.py").write_text('return await tools.read_file(path="a")')
    variables = {"TOOLSCRIPT_PROVIDERS": '{p = {expose = ["list_dir"]}}'}
    for command in (("check", "script.py"), ("plan", "script.py"), ("run", "script.py")):
        done = toolscript(*command, "--workspace", ".", "--provider", "p", env=variables)
        assert done.code == 1
        assert "tool.not_exposed" in done.out + done.err
    shown = toolscript("tools", "--workspace", ".", "--provider", "p", env=variables).out
    assert "list_dir" in shown
    assert "read_file" not in shown
