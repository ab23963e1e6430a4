"""Plain scripts: what is accepted, what is refused, and that no text stalls or breaks the reader."""

import time

import pytest

from policy.commands.parsing import MAX_WORDS, _seen_in_tree, parse_plain, plain_commands
from policy.commands.shell_trees import MAX_SCRIPT_BYTES
from tests.unit.policy.commands.cases import table

ROWS = table("bash_parse")


@pytest.mark.parametrize("row", ROWS["plain"], ids=lambda row: row["script"])
def test_the_case_table_holds(row: dict[str, object]) -> None:
    assert parse_plain(str(row["script"])) == row["expected"]


@pytest.mark.parametrize("row", ROWS["shell_lc"], ids=lambda row: " ".join(row["argv"]))
def test_the_case_table_of_shells_holds(row: dict[str, list[str]]) -> None:
    assert plain_commands(row["argv"]) == row["expected"]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("ls;", [["ls"]]),
        ("\n\nls\n\n  pwd\n", [["ls"], ["pwd"]]),
        ("ls &&\n  pwd ||\n\n id", [["ls"], ["pwd"], ["id"]]),
        ("ls |\n wc", [["ls"], ["wc"]]),
        ("echo '' \"\" a''b", [["echo", "", "", "ab"]]),
        ("git show HEAD^ a..b -- x/y:z", [["git", "show", "HEAD^", "a..b", "--", "x/y:z"]]),
        ("make CC=gcc V=1", [["make", "CC=gcc", "V=1"]]),
        ("echo 'ünïcode' \"日本\"", [["echo", "ünïcode", "日本"]]),
        (
            "echo '!' \"a!b\" '*' '~' '{a,b}' '\\n' '$x' '`x`'",
            [["echo", "!", "a!b", "*", "~", "{a,b}", "\\n", "$x", "`x`"]],
        ),
        ("cd src && git status", [["cd", "src"], ["git", "status"]]),
        ("command -v rg || exit 1", [["command", "-v", "rg"], ["exit", "1"]]),
        ("printf '%s\\n' a", [["printf", "%s\\n", "a"]]),
        ("test -f x && cat x", [["test", "-f", "x"], ["cat", "x"]]),
    ],
)
def test_a_plain_script_is_read_as_the_shell_would(script: str, expected: list[list[str]]) -> None:
    assert parse_plain(script) == expected


@pytest.mark.parametrize(
    "script",
    [
        "",
        " \n\t",
        # what the shell rewrites
        "ls \\n",
        "l\\s",
        "ls a\\\nb",
        "echo {a,b}",
        "ls *.py",
        "ls a?",
        "ls [ab]",
        "ls ~",
        "git diff HEAD~1",
        "make PREFIX=~/x",
        "echo $'a'",
        'echo $"a"',
        'echo "a\\"b"',
        'echo "`id`"',
        "echo !ls",
        "! ls",
        "ls #comment",
        "# comment\nls",
        "echo é",
        "echo \xa0",
        # what is not a list of commands
        "cat <<EOF\nrm\nEOF",
        "cat <<< a",
        "diff <(ls) b",
        "ls 2>&1",
        "ls |& wc",
        "ls &",
        "ls &&",
        "; ls",
        "ls ; ; pwd",
        "ls\n; pwd",
        "ls &&; pwd",
        "{ ls; }",
        "(ls)",
        "((1))",
        "[ -f x ]",
        "[[ -f x ]]",
        "f() { ls; }; f",
        "function f { ls; }",
        "if true; then ls; fi",
        "for a in b; do ls; done",
        "while true\ndo ls\ndone",
        "time ls",
        "coproc ls",
        "select a in b; do ls; done",
        "a=b",
        "a=b ls",
        "a+=b ls",
        "a=(b) ls",
        "'a=b' ls",
        "%1",
        "'' ls",
        "'if' ls",
        # what no program receives as it stands
        "ls\r\npwd",
        "ls\x00pwd",
        "ls '\x01'",
        "ls '\x7f'",
        "ls '\ud800'",
        # what `-c` takes for an option
        "-x",
        "+x ls",
        " -x",
        "'-x' ls",
    ],
)
def test_what_the_shell_rewrites_or_interprets_is_not_plain(script: str) -> None:
    assert parse_plain(script) is None


