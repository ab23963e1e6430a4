"""Command rules: what a command is, which rules match it, and what they say."""

from policy.commands.amendments import render_amendment
from policy.commands.built_in import BUILT_IN_RULES
from policy.commands.canonical import canonical_argv
from policy.commands.dangerous import is_dangerous
from policy.commands.judging import judge
from policy.commands.known_safe import is_known_safe
from policy.commands.parsing import parse_plain, plain_commands
from policy.commands.rules import ExampleResult, Rule, RulesError, check_examples, parse_rules
from policy.commands.verdict import Amendment, CommandVerdict, MatchedRule, RuleDecision

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
