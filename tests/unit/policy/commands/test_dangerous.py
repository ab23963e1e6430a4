"""Forced removals, wherever they stand."""

import time

import pytest

from policy.commands.dangerous import is_dangerous
from policy.commands.embedded import MAX_DEPTH, search
from tests.unit.policy.commands.cases import table

OVERRIDDEN = {
    ("bash", "-lc", "if then rm -rf /tmp/example"): (
        True,
        "text that tree-sitter cannot read may be text that the shell can, so its words are searched all the same",
    ),
}


@pytest.mark.parametrize("row", table("dangerous_commands")["cases"], ids=lambda row: " ".join(row["argv"]))
def test_the_case_table_holds_but_for_what_is_stricter_here(row: dict[str, object]) -> None:
    argv = row["argv"]
    assert isinstance(argv, list)
    expected, _reason = OVERRIDDEN.get(tuple(argv), (row["dangerous"], ""))
    assert is_dangerous(argv) == expected


def test_what_overrides_the_table_is_stricter_than_it() -> None:
    rows = {tuple(row["argv"]): row["dangerous"] for row in table("dangerous_commands")["cases"]}
    assert all(not rows[argv] and expected for argv, (expected, _reason) in OVERRIDDEN.items())


@pytest.mark.parametrize(
    "argv",
    [
        ["rm", "--fo", "x"],
        ["rm", "-Rfv", "x"],
        ["./rm", "-f", "x"],
        ["sudo", "-u", "root", "--", "rm", "-f", "x"],
        ["sudo", "--unheard-of", "value", "rm", "-f", "x"],
        ["env", "-i", "-u", "A", "B=c", "rm", "-f", "x"],
        ["env", "-", "rm", "-f", "x"],
        ["env", "-S", "rm -f x"],
        ["env", "-iSrm -f x"],
        ["env", "--split-string=rm -f x"],
        ["timeout", "-k", "1", "10", "rm", "-f", "x"],
        ["timeout", "--unheard-of", "10", "rm", "-f", "x"],
        ["nice", "-n", "5", "nohup", "setsid", "stdbuf", "-o0", "rm", "-f", "x"],
        ["xargs", "-0", "-I{}", "rm", "-f", "{}"],
        ["xargs", "-n1", "-P", "4", "rm", "-f"],
        ["find", ".", "-name", "x", "-exec", "rm", "-f", "{}", "+"],
        ["find", ".", "-exec", "ls", ";", "-execdir", "sudo", "rm", "-f", "{}", ";"],
        ["find", ".", "-exec", "rm", "+", "-f", "x", ";"],
        ["busybox", "rm", "-f", "x"],
        ["busybox", "sh", "-c", "rm -f x"],
        ["su", "-", "root", "-c", "rm -f x"],
        ["flock", "lock", "-c", "rm -f x"],
        ["watch", "-n", "1", "rm -f x"],
        ["dash", "-ec", "rm -f x"],
        ["bash", "-o", "pipefail", "-c", "rm -f x"],
        ["bash", "-c", "-l", "rm -f x"],
        ["bash", "-c", "-O", "extglob", "rm -f x"],
        ["bash", "--rcfile", "x", "-c", "rm -f x"],
        ["bash", "-c", "eval rm -f x"],
        ["bash", "-c", "eval 'rm -f x'"],
        ["bash", "-c", "command rm -f x"],
        ["bash", "-c", "exec -a ls rm -f x"],
        ["bash", "-c", "time rm -f x"],
        ["bash", "-c", "! rm -f x"],
        ["bash", "-c", "f() { rm -f x; }; f"],
        ["bash", "-c", "x=1 rm -f x"],
        ["bash", "-c", "export X=$(rm -f x)"],
        ["bash", "-c", "cat <(rm -f x)"],
        ["bash", "-c", "r\\m -f x"],
        ["bash", "-c", "r''m -\"f\" x"],
        ["bash", "-c", "$'\\x72m' -f x"],
        ["bash", "-c", "$'\\162\\u006d' -f x"],
        ["bash", "-c", 'bash -c "rm -f $X"'],
        ["bash", "-c", 'bash -c "bash -c \\"rm -f \\$X\\""'],
        ["bash", "-c", "bash <<EOF\nrm -f x\nEOF"],
        ["bash", "-c", "sh <<< 'rm -f x'"],
        ["bash", "-c", "r\\\nm -f x"],
        ["bash", "-c", "rm -\\\nf x"],
        ["bash", "-c", "rm 2>/dev/null -f x"],
        ["bash", "-c", "rm>log -f x"],
        ["bash", "-c", "rm <<E -f x\ny\nE"],
        ["bash", "-c", "ls | rm 2>log -f x"],
        ["bash", "-c", "coproc { rm -f x; }"],
        ["bash", "-c", "coproc NAME { rm -f x; }"],
        ["bash", "-c", "time { rm -f x; }"],
        ["bash", "-c", "time ! rm -f x"],
        ["bash", "-c", "eval -- rm -f x"],
        ["bash", "-c", "shopt -s expand_aliases\nalias z='rm -f'\nz x"],
        ["bash", "-c", "mapfile -C 'rm -f x' a"],
        ["bash", "-c", "test -v 'a[$(rm -f x)]'"],
        ["bash", "-c", "printf -v 'a[`rm -f x`]' y"],
        ["bash", "-c", "cat <<EOF\n`rm -f x`\nEOF"],
        ["bash", "-c", "echo ${x:=`rm -f x`}"],
        ["bash", "-c", "cat <<EOF | bash\nrm -f x\nEOF"],
        ["bash", "-c", ". /dev/stdin <<< 'rm -f x'"],
        ["bash", "-c", "echo rm -f x | sh"],
        ["bash", "-c", "printf 'rm -f x' | sudo bash -s"],
        ["watch", "rm -rf /"],
        ["ssh", "-p", "22", "host", "rm -rf /"],
        ["fish", "--command", "rm -f x"],
        ["fish", "--init-command=rm -f x"],
        ["taskset", "-c", "0", "rm", "-f", "x"],
        ["choom", "-n", "0", "--", "rm", "-f", "x"],
        ["x86_64", "rm", "-f", "x"],
        ["/lib64/ld-linux-x86-64.so.2", "/bin/rm", "-f", "x"],
        ["capsh", "--", "-c", "rm -f x"],
        ["ssh-agent", "rm", "-f", "x"],
        ["parallel", "rm", "-f", ":::", "x"],
        ["perf", "stat", "rm", "-f", "x"],
        ["git", "-C", "x", "bisect", "run", "rm", "-f", "x"],
        ["git", "submodule", "foreach", "--recursive", "rm -f x"],
        ["git", "rebase", "-i", "--exec", "rm -f x", "main"],
        ["bash", "-c", "rm -f x\x00"],
        ["bash", "-c", "rm -f '\ud800'"],
        ["bash", "-c", "# " + "x" * 70_000 + "\nrm -f x"],
        ["env"] * 100 + ["rm", "-f", "x"],
    ],
    ids=lambda argv: " ".join(argv)[:60].encode("ascii", "replace").decode(),
)
def test_a_forced_removal_is_found_in_any_spelling(argv: list[str]) -> None:
    assert is_dangerous(argv)


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["rm", "x"],
        ["rm", "--foo", "x"],
        ["rm", "--", "--force"],
        ["echo", "rm", "-f"],
        ["sudo", "-n", "grep", "-f", "rm"],
        ["command", "-v", "rm"],
        ["find", ".", "-name", "rm", "-newer", "-f"],
        ["bash", "script", "rm -f x"],
        ["bash", "-c", "echo 'rm -f x' \"rm -f $X\" # rm -f x"],
        ["bash", "-c", "cat <<EOF\nrm -f x\nEOF"],
        ["git", "commit", "-m", "rm -f x"],
        ["git", "rebase", "main"],
        ["git", "bisect", "good"],
        ["bash", "-c", "echo rm -f x | bash script"],
        ["bash", "-c", "echo 'rm -f x' > log; bash build.sh"],
        ["bash", "-c", "echo \\\nrm -f x"],
        ["bash", "-c", "cat 2>log rm -f x"],
        ["bash", "-c", "test -n 'rm -f x'"],
        ["ssh", "host", "ls"],
    ],
    ids=" ".join,
)
def test_what_only_mentions_it_is_not_dangerous(argv: list[str]) -> None:
    assert not is_dangerous(argv)


