"""What rules and lists say of a command."""

from dataclasses import replace

import pytest

from policy.commands import BUILT_IN_RULES, Rule, RuleDecision, canonical_argv, check_examples, judge
from policy.commands.verdict import CommandVerdict
from policy.effects import Command


def rule(decision: RuleDecision, *prefix: str | tuple[str, ...]) -> Rule:
    return Rule(tuple((word,) if isinstance(word, str) else word for word in prefix), decision)


def command(
    *argv: str, program: str | None = "", is_from_path: bool = True, env: tuple[tuple[str, str], ...] = ()
) -> Command:
    found = f"/usr/bin/{argv[0].rpartition('/')[2]}" if program == "" else program
    return Command(argv, found, "/w", is_from_path=is_from_path, env=env)


def bash(script: str, **facts: bool) -> Command:
    return command("bash", "-lc", script, **facts)


def decided(verdict: CommandVerdict) -> tuple[RuleDecision | None, bool]:
    return verdict.decision, verdict.is_allowed_whole


ALLOW_GIT = rule("allow", "git", ("status", "log"))
FORBID_RM = rule("forbidden", "rm")
PROMPT_PUSH = rule("prompt", "git", "push")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (command("git", "status", "-s"), ("allow", True)),
        (command("git", "push"), (None, False)),
        (command("git"), (None, False)),
        (command("/usr/bin/git", "log"), ("allow", True)),
        (command("/opt/git", "log"), (None, False)),
        (command("./git", "log"), (None, False)),
        (command("git", "log", is_from_path=False), (None, False)),
        (command("git", "log", program=None, is_from_path=False), (None, False)),
        (command("git", "log", env=(("PATH", "/tmp"),)), ("allow", False)),
        (bash("git status"), ("allow", True)),
        (bash("git status && git log | git log"), ("allow", True)),
        (bash("git status; ls"), ("allow", False)),
        (bash("/usr/bin/git status"), (None, False)),
        (bash("git status", is_from_path=False), (None, False)),
        (bash("git status > x"), (None, False)),
        (bash("git status; export PATH=/tmp"), (None, False)),
        (bash("cd x && git status"), ("allow", False)),
        (command("/tmp/bash", "-lc", "git status", program="/tmp/bash", is_from_path=False), (None, False)),
        (command("./bash", "-lc", "git status"), ("allow", False)),
        (command("sudo", "git", "status"), (None, False)),
        (command("env", "git", "status"), (None, False)),
        (Command((), None, "/"), (None, False)),
    ],
    ids=str,
)
def test_a_rule_that_allows_needs_the_program_it_names(
    given: Command, expected: tuple[RuleDecision | None, bool]
) -> None:
    argv = given.argv
    assert decided(judge(given, [ALLOW_GIT])) == expected, argv


@pytest.mark.parametrize(
    ("given", "program"),
    [
        (command("rm", "x"), None),
        (command("/tmp/x/rm", "x", is_from_path=False), None),
        (command("./rm", "x", is_from_path=False), None),
        (command("tidy", "x", program="/usr/bin/rm", is_from_path=False), None),
        (command("tidy", "rm", "x", program="/usr/bin/sudo"), None),
        (command("rm", "x", env=(("A", "b"),)), None),
        (command("sudo", "-u", "root", "rm", "x"), None),
        (command("sudo", "-n", "bash", "-c", "rm x"), None),
        (command("env", "A=b", "nice", "-n", "3", "nohup", "timeout", "5", "rm", "x"), None),
        (command("xargs", "-0", "rm"), None),
        (command("find", ".", "-exec", "rm", "{}", ";"), None),
        (bash("ls && rm x"), None),
        (bash("ls && /bin/rm x"), None),
        (bash("if true; then rm $x > y; fi"), None),
        (bash('echo "$(rm x)"'), None),
        (bash("command rm x"), None),
        (bash("rm x; export A=b"), None),
        (bash("if then rm x"), None),
        (command("zsh", "-c", "rm x; echo =ls"), None),
        (command("dash", "-ec", "rm x"), None),
        (bash("rm x # " + "x" * 70_000), None),
    ],
    ids=lambda item: " ".join(item.argv)[:60] if isinstance(item, Command) else "",
)
def test_a_rule_that_forbids_is_found_under_any_path_and_inside_of_anything(given: Command, program: None) -> None:
    verdict = judge(given, [rule("allow", "ls"), FORBID_RM])
    assert decided(verdict) == ("forbidden", False)
    assert verdict.proposed_amendment is None


