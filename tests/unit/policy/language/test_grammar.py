"""The grammar is total: every node class and every name-bearing field of the running Python has a verdict."""

from __future__ import annotations

import ast

import pytest

from policy.language.grammar import CHILDREN, GRAMMAR, WALKED_CLASSES
from policy.language.pipeline import check
from policy.language.policy_pass import HANDLERS

_ABSTRACT = {
    "mod",
    "stmt",
    "expr",
    "expr_context",
    "boolop",
    "operator",
    "unaryop",
    "cmpop",
    "excepthandler",
    "pattern",
}
_ABSTRACT |= {"type_ignore", "type_param", "AST", "slice"}
_SHIMS = {
    "Num",
    "Str",
    "Bytes",
    "NameConstant",
    "Ellipsis",
    "Index",
    "ExtSlice",
    "Suite",
    "AugLoad",
    "AugStore",
    "Param",
}
_NAME_KINDS = {"binds", "reads", "attribute", "keyword", "module"}


def _concrete_classes() -> list[type[ast.AST]]:
    found = [each for name, each in vars(ast).items() if isinstance(each, type) and issubclass(each, ast.AST)]
    return [each for each in found if each.__name__ not in _ABSTRACT | _SHIMS]


@pytest.mark.parametrize("node_class", _concrete_classes(), ids=lambda cls: cls.__name__)
def test_every_node_class_has_a_verdict_on_every_field(node_class: type[ast.AST]) -> None:
    assert set(node_class._fields) <= set(GRAMMAR[node_class.__name__].fields) | _operator_fields(node_class)


def _operator_fields(node_class: type[ast.AST]) -> set[str]:
    return set() if node_class.__name__ in GRAMMAR else set(node_class._fields)


def test_fields_that_hold_strings_are_never_taken_for_nodes() -> None:
    """`_field_types` (3.13) names the fields that hold identifiers; before it, the table below does."""
    identifiers = {
        (cls.__name__, field)
        for cls in _concrete_classes()
        for field, kind in getattr(cls, "_field_types", {}).items()
        if "str" in str(kind)
    } or {
        ("Name", "id"),
        ("Attribute", "attr"),
        ("arg", "arg"),
        ("keyword", "arg"),
        ("alias", "name"),
        ("MatchAs", "name"),
    }
    for node, field in identifiers:
        kind = GRAMMAR[node].fields[field]
        assert kind in _NAME_KINDS | {"dropped", "constant"}, (node, field, kind)


def test_every_class_with_names_has_a_handler_or_is_handled_by_its_parent() -> None:
    inside = {"arg", "alias", "TypeVar", "ParamSpec", "TypeVarTuple", "comprehension"}
    for node_class in CHILDREN:
        rule = GRAMMAR[node_class.__name__]
        if any(kind in _NAME_KINDS for kind in rule.fields.values()) and rule.verdict != "refused":
            assert node_class in HANDLERS or node_class.__name__ in inside, node_class


def test_walked_classes_have_no_names() -> None:
    for node_class in WALKED_CLASSES:
        assert not _NAME_KINDS & set(GRAMMAR[node_class.__name__].fields.values())


def test_an_unknown_node_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A node class of a later Python lands here until it has a verdict."""
    monkeypatch.setattr("policy.language.policy_frame.WALKED_CLASSES", WALKED_CLASSES - {ast.Assert})
    report = check("assert 1")
    assert [each.code for each in report.diagnostics] == ["script.forbidden_syntax"]
    assert "Assert" in report.diagnostics[0].message
