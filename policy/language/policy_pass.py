"""The policy pass: RestrictedPython's transformer with the verdicts of this script language.

The rules are ours: async, match and annotations are allowed, attributes are decided at compile time where their name
settles it, and injected names cannot be spelled. Each kind of rule is a class; this one joins them.
"""

from __future__ import annotations

import ast
from typing import ClassVar

from policy.language.attribute_rules import AttributeRules
from policy.language.definition_rules import DefinitionRules
from policy.language.import_rules import ImportRules
from policy.language.name_rules import NameRules
from policy.language.pattern_rules import PatternRules

RULES = (NameRules, AttributeRules, DefinitionRules, ImportRules, PatternRules)

HANDLERS = {
    getattr(ast, name.removeprefix("visit_")): handler
    for rules in RULES
    for name, handler in vars(rules).items()
    if name.startswith("visit_") and hasattr(ast, name.removeprefix("visit_"))
}
"""Node class -> the rule that checks it. What RestrictedPython's own visitors would do is not used."""


class PolicyPass(NameRules, AttributeRules, DefinitionRules, ImportRules, PatternRules):
    """Checks a parsed script and puts the guards into it. The tree is changed in place."""

    _handlers: ClassVar = HANDLERS
