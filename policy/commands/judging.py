"""What rules and lists say of a command. This is evidence; `policy.approval` decides from it.

Rules that allow need certainty, and see only what provably runs: the argv, or the commands of a plain script. Rules
that forbid or ask need a suspicion, and see every command that can be found inside, under any path.
"""

from __future__ import annotations

from collections.abc import Sequence

from policy.commands.amendments import proposed
from policy.commands.builtins import OTHER_SHELLS, SHELLS
from policy.commands.dangerous import is_dangerous_within
from policy.commands.embedded import Found, search
from policy.commands.known_safe import is_safe_command, is_safe_script
from policy.commands.parsing import Words, opened
from policy.commands.rules import Rule
from policy.commands.verdict import DECISIONS, Amendment, CommandVerdict, MatchedRule, RuleDecision
from policy.commands.wrappers import base_name, least_words, without_git_options
from policy.effects import Command


def judge(command: Command, rules: Sequence[Rule]) -> CommandVerdict:
    """Gather what rules and lists say of a command.

    A call that sets variables, or whose program is not the one that the host's PATH gives, is never known to be safe
    and never allowed; rules that forbid or ask match it all the same.

    Args:
        command: With its program resolved. The PATH that it will run with must have no folder that commands can
            write, for the programs that a shell script names are found there.
        rules: Of all layers, in any order.
    """
    argv = command.argv
    if not argv:
        return CommandVerdict((argv,))
    plain = opened(argv)
    segments = (argv,) if plain is None else plain
    found = _search(command)
    matched = _matched(command, rules, segments, found)
    decision = _strictest(matched)
    is_certain = command.is_from_path and not command.env and _is_named_plainly(command)
    allowed = {item.segment for item in matched if item.decision == "allow"}
    unmatched = dict.fromkeys(segment for segment in segments if segment not in allowed)
    is_dangerous = is_dangerous_within(found)
    is_open = is_certain and decision in (None, "allow")
    return CommandVerdict(
        segments,
        matched,
        decision,
        is_allowed_whole=is_open and not unmatched,
        is_known_safe=is_certain and _is_safe(argv, plain),
        is_dangerous=is_dangerous,
        proposed_amendment=_amendment(command, tuple(unmatched)) if is_open and not is_dangerous else None,
    )


def _search(command: Command) -> Found:
    """What stands inside of the argv; a link to a program of another name is searched as that program too."""
    found = search(command.argv)
    program = command.program
    if program is None or base_name(program) == base_name(command.argv[0]):
        return found
    behind = search((program, *command.argv[1:]))
    return Found(found.commands + behind.commands, is_complete=found.is_complete and behind.is_complete)


def _strictest(matched: Sequence[MatchedRule]) -> RuleDecision | None:
    return max((item.decision for item in matched), key=DECISIONS.index, default=None)


def _matched(
    command: Command, rules: Sequence[Rule], segments: Sequence[Words], found: Found
) -> tuple[MatchedRule, ...]:
    if not rules:
        return ()
    provable = set(segments)
    matched: list[MatchedRule] = []
    for words in dict.fromkeys((*found.commands, *segments)):
        suspected = _suspected_names(words[0], command)
        for rule in rules:
            if suspected.isdisjoint(rule.prefix[0]) and not (words != command.argv and _names_path(rule, suspected)):
                continue  # most rules are about other programs, and this is the path of every call
            if rule.decision != "allow":
                form = _suspicious_form(words, rule)
            else:
                form = words if words in provable and _is_allowed(words, rule, command) else None
            if form is not None:
                matched.append(_match(rule, words, form))
    return tuple(matched)


def _names_path(rule: Rule, suspected: frozenset[str]) -> bool:
    """Say whether a rule that forbids or asks names a program by path, which inside of a script nobody has resolved."""
    return rule.decision != "allow" and any("/" in name and base_name(name) in suspected for name in rule.prefix[0])


def _suspicious_form(words: Words, rule: Rule) -> Words | None:
    """The words as the rule matches them: a git command also without the options before its subcommand."""
    if _goes_on(words, rule):
        return words
    if base_name(words[0]) != "git":
        return None
    bare = without_git_options(words)
    return bare if _goes_on(bare, rule) else None


def _is_allowed(words: Words, rule: Rule, command: Command) -> bool:
    names = _allowing_names(words, command)
    return not names.isdisjoint(rule.prefix[0]) and _goes_on(words, rule) and len(rule.prefix) >= _least_words(words)


def _match(rule: Rule, words: Words, form: Words) -> MatchedRule:
    return MatchedRule(words, form[: len(rule.prefix)], rule.decision, rule.justification, rule.source)


def _goes_on(words: Words, rule: Rule) -> bool:
    """The words behind the first are the rule's."""
    prefix = rule.prefix
    return len(prefix) <= len(words) and all(words[index] in prefix[index] for index in range(1, len(prefix)))


def _suspected_names(name: str, command: Command) -> frozenset[str]:
    """Under which names a rule that forbids or asks may know a program: path or not."""
    program = command.program if name == command.argv[0] else None
    return frozenset((name, base_name(name), *((program, base_name(program)) if program else ())))


def _allowing_names(words: Words, command: Command) -> frozenset[str]:
    """Under which names a rule that allows may know a program, none where it is not the one on the PATH.

    Inside of a script nobody has resolved paths, so only the word itself counts.
    """
    if not command.is_from_path:
        return frozenset()
    name = words[0]
    if words != command.argv:
        return frozenset({name})
    if not _is_named_plainly(command):
        return frozenset()
    return frozenset((name, base_name(name), *([command.program] if command.program else [])))


def _is_named_plainly(command: Command) -> bool:
    """The program is called by its bare name or by its own absolute path."""
    name = command.argv[0]
    return "/" not in name or name == command.program


def _least_words(words: Words) -> int:
    """How many words a rule that allows has to name: all of a shell with options, which may hold a script."""
    if base_name(words[0]) in SHELLS | OTHER_SHELLS:
        return len(words) if words[1:] and words[1][:1] in ("-", "+") else 2
    return least_words(words)


def _is_safe(argv: Words, plain: Sequence[Words] | None) -> bool:
    return is_safe_command(argv, name=base_name(argv[0])) if plain is None else is_safe_script(plain)


def _amendment(command: Command, unmatched: Sequence[Words]) -> Amendment | None:
    """The rule that would allow the command as a whole, if one rule can."""
    if len(unmatched) != 1:
        return None
    words = unmatched[0]
    return proposed((base_name(words[0]), *words[1:]) if words == command.argv else words)
