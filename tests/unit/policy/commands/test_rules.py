"""Rules as they are written: what is read, what is refused and how it is said, and their own examples."""

import sys
from subprocess import run

import pytest

from policy.commands import Amendment, Rule, RulesError, check_examples, parse_rules, render_amendment

TEXT = """
# comments are fine
[[rule]]
prefix = ["git", ["fetch", "pull"]]
decision = "prompt"
justification = "it talks to the network"
match = ["git fetch --all", ["git", "pull"], "ls && git pull"]
not_match = ["git status"]

[[rule]]
prefix = [["rg", "ag"]]
decision = "allow"
"""


def problems_of(text: str) -> tuple[str, ...]:
    with pytest.raises(RulesError) as caught:
        parse_rules(text, source="user", name="rules.toml")
    return caught.value.problems


def test_rules_are_read_with_their_examples_and_their_layer() -> None:
    assert parse_rules(TEXT, source="project", name="rules.toml") == (
        Rule(
            (("git",), ("fetch", "pull")),
            "prompt",
            "it talks to the network",
            match=(("git", "fetch", "--all"), ("git", "pull"), ("bash", "-c", "ls && git pull")),
            not_match=(("git", "status"),),
            source="project",
        ),
        Rule((("rg", "ag"),), "allow", source="project"),
    )


def test_no_text_is_no_rules() -> None:
    assert parse_rules("", source="user", name="rules.toml") == ()


def test_all_problems_are_reported_at_once_with_rule_and_line() -> None:
    text = """[[rule]]
prefix = []
decision = "deny"
reason = "x"

[[rule]]
prefix = ["git push", 3]
justification = 1
match = "git push"
not_match = ["ls *", [], 5]
"""
    assert problems_of(text) == (
        "rule 1 (line 1): `reason` is not known; a rule has `prefix`, `decision`, `justification`, `match`, `not_match`",
        'rule 1 (line 1): `decision` is \'deny\'; it must be "allow", "prompt" or "forbidden"',
        (
            "rule 1 (line 1): `prefix` must be a list that is not empty: the words that a command begins with, as "
            '["git", ["fetch", "pull"]]'
        ),
        'rule 2 (line 6): `decision` is missing; it must be "allow", "prompt" or "forbidden"',
        "rule 2 (line 6): word 2 of `prefix` must be text, or a list of texts that is not empty",
        (
            "rule 2 (line 6): the first word of `prefix` is 'git push': it must name a program; further words are items of "
            "their own"
        ),
        "rule 2 (line 6): `justification` must be text",
        "rule 2 (line 6): `match` must be a list of commands",
        'rule 2 (line 6): `not_match` has \'ls *\', which is not plain: write its words as a list, as ["ls", "-l"]',
        'rule 2 (line 6): `not_match` has [], which is not plain: write its words as a list, as ["ls", "-l"]',
        'rule 2 (line 6): `not_match` has 5, which is not plain: write its words as a list, as ["ls", "-l"]',
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[rule]", "this is not TOML"),
        ("a = " + "[" * 100_000, "this is not TOML"),
        ("rules = []", "`rules` is not known here: rules stand under [[rule]]"),
        ("rule = 1", "must be written as [[rule]]"),
        ("[rule]", "must be written as [[rule]]"),
        ("rule = [1]", "rule 1: it must be a table"),
        ('[[rule]]\nprefix = "git"\ndecision = "allow"', "`prefix` must be a list that is not empty"),
        ('[[rule]]\nprefix = [""]\ndecision = "allow"', "it must name a program"),
        ('[[rule]]\nprefix = [["git", "./x"]]\ndecision = "allow"', "`./x` means another file in every folder"),
        ('[[rule]]\nprefix = ["bash"]\ndecision = "allow"', "allowing `bash` alone allows every command"),
        ('[[rule]]\nprefix = ["/usr/bin/env"]\ndecision = "allow"', "allowing `/usr/bin/env` alone allows every command"),
        ('[[rule]]\nprefix = ["a", []]\ndecision = "allow"', "word 2 of `prefix` must be text"),
        ('[[rule]]\nprefix = ["a\\u0000"]\ndecision = "allow"', "word 1 of `prefix` must be text"),
        ("#" * 2_000_000, "longer than"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_rule_is_said(text: str, said: str) -> None:
    assert said in " ".join(problems_of(text))


def test_a_relative_path_or_a_shell_may_be_forbidden() -> None:
    text = (
        '[[rule]]\nprefix = [["./x", "bash", "sudo"]]\ndecision = "forbidden"\nmatch = ["./x", "bash -c ls", "sudo ls"]'
    )
    assert len(parse_rules(text, source="user", name="rules.toml")) == 1


def test_an_example_that_does_not_hold_stops_the_load_and_says_which() -> None:
    text = (
        '[[rule]]\nprefix = ["git", "push"]\ndecision = "prompt"\nmatch = ["git pull"]\nnot_match = ["git -C x push"]'
    )
    assert problems_of(text) == (
        "rule 1 (line 1): its `match` example `git pull` is not matched: change the prefix or the example",
        "rule 1 (line 1): its `not_match` example `git -C x push` is matched: make the prefix longer or change the example",
    )


def test_the_line_is_left_out_where_headers_cannot_be_told_from_text() -> None:
    text = '[[rule]]\nprefix = []\ndecision = "allow"\njustification = """\n[[rule]]\n"""'
    assert problems_of(text)[0].startswith("rule 1: ")


def test_the_message_names_the_file_in_every_line() -> None:
    with pytest.raises(RulesError) as caught:
        parse_rules("a = 1\nb = 2", source="user", name="rules.toml")
    assert [line.partition(":")[0] for line in str(caught.value).splitlines()] == ["rules.toml"] * 2


def test_examples_report_what_they_expected() -> None:
    rule = Rule((("ls",),), "allow", match=(("ls", "-l"),), not_match=(("ls",),))
    assert [(item.number, item.words, item.is_match_expected, item.is_ok) for item in check_examples([rule])] == [
        (1, ("ls", "-l"), True, True),
        (1, ("ls",), False, False),
    ]


def test_an_amendment_is_appended_as_a_rule_that_reads_back() -> None:
    text = TEXT + render_amendment(Amendment(("cargo", 'a"b\\c', "é\n\x7f")))
    rule = parse_rules(text, source="user", name="rules.toml")[-1]
    assert rule.prefix == (("cargo",), ('a"b\\c',), ("é\n\x7f",))
    assert rule.decision == "allow"


def test_neither_the_shell_parser_nor_toml_is_imported_before_it_is_needed() -> None:
    done = run(
        [sys.executable, "-c", "import sys, policy.commands; print({'tree_sitter', 'tomllib'} & sys.modules.keys())"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "set()\n"
