"""`toolscript trust` as a user runs it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pexpect
import pytest

from tests.e2e.conftest import Command, environment


@pytest.fixture
def project(folder: Path) -> Path:
    """A project that asks for more, and for less."""
    inside = folder / "project" / ".toolscript"
    inside.mkdir(parents=True)
    (inside / "toolscript.toml").write_text('spawn = true\nresources = "conservative"\n')
    (inside / "rules.toml").write_text('[[rule]]\nprefix = ["make"]\ndecision = "allow"\n')
    return folder / "project"


def test_what_trust_changes_is_shown_first(toolscript: Command, project: Path) -> None:
    done = toolscript("trust", "project", "--yes")
    assert done.code == 0
    assert done.out.splitlines() == [
        str(project),
        "  toolscript.toml",
        "  rules.toml",
        "trusting it changes:",
        "  spawn: false -> true",
        "  rule: allow `make`",
        "trusted",
    ]
    assert toolscript("trust", "--list").out == f"{project}\n"


def test_trusted_rules_count_until_the_files_change(toolscript: Command, project: Path) -> None:
    check = ("rules", "check", "--json", "--workspace", "project", "--", "make")
    assert toolscript(*check).json["matched"] == []
    toolscript("trust", "project", "--yes")
    assert [item["source"] for item in toolscript(*check).json["matched"]] == ["project"]
    with (project / ".toolscript" / "toolscript.toml").open("a") as file:
        file.write("# changed\n")
    changed = toolscript(*check).json
    assert changed["matched"] == []
    assert "changed since" in changed["notes"][0]


def test_trust_is_taken_back(toolscript: Command, project: Path) -> None:
    toolscript("trust", "project", "--yes")
    assert toolscript("trust", "project", "--revoke").out == "not trusted any more\n"
    assert toolscript("trust", "project", "--revoke").out == "it was not trusted\n"
    assert toolscript("trust", "--list", "--json").json == {"trusted": []}


def test_a_project_that_only_tightens_says_that_trust_changes_nothing(toolscript: Command, project: Path) -> None:
    (project / ".toolscript" / "toolscript.toml").write_text('sandbox = "read-only"\n')
    (project / ".toolscript" / "rules.toml").unlink()
    assert "trusting it changes nothing: its files only tighten" in toolscript("trust", "project", "--yes").out


def test_of_overrides_only_what_they_set_is_shown(toolscript: Command, project: Path) -> None:
    (project / ".toolscript" / "toolscript.toml").write_text('[providers."*"]\nmode = "dry-run"\n')
    said = '  providers: {} -> {"*": {"mode": "dry-run"}}'
    assert said in toolscript("trust", "project", "--yes").out.splitlines()


def test_json_has_the_changes(toolscript: Command, project: Path) -> None:
    wire = toolscript("trust", "project", "--yes", "--json").json
    assert wire["trusted"] is True
    assert wire["changes"] == [{"setting": "spawn", "before": False, "after": True}]
    assert wire["rules"] == ["allow `make`"]
    assert len(wire["notes"]) == 2


def test_without_a_terminal_nothing_is_trusted_unasked(toolscript: Command, project: Path, folder: Path) -> None:
    done = toolscript("trust", "project", stdin="y\n")
    assert done.code == 2
    assert "--yes" in done.err
    assert "spawn: false -> true" in done.out
    assert not (folder / ".config").exists()


@pytest.mark.parametrize(("answer", "said"), [("y", "trusted"), ("n", "not trusted"), ("", "not trusted")])
def test_on_a_terminal_it_asks(folder: Path, project: Path, answer: str, said: str) -> None:
    terminal = pexpect.spawn(
        sys.executable,
        ["-m", "harness.cli", "trust", "project"],
        cwd=str(folder),
        env=environment({"XDG_CONFIG_HOME": str(folder / ".config")}),  # type: ignore[arg-type]  # as in the live view's test
        encoding="utf-8",
        timeout=30,
    )
    terminal.expect_exact("spawn: false -> true")
    terminal.expect_exact("trust it? [y/N] ")
    terminal.sendline(answer)
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0
    assert terminal.before.split("\r\n")[1] == said
    record = folder / ".config" / "toolscript" / "trusted.json"
    assert record.exists() == (answer == "y")
    if answer == "y":
        assert list(json.loads(record.read_text())["folders"]) == [str(project)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["trust", "."], "no settings and no rules to trust"),
        (["trust", "nowhere"], "cannot be opened"),
        (["trust", "--list", "--revoke"], "exclude each other"),
    ],
    ids=str,
)
def test_wrong_use_says_what_is_wrong(toolscript: Command, words: list[str], said: str) -> None:
    done = toolscript(*words)
    assert done.code == 2
    assert said in done.err


def test_a_project_whose_files_are_broken_is_not_trusted(toolscript: Command, project: Path) -> None:
    (project / ".toolscript" / "toolscript.toml").write_text("spwan = true\n")
    done = toolscript("trust", "project", "--yes")
    assert done.code == 2
    assert "toolscript.toml:1: there is no setting `spwan` (hint: did you mean spawn?)" in done.err
