"""Command rules: what a command is, which rules match it, and what they say.

Names are imported when they are first used: whoever only needs an `Amendment` does not load the readers of shells.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from policy.commands.amendments import render_amendment as render_amendment
    from policy.commands.built_in import BUILT_IN_RULES as BUILT_IN_RULES
    from policy.commands.canonical import canonical_argv as canonical_argv
    from policy.commands.dangerous import is_dangerous as is_dangerous
    from policy.commands.judging import judge as judge
    from policy.commands.known_safe import is_known_safe as is_known_safe
    from policy.commands.parsing import parse_plain as parse_plain
    from policy.commands.parsing import plain_commands as plain_commands
    from policy.commands.rules import ExampleResult as ExampleResult
    from policy.commands.rules import Rule as Rule
    from policy.commands.rules import RulesError as RulesError
    from policy.commands.rules import check_examples as check_examples
    from policy.commands.rules import parse_rules as parse_rules
    from policy.commands.verdict import Amendment as Amendment
    from policy.commands.verdict import CommandVerdict as CommandVerdict
    from policy.commands.verdict import MatchedRule as MatchedRule
    from policy.commands.verdict import RuleDecision as RuleDecision

_HOME: Final = {
    "amendments": ("render_amendment",),
    "built_in": ("BUILT_IN_RULES",),
    "canonical": ("canonical_argv",),
    "dangerous": ("is_dangerous",),
    "judging": ("judge",),
    "known_safe": ("is_known_safe",),
    "parsing": (
        "parse_plain",
        "plain_commands",
    ),
    "rules": (
        "ExampleResult",
        "Rule",
        "RulesError",
        "check_examples",
        "parse_rules",
    ),
    "verdict": (
        "Amendment",
        "CommandVerdict",
        "MatchedRule",
        "RuleDecision",
    ),
}
_MODULE_OF: Final = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "BUILT_IN_RULES",
    "Amendment",
    "CommandVerdict",
    "ExampleResult",
    "MatchedRule",
    "Rule",
    "RuleDecision",
    "RulesError",
    "canonical_argv",
    "check_examples",
    "is_dangerous",
    "is_known_safe",
    "judge",
    "parse_plain",
    "parse_rules",
    "plain_commands",
    "render_amendment",
]


def __getattr__(name: str) -> Any:
    module = _MODULE_OF.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"policy.commands.{module}"), name)
    globals()[name] = value
    return value
