"""`check`, `plan`, `explain`, `tools`, `doctor`: the commands that run nothing of the user's."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from tests.e2e.conftest import Command, environment

TOOLS = ("--tools", "my_tools:ALL")
REFUSED = "import os\nx = eval('1')\n"


def test_check_prints_every_finding(toolscript: Command) -> None:
    done = toolscript("check", "-", stdin=REFUSED)
    assert done.code == 1
    assert "script.forbidden_import" in done.out
    assert "script.forbidden_name" in done.out


def test_check_accepts_a_right_script_and_runs_nothing(toolscript: Command) -> None:
    done = toolscript("check", "-", *TOOLS, stdin="await tools.fail(reason='never')")
    assert done.code == 0
    assert done.out.startswith("ok\n")


def test_check_as_json_has_diagnostics_and_plan(toolscript: Command) -> None:
    refused = toolscript("check", "-", "--json", stdin=REFUSED).json
    assert refused["ok"] is False
    first = refused["diagnostics"][0]
    assert (first["code"], first["line"], first["column"]) == ("script.forbidden_import", 1, 8)
    accepted = toolscript("check", "-", "--json", *TOOLS, stdin="return await tools.add(a=1)").json
    assert accepted["plan"] == {"tools": ["add"], "calls": [{"tool": "add", "line": 1, "arguments": {"a": 1}}]}


def test_check_looks_at_every_script_of_a_message(toolscript: Command) -> None:
    message = "<tool-calls>\nimport os\n</tool-calls>\n\n<tool-calls>\nreturn 1\n</tool-calls>\n"
    report = toolscript("check", "-", "--json", stdin=message).json
    assert report["ok"] is False
    assert [(script["message_line"], script["ok"]) for script in report["scripts"]] == [(2, False), (6, True)]


def test_plan_prints_tools_and_calls(toolscript: Command) -> None:
    done = toolscript("plan", "-", *TOOLS, stdin="n = 2\nawait tools.add(a=1)\nreturn await tools.add(a=n)")
    assert done.code == 0
    assert done.out == "tools: add\nline 2: tools.add(a=1)\nline 3: tools.add(...)\n"


def test_plan_of_a_refused_script_is_its_findings(toolscript: Command) -> None:
    done = toolscript("plan", "-", stdin=REFUSED)
    assert done.code == 1
    assert "script.forbidden_import" in done.out


def test_every_code_has_an_explanation_with_a_corrected_example(toolscript: Command) -> None:
    codes = toolscript("explain").out.split()
    assert "script.forbidden_import" in codes
    explanation = toolscript("explain", "script.forbidden_import", "--json").json
    assert set(explanation) == {"code", "meaning", "action", "retryable", "wrong", "right", "is_reserved"}
    said = toolscript("explain", "script.forbidden_import").out
    assert "wrong:" in said
    assert "right:" in said


def test_explain_of_a_script_explains_each_code_once(toolscript: Command) -> None:
    done = toolscript("explain", "-", stdin="import os\nimport sys\n")
    assert done.code == 1
    assert done.out.count("right:") == 1
    assert done.out.count("line ") >= 2


def test_explain_of_a_right_script_has_nothing_to_say(toolscript: Command) -> None:
    done = toolscript("explain", "-", stdin="return 1")
    assert (done.code, done.out) == (0, "ok: there is nothing to explain\n")


def test_tools_are_shown_as_python_that_parses(toolscript: Command) -> None:
    done = toolscript("tools", *TOOLS, "--workspace", ".")
    assert done.code == 0
    names = [node.name for node in ast.parse(done.out).body if isinstance(node, ast.AsyncFunctionDef)]
    assert {"add", "nap", "fail", "plain", "read_file", "list_dir", "file_search", "grep_files"} <= set(names)
    assert "async def add(a: int, b: int = 1) -> int:" in done.out


def test_tools_as_json_have_schemas(toolscript: Command) -> None:
    described = {item["name"]: item for item in toolscript("tools", *TOOLS, "--json").json["tools"]}
    assert described["add"]["parameters"]["properties"]["a"]["type"] == "integer"
    assert described["add"]["risk"] == "read"


def test_tools_prints_what_a_model_is_told(toolscript: Command) -> None:
    full = toolscript("tools", *TOOLS, "--instructions", "native")
    assert full.out.startswith("# Scripts\n")
    assert "`run_script`" in full.out
    assert '"""Add two numbers."""' in full.out
    budget = ("--workspace", ".", "--instructions", "tags", "--budget", "3000")
    short = toolscript("tools", *TOOLS, *budget, "--json").json["instructions"]
    assert "...  # Add two numbers." in short
    assert "<tool-calls>" in short
    assert "There are no imports." in toolscript("tools", "--instructions", "tags", "--language", "strict").out


def test_a_budget_that_is_too_small_or_for_nothing_is_wrong_use(toolscript: Command) -> None:
    small = toolscript("tools", *TOOLS, "--instructions", "tags", "--budget", "10")
    assert small.code == 2
    assert "tokens at least, and budget_tokens is 10" in small.err
    alone = toolscript("tools", *TOOLS, "--budget", "10")
    assert (alone.code, "--budget is for --instructions" in alone.err) == (2, True)


def test_tools_without_any_says_how_to_add_some(toolscript: Command) -> None:
    assert "--workspace" in toolscript("tools").out


@pytest.mark.parametrize("command", ["run", "check", "plan", "explain"])
def test_a_script_that_finds_no_tools_at_all_is_told_where_they_come_from(toolscript: Command, command: str) -> None:
    said = "there are no tools: add --workspace DIR or --tools MODULE:ATTR"
    assert said in toolscript(command, "-", stdin="await tools.add(a=1)").err
    assert said not in toolscript(command, "-", *TOOLS, stdin="await tools.ad(a=1)").err
    assert said not in toolscript(command, "-", stdin="import os").err


@pytest.mark.parametrize(
    ("word", "hint"),
    [("sript.syntax", "did you mean script.syntax?"), ("nonsense", "toolscript explain lists the codes")],
)
def test_explain_of_an_unknown_word_says_what_could_stand_there(toolscript: Command, word: str, hint: str) -> None:
    done = toolscript("explain", word)
    assert done.code == 2
    assert f"{word!r} is neither an error code nor a file (hint: {hint})" in done.err


def test_doctor_names_every_barrier_and_runs_a_script(toolscript: Command) -> None:
    done = toolscript("doctor", "--json")
    report = done.json
    assert done.code == (0 if report["ok"] else 5)
    barriers = {item["name"]: item for item in report["barriers"]}
    assert {"seccomp", "rlimits", "landlock", "user_namespace"} <= set(barriers)
    assert all(item["enforced"] or item["why"] for item in barriers.values())
    said = toolscript("doctor").out
    assert all(name in said for name in barriers)


def test_the_modules_of_the_command_wait_until_they_are_needed() -> None:
    program = "import sys, harness.cli; print([m for m in ('typer', 'rich', 'pydantic') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment(), check=True
    )
    assert done.stdout.strip() == "[]"
