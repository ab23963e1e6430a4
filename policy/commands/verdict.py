"""What the rules and lists say of a command: the evidence that `policy.approval` decides from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

RuleDecision = Literal["allow", "prompt", "forbidden"]
DECISIONS: tuple[RuleDecision, ...] = ("allow", "prompt", "forbidden")
"""From the loosest to the strictest."""


@dataclass(frozen=True, slots=True)
class Amendment:
    """An allow rule that a question proposes, saved when a person approves it.

    Attributes:
        prefix: The words that a command must begin with.
    """

    prefix: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatchedRule:
    """A rule that matched, and the words it matched.

    Attributes:
        segment: The plain command that it matched.
        prefix: The words of the segment that the rule names.
        decision: What the rule says.
        justification: Why, "" if the rule does not say.
        source: The layer it comes from: "built-in", "user" or "project".
    """

    segment: tuple[str, ...]
    prefix: tuple[str, ...]
    decision: RuleDecision
    justification: str
    source: str


@dataclass(frozen=True, slots=True)
class CommandVerdict:
    """All that is known of a command before anybody is asked.

    Attributes:
        segments: The plain commands it is made of; the whole argv alone when it is not provably plain.
        matched: Every rule that matched, in the order of segments and rules.
        decision: The strictest of what matched, or None when nothing did.
        is_allowed_whole: Every segment matched an allow rule, and nothing stricter matched.
        is_known_safe: Every segment only reads, by the built-in list.
        is_dangerous: Some segment forces a removal.
        proposed_amendment: The rule that a question may propose, or None.
    """

    segments: tuple[tuple[str, ...], ...]
    matched: tuple[MatchedRule, ...] = ()
    decision: RuleDecision | None = None
    is_allowed_whole: bool = False
    is_known_safe: bool = False
    is_dangerous: bool = False
    proposed_amendment: Amendment | None = None