def test_scripts_inside_of_scripts_are_followed_and_then_split_roughly() -> None:
    script = "rm -f x"
    for _ in range(MAX_DEPTH):
        assert is_dangerous(["bash", "-c", script])
        script = f"eval {script}"
    assert is_dangerous(["bash", "-c", script])


@pytest.mark.parametrize(
    "argv",
    [
        ["env"] * 60_000,
        ["sudo", *["--x", "a"] * 30_000],
        ["bash", "-c", "eval " * 20_000],
        ["bash", "-c", "$(" * 30_000],
        ["bash", "-c", "bash -c '" * 7_000],
        ["bash", "-c", "ls $x;" * 10_000],
        ["bash", "-c", "f()](select " * 5_000],
        ["bash", "-c", 'sh -c "$(' * 500 + "id" + ')"' * 500],
        ["find", *["-exec", "sh", "-c", "x[a " * 2_000, ";"] * 200],
        ["bash", "-c", "f()](select " * 680],
        ["bash", "-c", "eval " + "f()](select " * 670],
        ["bash", "-c", "eval f()](select;" * 480],
        ["bash", "-c", "echo $(" * 9_000 + ")" * 900],
        ["bash", "-c", "echo $(" * 8_000 + ")" * 8_000],
        ["bash", "-c", 'echo "$(' * 6_000 + ')"' * 6_000],
        ["bash", "-c", "find -exec " * 5_000],
        ["find", *["-exec", "find"] * 30_000],
    ],
    ids=lambda argv: " ".join(argv)[:30],
)
def test_hostile_words_are_searched_in_bounded_time(argv: list[str]) -> None:
    start = time.monotonic()
    is_dangerous(argv)
    assert time.monotonic() - start < 3


def test_what_cannot_be_followed_to_its_end_is_dangerous() -> None:
    assert is_dangerous(["env"] * 60_000)


@pytest.mark.parametrize(
    ("argv", "is_complete"),
    [
        (["find", *["-exec", "ls", ";"] * 4_000], True),
        (["find", *["-exec", "ls", ";"] * 4_100], False),  # commands
        (["ls", *["x"] * 249_000], True),
        (["ls", *["x"] * 251_000], False),  # words
    ],
    ids=["commands", "too many commands", "words", "too many words"],
)
def test_a_search_follows_so_many_commands_and_words(argv: list[str], is_complete: bool) -> None:
    assert search(argv).is_complete is is_complete


def test_a_long_script_is_split_roughly() -> None:
    """Split roughly, the words of a comment count as well; read properly, they do not."""
    comment = "# ; rm -rf / \n"
    assert not is_dangerous(["bash", "-c", comment])
    assert is_dangerous(["bash", "-c", comment + "true;" * 2_000])
    short = comment + "true;" * 1_500
    assert not is_dangerous(["bash", "-c", short])
    assert is_dangerous(["find", "-exec", "bash", "-c", short, ";", "-exec", "bash", "-c", short, ";",
                         "-exec", "bash", "-c", short, ";"])  # fmt: skip