@pytest.mark.parametrize(
    "given",
    [
        command("git", "push"),
        command("git", "-C", "x", "-c", "a=b", "--git-dir=y", "push", "origin"),
        command("/opt/git", "--no-pager", "push"),
        bash("cd x; git -C y push"),
        bash("git $options push; git push $where"),
    ],
    ids=str,
)
def test_a_rule_that_asks_sees_through_the_options_of_git(given: Command) -> None:
    (matched, *_) = judge(given, [PROMPT_PUSH]).matched
    assert matched.prefix[-1] == "push"


@pytest.mark.parametrize("given", [bash("git push"), bash("x=1 git push"), command("env", "git", "push")])
def test_a_rule_that_forbids_a_path_is_found_where_nobody_resolves_names(given: Command) -> None:
    rule = Rule((("/usr/bin/git",), ("push",)), "forbidden")
    assert judge(given, [rule]).decision == "forbidden"
    assert judge(given, [replace(rule, decision="allow")]).decision is None
    assert judge(command("git", "push", program="/opt/git"), [rule]).decision is None  # resolved: another program


def test_what_only_mentions_a_program_is_not_matched() -> None:
    for given in (
        command("grep", "rm", "x"),
        bash("echo 'rm x' rm"),
        command("git", "log", "push"),
        command("sudo", "-n", "grep", "rm"),
    ):
        assert judge(given, [FORBID_RM, PROMPT_PUSH]).decision is None


def test_the_strictest_wins_and_everything_that_matched_is_kept() -> None:
    verdict = judge(bash("git status && rm x && git push"), [ALLOW_GIT, PROMPT_PUSH, FORBID_RM, rule("prompt", "git")])
    assert verdict.decision == "forbidden"
    assert [(item.segment, item.prefix, item.decision) for item in verdict.matched] == [
        (("git", "status"), ("git", "status"), "allow"),
        (("git", "status"), ("git",), "prompt"),
        (("rm", "x"), ("rm",), "forbidden"),
        (("git", "push"), ("git", "push"), "prompt"),
        (("git", "push"), ("git",), "prompt"),
    ]


def test_a_rule_about_the_shell_itself_still_matches_an_opened_script() -> None:
    assert judge(bash("ls"), [rule("prompt", "bash")]).decision == "prompt"
    assert decided(judge(bash("ls"), [rule("allow", "bash")])) == (None, False)


@pytest.mark.parametrize(
    ("prefix", "given", "is_allowed"),
    [
        (("bash",), bash("ls > x"), False),
        (("bash", "-lc"), bash("ls > x"), False),
        (("bash", "-lc", "ls > x"), bash("ls > x"), True),
        (("bash", "-lc", "ls > x"), command("bash", "-lc", "ls > x", "y"), False),
        (("bash",), command("bash", "build.sh"), False),
        (("bash", "build.sh"), command("bash", "build.sh", "all"), True),
        (("bash", "-x"), command("bash", "-x", "-c", "ls"), False),
        (("dash", "-c"), command("dash", "-c", "ls"), False),
        (("timeout", "10"), command("timeout", "10", "ls"), False),
        (("timeout", "10", "ls"), command("timeout", "10", "ls", "-l"), True),
        (("env", "A=b"), command("env", "A=b", "ls"), False),
        (("env", "--unknown", "a"), command("env", "--unknown", "a", "b"), False),
        (("xargs", "-n1", "ls"), command("xargs", "-n1", "ls"), True),
    ],
)
def test_a_rule_that_allows_must_name_what_a_shell_or_wrapper_runs(
    prefix: tuple[str, ...], given: Command, is_allowed: bool
) -> None:
    assert judge(given, [rule("allow", *prefix)]).is_allowed_whole == is_allowed


