"""Reads command rules of the layers: built-in, user, project."""

from __future__ import annotations

from harness.config.files import ConfigFile
from harness.config.parsing import decoded
from harness.config.problems import Problem
from policy.commands import Rule


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
    from policy.commands import RulesError, parse_rules

    try:
        return parse_rules(text, source=source, name=place)
    except RulesError as error:
        problems += [Problem(place, problem) for problem in error.problems]
        return ()


def without_allowing(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Return the rules that only tighten: all but those that allow."""
    return tuple(rule for rule in rules if rule.decision != "allow")
