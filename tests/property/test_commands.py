"""Command rules: adding a rule never loosens, order does not matter, and what is judged is what the shell would run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from policy.commands import (
    Amendment,
    Rule,
    RuleDecision,
    canonical_argv,
    is_dangerous,
    is_known_safe,
    judge,
    parse_plain,
    parse_rules,
    plain_commands,
    render_amendment,
)
from policy.commands.amendments import runs_anything
from policy.commands.verdict import DECISIONS
from policy.effects import Command

WORDS = (
    "git",
    "ls",
    "rm",
    "push",
    "-f",
    "-C",
    "x",
    "sudo",
    "env",
    "bash",
    "-c",
    "-lc",
    "/usr/bin/git",
    "./rm",
    "A=b",
    "--",
    "cd",
)
SCRIPTS = (
    "ls",
    "git push",
    "rm -f x",
    "ls && git push",
    "cd x; git push",
    "sudo rm x",
    "git $x",
    "if true; then rm x; fi",
    "(",
    "bash -c 'git push'",
)

words = st.sampled_from(WORDS)
rules = st.builds(
    Rule,
    st.lists(st.lists(words, min_size=1, max_size=3).map(tuple), min_size=1, max_size=3).map(tuple),
    st.sampled_from(DECISIONS),
    justification=st.sampled_from(["", "because"]),
    source=st.sampled_from(["built-in", "user", "project"]),
)
argvs = st.one_of(
    st.lists(words, min_size=1, max_size=5),
    st.tuples(
        st.sampled_from(["bash", "sh", "zsh", "/bin/bash"]), st.sampled_from(["-c", "-lc"]), st.sampled_from(SCRIPTS)
    ),
).map(tuple)
commands = st.builds(
    Command,
    argvs,
    st.sampled_from([None, "/usr/bin/git", "/usr/bin/rm", "/bin/bash", "/tmp/x"]),
    st.just("/"),
    is_from_path=st.booleans(),
    env=st.sampled_from([(), (("A", "b"),)]),
)


def _rank(decision: RuleDecision | None) -> int:
    return -1 if decision is None else DECISIONS.index(decision)


@settings(max_examples=400, deadline=None)
@given(commands, st.lists(rules, max_size=5), rules)
def test_adding_a_rule_never_loosens_a_decision(command: Command, given_rules: list[Rule], added: Rule) -> None:
    """The decision is the strictest of what matched, so a further rule leaves it or makes it stricter."""
    before, after = judge(command, given_rules), judge(command, [*given_rules, added])
    assert _rank(after.decision) >= _rank(before.decision)
    assert set(before.matched) <= set(after.matched)
    if after.is_allowed_whole and not before.is_allowed_whole:
        assert added.decision == "allow"
    if added.decision != "allow":
        assert after.is_allowed_whole <= before.is_allowed_whole
    assert (after.is_known_safe, after.is_dangerous) == (before.is_known_safe, before.is_dangerous)


@settings(max_examples=400, deadline=None)
@given(commands, st.lists(rules, max_size=5).flatmap(lambda items: st.tuples(st.just(items), st.permutations(items))))
def test_the_order_of_rules_does_not_matter(command: Command, orders: tuple[list[Rule], list[Rule]]) -> None:
    """Decision, conclusions, and evidence as a collection are the same for every order."""
    one, other = (judge(command, order) for order in orders)
    assert Counter(one.matched) == Counter(other.matched)
    assert (one.decision, one.is_allowed_whole, one.proposed_amendment) == (
        other.decision,
        other.is_allowed_whole,
        other.proposed_amendment,
    )


@settings(max_examples=400, deadline=None)
@given(commands, st.lists(rules, max_size=5))
def test_nothing_is_allowed_that_is_not_certain(command: Command, given_rules: list[Rule]) -> None:
    """A program from elsewhere, variables that are set, and anything stricter that matched exclude an allowance."""
    verdict = judge(command, given_rules)
    if verdict.is_allowed_whole or verdict.is_known_safe:
        assert command.is_from_path
        assert not command.env
    if verdict.is_allowed_whole:
        assert verdict.decision == "allow"
        assert {item.segment for item in verdict.matched if item.decision == "allow"} >= set(verdict.segments)


@settings(max_examples=400, deadline=None)
@given(commands, st.lists(rules, max_size=3))
def test_the_proposed_rule_allows_the_command(command: Command, given_rules: list[Rule]) -> None:
    """An amendment makes its question unnecessary."""
    amendment = judge(command, given_rules).proposed_amendment
    if amendment is not None:
        added = parse_rules(render_amendment(amendment), source="user", name="rules.toml")
        assert judge(command, [*given_rules, *added]).is_allowed_whole


_usable = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
_program = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0/ \t\n"), min_size=1).filter(
    lambda name: not runs_anything(name)
)


@given(_program, st.lists(_usable, max_size=4))
def test_a_rendered_amendment_reads_as_the_rule_it_is(program: str, arguments: list[str]) -> None:
    """`render_amendment`, then `parse_rules`, gives the words back."""
    text = render_amendment(Amendment((program, *arguments)))
    (rule,) = parse_rules(text + text.replace("allow", "prompt"), source="user", name="rules.toml")[:1]
    assert rule.prefix == tuple((word,) for word in (program, *arguments))
    assert (rule.decision, rule.source) == ("allow", "user")


@settings(deadline=None)
@given(st.text())
@example("\ud800")
@example("\0")
@example("(" * 70_000)
@example("echo ${\U0010ffff")
def test_any_text_is_judged_in_bounded_time(text: str) -> None:
    """No text raises or stalls, wherever a script may stand."""
    start = time.monotonic()
    parse_plain(text)
    for argv in (("bash", "-c", text), ("zsh", "-lc", text), ("env", "-S", text), (text, text), ("eval", text)):
        plain_commands(argv)
        canonical_argv(argv)
        is_known_safe(argv)
        is_dangerous(argv)
        judge(Command(argv, "/bin/" + argv[0], "/", is_from_path=True), [Rule((("rm",),), "forbidden")])
    assert time.monotonic() - start < 5


# What follows runs scripts that were found to be plain. Nothing but stubs is on the PATH, and of the builtins only those
# that a plain script may use; the pieces contain no `kill`.
PIECES = (
    *["alpha", "beta", "fail", " ", " ", " ", "\n", "\t", ";", "; ", " && ", " || ", " | ", "&&\n", "|\n\n", "&", ">", "<", "(", ")"],
    *["'", '"', "'a b'", '"a b"', "''", '""', "'$x'", "'`beta`'", "'\\'", '"$x"', '"\\""', '"!"', "'\n'", '"é"', "é", "\\", "\\\n", "$x", "$(beta)"],
    *["`beta`", "*", "?", "[a]", "~", "{a,b}", "{1..3}", "!", "! ", "#", " #c", "=", "x=y ", "alpha=1 ", "a[0]=1 ", "-", "-x", "--", "%1", "^a^b", "@", ":"],
    *["if ", "then ", "fi", "time ", "{ ", " }", "for ", "in ", "do ", "done", "case ", "esac", "function ", "coproc ", "[[ ", "]]", "[ ", " ]"],
    *["cd ", "cd .", "echo ", "true", "false", "exit ", "command ", "command -v alpha", "builtin ", "exec ", "eval ", "export ", "alias alpha=beta", "set -- "],
    *["printf ", "-v ", "'%s'", "'%n'", "PATH ", "test ", "'a[$(beta)]' ", "read ", "hash -p beta ", "trap ", "0", "1", "12", "0x1f", "1e5", "-1", "\r", "\x0b", "\x7f", "\x01"],
)  # fmt: skip
_simple = st.sampled_from(
    [
        "alpha",
        "beta x",
        "fail 'a b'",
        "alpha \"\" '$x'",
        "beta -1 a=b ^ @x",
        "echo hi",
        "cd .",
        "true",
        "test -n a",
        "fail é'é'",
    ]
)
_joined = st.tuples(
    _simple, st.lists(st.tuples(st.sampled_from(["&&", "||", ";", "|", "\n", " &&\n "]), _simple), max_size=5)
).map(lambda parts: parts[0] + "".join(joiner + command for joiner, command in parts[1]))
texts = st.one_of(st.lists(st.sampled_from(PIECES), max_size=14).map("".join), _joined)
BUILT_IN = {"cd", "echo", "true", "false", "exit", "command", "printf", "test", ":", "type", "pwd"}


class Shell:
    """A shell with stubs for programs, which write down how they were called."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self._record = folder / "record"
        self._cwd = folder / "cwd"
        self._cwd.mkdir()
        programs = folder / "bin"
        programs.mkdir()
        for stub in ("alpha", "beta", "fail"):
            path = programs / stub
            path.write_text(
                f"#!{os.path.realpath('/bin/sh')}\n"
                f"printf '%s\\0' {stub} \"$@\" '' >> '{self._record}.'$$\nread -r line\n[ {stub} != fail ]\n"
            )
            path.chmod(0o755)
        self._env = {"PATH": str(programs), "LC_ALL": "C.UTF-8", "HOME": str(folder)}
        self._shell = shutil.which(name)

    def run(self, script: str) -> list[list[str]]:
        """What the stubs were called with, in no order."""
        assert self._shell is not None
        subprocess.run(
            [self._shell, "-c", script],
            cwd=self._cwd,
            env=self._env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=20,
            check=False,
        )
        called = []
        for path in self._record.parent.glob("record.*"):
            called.append(path.read_bytes().decode().split("\0")[:-2])
            path.unlink()
        return called


@pytest.fixture(scope="module", params=["bash", "sh"])
def shell(request: pytest.FixtureRequest) -> Iterator[Shell]:
    if shutil.which(request.param) is None:
        pytest.skip(f"{request.param} is not installed")
    with tempfile.TemporaryDirectory() as folder:
        yield Shell(request.param, Path(folder))


@settings(
    max_examples=250,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
@given(texts)
def test_what_is_judged_is_what_the_shell_runs(shell: Shell, script: str) -> None:
    """Every program that a plain script runs is called with words that were read from it."""
    found = parse_plain(script, shell=shell.name)
    if found is None:
        return
    called = Counter(map(tuple, shell.run(script)))
    read = Counter(tuple(words) for words in found)
    assert called <= read
    if not re.search(r"\|\||fail|false|exit|test", script) and {words[0] for words in found} <= {
        "alpha",
        "beta",
        "echo",
        "true",
    }:
        assert called == Counter({words: count for words, count in read.items() if words[0] not in BUILT_IN})
