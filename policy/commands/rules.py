"""Command rules: what one says, how it is written in TOML, and how its own examples test it.

The syntax is described in docs/reference/rules.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from policy.commands.parsing import Words, parse_plain
from policy.commands.verdict import DECISIONS, RuleDecision
from policy.toml import TomlError, parse_toml

MAX_TEXT_BYTES: Final = 1024 * 1024
"""Of one rules file. Thousands of rules are a fraction of it."""
_ACCEPTED: Final = ("prefix", "decision", "justification", "match", "not_match")
_HEADER: Final = re.compile(r"^[ \t]*\[\[[ \t]*rule[ \t]*\]\]", re.MULTILINE)
_UNUSABLE: Final = re.compile(r"[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Rule:
    """A decision about every command that begins with certain words.

    Attributes:
        prefix: For each word the texts that it may be; the first names the program.
        decision: "allow", "prompt" or "forbidden".
        justification: Shown in questions and refusals, "" if the rule does not say why.
        match: Commands that the rule must match.
        not_match: Commands that it must not match.
        source: The layer it comes from: "built-in", "user" or "project".
    """

    prefix: tuple[tuple[str, ...], ...]
    decision: RuleDecision
    justification: str = ""
    match: tuple[Words, ...] = ()
    not_match: tuple[Words, ...] = ()
    source: str = "user"

    def __str__(self) -> str:
        words = " ".join(item[0] if len(item) == 1 else f"({'|'.join(item)})" for item in self.prefix)
        return f"{self.decision} `{words}`"


class RulesError(ValueError):
    """Rules that cannot be used.

    Attributes:
        name: The file they stand in.
        problems: Every problem: where it stands, what is wrong and what is accepted.
    """

    def __init__(self, name: str, problems: Sequence[str]) -> None:
        self.name = name
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{name}: {problem}" for problem in self.problems))


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """How one example of a rule went.

    Attributes:
        rule: The rule that it belongs to.
        number: That rule's place among the rules, from 1.
        words: The command.
        is_match_expected: It stands under `match`, not under `not_match`.
        is_ok: The rule did what the example says.
    """

    rule: Rule
    number: int
    words: Words
    is_match_expected: bool
    is_ok: bool


def parse_rules(text: str, *, source: str, name: str) -> tuple[Rule, ...]:
    """Read rules from TOML text, and test them by their own examples.

    Args:
        text: The content of a rules file.
        source: The layer: "built-in", "user" or "project".
        name: How messages call the file.

    Raises:
        RulesError: With all problems of the text, not only the first.
    """
    tables, problems = _tables(text)
    lines = _header_lines(text, len(tables))
    readings = [_Reading(f"rule {number}{lines[number - 1]}") for number in range(1, len(tables) + 1)]
    rules = [reading.rule(table, source) for reading, table in zip(readings, tables, strict=True)]
    problems += [problem for reading in readings for problem in reading.problems]
    usable = [rule for rule in rules if rule is not None]
    if len(usable) == len(rules):  # else the numbers of the examples would be off
        problems += [
            f"rule {failed.number}{lines[failed.number - 1]}: {_example_problem(failed)}"
            for failed in check_examples(usable)
            if not failed.is_ok
        ]
    if problems:
        raise RulesError(name, problems)
    return tuple(usable)


def check_examples(rules: Sequence[Rule]) -> tuple[ExampleResult, ...]:
    """Judge every example by its own rule alone, as if the program it names were the one on the PATH."""
    return tuple(
        ExampleResult(rule, number, words, is_expected, _is_matched(words, rule) == is_expected)
        for number, rule in enumerate(rules, 1)
        for is_expected, examples in ((True, rule.match), (False, rule.not_match))
        for words in examples
    )


def _is_matched(words: Words, rule: Rule) -> bool:
    from policy.commands.judging import judge  # judging knows rules; their examples are judged like any command
    from policy.effects import Command

    name = words[0]
    program = name if name.startswith("/") else f"/usr/bin/{name.rpartition('/')[2]}"
    return bool(judge(Command(words, program, "/", is_from_path=True), (rule,)).matched)


def _example_problem(failed: ExampleResult) -> str:
    command = " ".join(failed.words)
    if failed.is_match_expected:
        return f"its `match` example `{command}` is not matched: change the prefix or the example"
    return f"its `not_match` example `{command}` is matched: make the prefix longer or change the example"


def _tables(text: str) -> tuple[list[object], list[str]]:
    if len(text) > MAX_TEXT_BYTES:
        return [], [f"the text is longer than {MAX_TEXT_BYTES} characters"]
    try:
        document = parse_toml(text)
    except TomlError as error:
        return [], [f"this is not TOML: {error}"]
    unknown = [f"`{key}` is not known here: rules stand under [[rule]]" for key in document if key != "rule"]
    tables = document.get("rule", [])
    if not isinstance(tables, list):
        return [], [*unknown, "`rule` must be written as [[rule]], once for each rule"]
    return tables, unknown


def _header_lines(text: str, count: int) -> list[str]:
    """Where each rule begins, if the headers can be told from text in strings."""
    lines = [text.count("\n", 0, found.start()) + 1 for found in _HEADER.finditer(text)]
    return [f" (line {line})" for line in lines] if len(lines) == count else [""] * count


class _Reading:
    """Reads one rule and keeps all that is wrong with it."""

    def __init__(self, place: str) -> None:
        self.problems: list[str] = []
        self._place = place

    def rule(self, table: object, source: str) -> Rule | None:
        if not isinstance(table, dict):
            self._note("it must be a table: [[rule]]")
            return None
        for key in sorted(table.keys() - set(_ACCEPTED)):
            self._note(f"`{key}` is not known; a rule has {', '.join(f'`{item}`' for item in _ACCEPTED)}")
        decision = self._decision(table)
        prefix = self._prefix(table, decision)
        rule = Rule(
            prefix,
            decision,
            self._justification(table),
            self._examples(table, "match"),
            self._examples(table, "not_match"),
            source,
        )
        return None if self.problems else rule

    def _note(self, problem: str) -> None:
        self.problems.append(f"{self._place}: {problem}")

    def _decision(self, table: Mapping[str, object]) -> RuleDecision:
        found = table.get("decision")
        if found in DECISIONS:
            return found
        said = "is missing" if found is None else f"is {found!r}"
        self._note(f'`decision` {said}; it must be "allow", "prompt" or "forbidden"')
        return "forbidden"

    def _justification(self, table: Mapping[str, object]) -> str:
        found = table.get("justification", "")
        if isinstance(found, str):
            return found
        self._note("`justification` must be text")
        return ""

    def _prefix(self, table: Mapping[str, object], decision: RuleDecision) -> tuple[tuple[str, ...], ...]:
        found = table.get("prefix")
        if not isinstance(found, list) or not found:
            said = "is missing" if found is None else "must be a list that is not empty"
            self._note(f'`prefix` {said}: the words that a command begins with, as ["git", ["fetch", "pull"]]')
            return ()
        words = tuple(self._alternatives(item, number) for number, item in enumerate(found, 1))
        for name in words[0]:
            self._check_program(name, decision, is_alone=len(words) == 1)
        return words

    def _alternatives(self, item: object, number: int) -> tuple[str, ...]:
        texts = item if isinstance(item, list) else [item]
        if texts and all(isinstance(text, str) and not _UNUSABLE.search(text) for text in texts):
            return tuple(texts)
        self._note(f"word {number} of `prefix` must be text, or a list of texts that is not empty")
        return ()

    def _check_program(self, name: str, decision: RuleDecision, *, is_alone: bool) -> None:
        from policy.commands.amendments import runs_anything

        if not name or any(sign in name for sign in " \t\n"):
            self._note(
                f"the first word of `prefix` is {name!r}: it must name a program; further words are items of their own"
            )
        elif decision == "allow" and "/" in name and not name.startswith("/"):
            self._note(
                f"`{name}` means another file in every folder: allow a bare name that is on the PATH, or a full path"
            )
        elif decision == "allow" and is_alone and runs_anything(name):
            self._note(
                f"allowing `{name}` alone allows every command, without the sandbox: name the words that follow it"
            )

    def _examples(self, table: Mapping[str, object], key: str) -> tuple[Words, ...]:
        found = table.get(key, [])
        if not isinstance(found, list):
            self._note(f"`{key}` must be a list of commands")
            return ()
        return tuple(words for item in found if (words := self._example(item, key)))

    def _example(self, item: object, key: str) -> Words:
        """A command as a list of words, or as plain shell text."""
        if isinstance(item, list) and item and all(isinstance(word, str) for word in item) and item[0]:
            return tuple(item)
        commands = parse_plain(item) if isinstance(item, str) else None
        if commands is not None:
            return tuple(commands[0]) if len(commands) == 1 else ("bash", "-c", str(item))
        self._note(f'`{key}` has {item!r}, which is not plain: write its words as a list, as ["ls", "-l"]')
        return ()
