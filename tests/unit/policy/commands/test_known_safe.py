"""Which commands only read."""

import pytest

from policy.commands.known_safe import is_known_safe
from tests.unit.policy.commands.cases import table

ROWS = [row for row in table("safe_commands")["cases"] if row["platform"] != "non-linux"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join(row["argv"]))
def test_the_case_table_holds(row: dict[str, object]) -> None:
    argv = row["argv"]
    assert isinstance(argv, list)
    assert is_known_safe(argv) == row["safe"]


@pytest.mark.parametrize(
    "argv",
    [
        ["uniq"],
        ["uniq", "-c", "in"],
        ["uniq", "-", "-d"],
        ["git", "log", "--oneline", "-5", "--", "x"],
        ["git", "branch", "-vv", "--format=%(refname)"],
        ["rg", "--pretty", "-n", "x"],
        ["rg", "--pre-glob", "*.gz"],
        ["base64", "-w", "0", "-d"],
        ["find", ".", "-type", "f", "-print0"],
        ["sed", "-n", "3p"],
        ["bash", "-lc", "cd src && ls | wc -l"],
        ["sh", "-c", "cat a; head -1 b"],
    ],
)
def test_forms_that_only_read_are_safe(argv: list[str]) -> None:
    assert is_known_safe(argv)


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["uniq", "in", "out"],
        ["uniq", "-", "out"],
        ["uniq", "-c", "--", "in", "-out"],
        ["sed", "-n", "1p", "-fscript"],
        ["sed", "-n", "1p", "-i"],
        ["sed", "-n", "1p", "a", "b"],
        ["sed", "-n", "1p;w x"],
        ["sed", "-i", "1p"],
        ["sed", "-n", "1p\nw x"],
        ["git"],
        ["git", "--no-pager", "log"],
        ["git", "diff", "--outp=x"],
        ["git", "diff", "--ext"],
        ["git", "log", "--text", "-p"],
        ["git", "branch", "-D", "x"],
        ["git", "branch", "--edit-description"],
        ["git", "statusx"],
        ["rg", "-nz", "x"],
        ["base64", "-do", "x"],
        ["base64", "--out=x"],
        ["find", ".", "-fprint0", "x"],
        ["find", ".", "-okdir", "x", ";"],
        ["sort", "-o", "x"],
        ["tee", "x"],
        ["env", "ls"],
        ["bash", "-lc", "cd other && git status"],
        ["bash", "-lc", "/tmp/evil/ls"],
        ["bash", "-lc", "./ls"],
        ["bash", "-lc", "ls > x"],
        ["bash", "-lc", "hash -p /tmp/evil ls; ls"],
        ["bash", "-lc", "bash -lc ls"],
        ["zsh", "-lc", "git show HEAD^"],
        ["dash", "-c", "ls"],
        ["bash", "-c", "-l", "ls"],
    ],
)
def test_forms_that_write_or_run_something_are_not_safe(argv: list[str]) -> None:
    assert not is_known_safe(argv)