@pytest.mark.parametrize(
    ("given", "is_safe"),
    [
        (command("git", "status"), True),
        (command("/usr/bin/git", "status"), True),
        (bash("git status | head -3"), True),
        (command("git", "status", is_from_path=False), False),
        (command("git", "status", env=(("GIT_PAGER", "x"),)), False),
        (command("./ls"), False),
        (command("/tmp/ls"), False),
        (command("/tmp/bash", "-c", "ls"), False),
        (bash("./ls"), False),
        (bash("ls", is_from_path=False), False),
        (command("cd", "x", program=None, is_from_path=False), False),
    ],
    ids=str,
)
def test_a_known_safe_command_is_the_program_of_the_path(given: Command, is_safe: bool) -> None:
    assert judge(given, []).is_known_safe == is_safe


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (command("cargo", "build", "-p", "x"), ("cargo", "build", "-p", "x")),
        (command("/usr/bin/cargo", "build"), ("cargo", "build")),
        (bash("cargo build"), ("cargo", "build")),
        (bash("git status && cargo build && cargo build"), ("cargo", "build")),
        (command("git", "push", "origin"), ("git", "push", "origin")),
        (command("git", "-C", "lib", "push"), ("git", "-C", "lib", "push")),
        (command("grep", "run", "test"), None),
        (command("grep", "a", "test"), ("grep", "a", "test")),
        (bash("cargo build && cargo doc"), None),
        (bash("cargo build > x"), None),
        (command("cargo", "build", is_from_path=False), None),
        (command("cargo", "build", env=(("A", "b"),)), None),
        (bash("rm -f x"), None),
        (command("tidy", "-f", "x", program="/usr/bin/rm"), None),
        (command("git", "status"), None),
        *[
            (command(*text.split()), None)
            for text in (
                "git",
                "bash build.sh",
                "dash -c ls",
                "python3.12 -m x",
                "node x.js",
                "env ls",
                "sudo ls",
                "timeout 5 ls",
                "xargs ls",
                "rm x",
                "npm run build",
                "npm --prefix lib run build",
                "npm -s test",
                "cargo +nightly run",
                "npm test",
                "pnpm exec x",
                "yarn build",
                "npx x",
                "cargo run",
                "docker run x",
                "find . -exec ls",
                "gawk x",
                "./build",
                "/opt/build",
                "git --no-pager",
                "git -C lib",
                "git -c core.pager=less",
                "npm",
                "npm --silent",
                "cargo -v",
                "docker compose run web",
                "x86_64 ls",
                "ed",
                "valgrind ls",
            )
        ],
        (command("echo", "x" * 196), ("echo", "x" * 196)),
        (command("echo", "x" * 197), None),
        (command("echo", *"z" * 15), ("echo", *"z" * 15)),
        (command("echo", *"z" * 16), None),
        (command("echo", "a\nb"), None),
        (bash("./build"), None),
    ],
    ids=str,
)
def test_an_amendment_is_proposed_only_where_it_says_all_it_allows(
    given: Command, expected: tuple[str, ...] | None
) -> None:
    proposed = judge(given, [ALLOW_GIT]).proposed_amendment
    assert (proposed.prefix if proposed else None) == expected


def test_no_amendment_is_proposed_beside_a_stricter_rule() -> None:
    assert judge(bash("git push && cargo build"), [PROMPT_PUSH]).proposed_amendment is None


def test_the_built_in_rules_hold_their_own_examples() -> None:
    results = check_examples(BUILT_IN_RULES)
    assert {result.number for result in results} == set(range(1, len(BUILT_IN_RULES) + 1))
    assert all(result.is_ok for result in results)
    assert all(item.source == "built-in" and item.decision != "allow" for item in BUILT_IN_RULES)


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        (("git", "status"), ("git", "status")),
        (("bash", "-lc", "git  'status'"), ("git", "status")),
        (("/bin/sh", "-c", "git status;"), ("git", "status")),
        (("bash", "-lc", "git status; ls"), ("<shell script>", "bash", "-lc", "git status; ls")),
        (("zsh", "-c", "ls > x"), ("<shell script>", "zsh", "-c", "ls > x")),
        (("bash", "-lc", "ls", "x"), ("bash", "-lc", "ls", "x")),
        (("bash", "x.sh"), ("bash", "x.sh")),
        ((), ()),
    ],
)
def test_an_approval_is_remembered_for_what_the_command_comes_down_to(
    argv: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert canonical_argv(argv) == expected