@pytest.mark.parametrize(
    "command",
    [
        "alias git='rm -rf'",
        ". ./x",
        "source x",
        "builtin cd x",
        "command git status",
        "command -p git",
        "command export PATH=/tmp",
        "declare PATH=/tmp",
        "enable -f ./x.so git",
        "eval 'rm x'",
        "exec git",
        "export PATH=/tmp",
        "hash -p /tmp/evil git",
        "let PATH=1",
        "local a=b",
        "mapfile PATH",
        "popd",
        "pushd x",
        "printf -v PATH /tmp",
        "printf -vPATH /tmp",
        "printf '/tmp%n' PATH",
        "printf '/tmp%-5ln' PATH",
        "printf -- '/tmp%n' PATH",
        "read PATH",
        "readonly PATH",
        "set -k",
        "shopt -s expand_aliases",
        "test -v 'a[$(id)]'",
        "exit '$(id)'",
        "type '`id`'",
        "test -v a",
        "trap 'rm x' EXIT",
        "typeset PATH=/tmp",
        "ulimit -c 0",
        "umask 0",
        "unset PATH",
        "wait -n -p PATH",
        "zmodload zsh/files",
    ],
)
def test_a_builtin_that_changes_what_other_commands_mean_is_not_plain(command: str) -> None:
    assert parse_plain(command) is None
    assert parse_plain(f"{command}; git status") is None
    assert parse_plain(f"git status | {command}") is None


@pytest.mark.parametrize(
    "script",
    [
        "echo =ls",
        "=ls",
        "git show HEAD^",
        "echo 'it''s'",
        "printf '%d' 'PATH=5'",
        "test 'PATH=5' -eq 5",
        "exit 'PATH=5'",
        "type ls",
        "repeat 3 ls",
        "noglob ls",
    ],
)
def test_what_only_zsh_rewrites_is_not_plain_for_zsh(script: str) -> None:
    assert parse_plain(script, shell="zsh") is None


def test_an_equals_sign_inside_a_word_is_plain_for_zsh() -> None:
    assert parse_plain("ls --color=auto", shell="zsh") == [["ls", "--color=auto"]]


@pytest.mark.parametrize(
    "argv",
    [
        ["bash", "-c", "-l", "ls"],
        ["bash", "-lc", "ls", "x"],
        ["bash", "-lc"],
        ["bash", "-ec", "ls"],
        ["bash", "-cl", "ls"],
        ["bash", "-ic", "ls"],
        ["bash", "-c", "-l"],
        ["bash", "-c", "+x"],
        ["bash", "script.sh"],
        ["dash", "-c", "ls"],
        ["fish", "-c", "ls"],
        ["bash", "-lc", "ls > x"],
        ["ls", "-c", "ls"],
        [],
    ],
)
def test_an_argv_that_is_not_exactly_a_shell_and_a_plain_script_stays_whole(argv: list[str]) -> None:
    assert plain_commands(argv) == [argv]


@pytest.mark.parametrize("argv", [["bash", "-c", "ls; id"], ["/bin/sh", "-lc", "ls; id"], ["zsh", "-c", "ls\nid"]])
def test_a_shell_with_a_plain_script_is_opened(argv: list[str]) -> None:
    assert plain_commands(argv) == [["ls"], ["id"]]


def test_a_script_above_the_size_cap_is_not_plain() -> None:
    assert parse_plain("echo '" + "x" * (MAX_SCRIPT_BYTES - 7) + "'") is not None
    assert parse_plain("echo '" + "x" * MAX_SCRIPT_BYTES + "'") is None
    assert parse_plain("echo '" + "é" * (MAX_SCRIPT_BYTES // 2) + "'") is None


def test_a_script_with_too_many_words_is_not_plain() -> None:
    assert parse_plain(";".join(["ls"] * MAX_WORDS)) is not None
    assert parse_plain(";".join(["ls"] * (MAX_WORDS + 1))) is None


@pytest.mark.parametrize(
    "piece",
    [
        "(",
        "$(",
        "{",
        "`",
        '"',
        "'",
        "<<a\n",
        "a;",
        "a&&",
        "a|",
        "if a;then ",
        "[[ ",
        "${a:-",
        "$((",
        "<(",
        "case a in ",
        "a'b'",
        '"a"b',
        "a=b,",
        "1",
        "a^ ",
        "a 1 ",
        "é",
        "a\n",
    ],
)
def test_hostile_text_is_read_in_bounded_time(piece: str) -> None:
    start = time.monotonic()
    parse_plain(piece * (MAX_SCRIPT_BYTES // len(piece.encode())))
    assert time.monotonic() - start < 2


@pytest.mark.parametrize("row", ROWS["plain"], ids=lambda row: row["script"])
def test_the_second_reader_agrees_with_the_case_table_alone(row: dict[str, object]) -> None:
    """Each reader would do for the table; a script is plain only if both say so."""
    seen = _seen_in_tree(str(row["script"]))
    assert (seen and [list(words) for words in seen]) == row["expected"]
