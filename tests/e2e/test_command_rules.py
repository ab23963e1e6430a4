"""`toolscript rules check` and `toolscript rules test` as a user runs them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.conftest import Command

RULES = """
[[rule]]
prefix = ["git", ["push", "fetch"]]
decision = "forbidden"
justification = "the network belongs to a person"
match = ["git push origin"]
not_match = ["git status"]

[[rule]]
prefix = ["git", "commit"]
decision = "prompt"

[[rule]]
prefix = ["ls", "-l"]
decision = "allow"
"""


@pytest.fixture
def rules(folder: Path) -> Path:
    """The user's rules."""
    home = folder / ".config" / "toolscript"
    home.mkdir(parents=True, mode=0o700)
    path = home / "rules.toml"
    path.write_text(RULES)
    path.chmod(0o600)
    return path


@pytest.mark.parametrize(
    ("words", "code", "decision", "matched"),
    [
        (["git", "push", "origin"], 3, "forbidden", ["user: forbidden git push"]),
        (["git", "commit", "-m", "x"], 0, "ask", ["user: prompt git commit"]),
        (["ls", "-l"], 0, "run", ["user: allow ls -l"]),
        (["git", "status"], 0, "run", ["none matched"]),
        (["rm", "-rf", "x"], 0, "ask", ["none matched"]),
        (["sudo", "ls"], 0, "ask", ["built-in: prompt sudo"]),
        (
            ["bash", "-lc", "git commit && git push"],
            3,
            "forbidden",
            ["user: forbidden git push", "user: prompt git commit"],
        ),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else None,
)
def test_the_decision_comes_first_and_every_rule_that_matched_is_named(
    toolscript: Command, rules: Path, words: list[str], code: int, decision: str, matched: list[str]
) -> None:
    done = toolscript("rules", "check", "--", *words)
    assert done.code == code, done.err
    assert done.out.startswith(decision)
    for rule in matched:
        assert f"rule      {rule}" in done.out


def test_json_has_the_evidence(toolscript: Command, rules: Path) -> None:
    done = toolscript("rules", "check", "--json", "--", "bash", "-lc", "ls -l && git push")
    assert done.code == 3
    judgement = done.json
    assert judgement["decision"] == "forbidden"
    assert "the network belongs to a person" in judgement["reason"]
    assert judgement["segments"] == [["ls", "-l"], ["git", "push"]]
    assert {item["decision"] for item in judgement["matched"]} >= {"forbidden"}
    assert judgement["is_from_path"] is True
    assert not judgement["is_known_safe"]


def test_a_command_that_leaves_the_sandbox_by_rule_or_by_request_says_so(toolscript: Command, rules: Path) -> None:
    assert toolscript("rules", "check", "--json", "--", "ls", "-l").json["is_confined"] is False
    assert toolscript("rules", "check", "--json", "--", "ls").json["is_confined"] is True
    asked = toolscript("rules", "check", "--json", "--unsandboxed", "--", "git", "add", "x").json
    assert (asked["decision"], asked["is_confined"]) == ("ask", False)
    assert asked["proposed_amendment"] == ["git", "add", "x"]


def test_a_program_that_is_not_here_is_judged_all_the_same(toolscript: Command) -> None:
    done = toolscript("rules", "check", "--", "no-such-program")
    assert done.code == 0
    assert "none of that name is found here: no rule allows it" in done.out


def test_a_command_line_in_one_word_is_no_program(toolscript: Command) -> None:
    assert "it is one word; do not quote the line" in toolscript("rules", "check", "rm -rf build").out
    assert "one word" not in toolscript("rules", "check", "no-such-program").out


def test_options_behind_the_program_are_its_own(toolscript: Command) -> None:
    assert "command   ls -l --json" in toolscript("rules", "check", "ls", "-l", "--json").out


def test_a_program_of_the_workspace_is_not_the_one_on_the_path(toolscript: Command, folder: Path, rules: Path) -> None:
    program = folder / "ls"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    judgement = toolscript("rules", "check", "--json", "--workspace", ".", "--", "./ls", "-l").json
    assert (judgement["program"], judgement["is_from_path"]) == (str(program), False)
    assert [item["decision"] for item in judgement["matched"]] == []


def test_a_projects_settings_and_rules_count_with_its_workspace(toolscript: Command, folder: Path) -> None:
    inside = folder / ".toolscript"
    inside.mkdir()
    (inside / "toolscript.toml").write_text('approval_policy = "unless-trusted"\n')
    (inside / "rules.toml").write_text('[[rule]]\nprefix = ["ls"]\ndecision = "allow"\n')
    assert toolscript("rules", "check", "--", "make").out.startswith("run")
    done = toolscript("rules", "check", "--workspace", ".", "--", "make")
    assert done.out.startswith("ask")
    assert "toolscript trust" in done.out


def test_nothing_is_executed_and_nothing_created(toolscript: Command, folder: Path) -> None:
    before = sorted(folder.iterdir())
    toolscript("rules", "check", "--", "touch", "made")
    toolscript("rules", "test")
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rules", "check", "--"], "Missing argument"),
        (["rules", "check", "--", ""], "no call can have this command: "),
        (["rules", "check", "--workspace", "nowhere", "--", "ls"], "cannot be opened"),
        (["rules", "test", "nowhere.toml"], "cannot be read"),
        (["rules", "nonsense"], "No such command"),
    ],
    ids=str,
)
def test_wrong_use_says_what_is_wrong(toolscript: Command, words: list[str], said: str) -> None:
    done = toolscript(*words)
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err


def test_characters_that_drive_a_terminal_are_spelled_out(toolscript: Command) -> None:
    done = toolscript("rules", "check", "--", "echo", "\x1b[2J")
    assert "\x1b" not in done.out


def test_examples_that_hold_are_counted(toolscript: Command, rules: Path) -> None:
    done = toolscript("rules", "test")
    assert done.code == 0
    built_in, user = done.out.splitlines()
    assert built_in.startswith("built-in rules: ")
    assert user == f"{rules}: 3 rules, 2 examples, all hold"


def test_an_example_that_does_not_hold_is_told_with_file_line_and_rule(toolscript: Command, folder: Path) -> None:
    (folder / "mine.toml").write_text(RULES.replace('"git status"', '"git push"'))
    done = toolscript("rules", "test", "mine.toml")
    assert done.code == 2
    assert done.out.startswith("mine.toml:2: rule 1")
    assert "git push" in done.out
    wire = toolscript("rules", "test", "--json", "mine.toml").json
    assert wire["ok"] is False
    assert wire["files"][0]["problems"][0]["line"] == 2


def test_the_projects_rules_are_tested_with_its_workspace(toolscript: Command, folder: Path) -> None:
    (folder / ".toolscript").mkdir()
    (folder / ".toolscript" / "rules.toml").write_text(RULES)
    done = toolscript("rules", "test", "--workspace", ".", "--json")
    assert done.code == 0
    assert [item["rules"] for item in done.json["files"]][-1] == 3
