"""Reads command rules of the layers: built-in, user, project."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.config.files import ConfigFile
from harness.config.parsing import decoded
from harness.config.problems import Problem

if TYPE_CHECKING:
    from policy.commands import Rule

_RULE_PLACE = re.compile(r"(rule \d+) \(line (\d+)\)(.*)", re.DOTALL)
_TOML_PLACE = re.compile(r"(.*) \(at line (\d+), column \d+\)()$", re.DOTALL)


def rules_of_file(file: ConfigFile | None, problems: list[Problem]) -> tuple[Rule, ...]:
    """Read the rules of a file; what is wrong with it is added to `problems`."""
    if file is None or (text := decoded(file.data, file.path, problems)) is None:
        return ()
    return rules_of_text(text, file.path, problems, source=file.layer)


def rules_of_text(text: str, place: str, problems: list[Problem], *, source: str) -> tuple[Rule, ...]:
    """Read rules from TOML; what is wrong with them, their examples included, is added to `problems`.

    Args:
        text: The file's.
        place: Its path, for messages.
        problems: What is wrong is added here.
        source: The layer that matched rules name.
    """
    from policy.commands import RulesError, parse_rules  # parsers of shells are loaded only where there are rules

    try:
        return parse_rules(text, source=source, name=place)
    except RulesError as error:
        problems += [_located(problem, place) for problem in error.problems]
        return ()


def _located(said: str, place: str) -> Problem:
    match = _RULE_PLACE.match(said) or _TOML_PLACE.match(said)
    return Problem(place, match[1] + match[3], line=int(match[2])) if match else Problem(place, said)


def without_allowing(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Return the rules that only tighten: all but those that allow."""
    return tuple(rule for rule in rules if rule.decision != "allow")
