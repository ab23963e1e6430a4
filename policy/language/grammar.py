"""The verdict on every syntax node of Python, and on every field of it that holds a name.

The table is closed: a node or a field that it does not name is refused. `tests/unit/policy/language/test_grammar.py`
compares it with the `ast` module of the running Python.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

NodeVerdict = Literal["free", "metered", "guarded", "refused"]
FieldKind = Literal["node", "binds", "reads", "attribute", "keyword", "module", "constant", "flag", "mark", "dropped"]


@dataclass(frozen=True, slots=True)
class NodeRule:
    """What happens to one class of syntax nodes.

    Attributes:
        verdict: "free": compiled as it stands. "metered": counts steps. "guarded": checked or rewritten. "refused": a
            finding.
        fields: Field name -> what it holds. "node": nodes, visited. "binds", "reads", "attribute", "keyword", "module":
            names, each under its own rule. "constant", "flag", "mark": no names. "dropped": removed before compiling.
        note: What the guard does, or why the node is refused.
    """

    verdict: NodeVerdict
    fields: Mapping[str, FieldKind]
    note: str = ""


_ABBREVIATED: Final[Mapping[str, FieldKind]] = {
    "ctx": "mark",
    "op": "mark",
    "ops": "mark",
    "type_comment": "dropped",
    "type_ignores": "dropped",
    "kind": "dropped",
    "conversion": "flag",
    "is_async": "flag",
    "is_lazy": "flag",
    "simple": "flag",
    "level": "flag",
}


def _fields(text: str) -> Mapping[str, FieldKind]:
    kinds: dict[str, FieldKind] = {}
    for word in text.split():
        name, _, kind = word.partition(":")
        kinds[name] = kind or _ABBREVIATED.get(name, "node")  # type: ignore[assignment]  # the test checks the kinds
    return MappingProxyType(kinds)


_FREE: Final = {
    "Module": "body type_ignores",
    # statements
    "Return": "value",
    "Delete": "targets",
    "Assign": "targets value type_comment",
    "If": "test body orelse",
    "Raise": "exc cause",
    "Try": "body handlers orelse finalbody",
    "TryStar": "body handlers orelse finalbody",
    "Assert": "test msg",
    "Expr": "value",
    "Pass": "",
    "Break": "",
    "Continue": "",
    "With": "items body type_comment",
    "AsyncWith": "items body type_comment",
    "withitem": "context_expr optional_vars",
    "Match": "subject cases",
    "match_case": "pattern guard body",
    # expressions
    "BoolOp": "op values",
    "NamedExpr": "target value",
    "BinOp": "left op right",
    "UnaryOp": "op operand",
    "IfExp": "test body orelse",
    "Dict": "keys values",
    "Set": "elts",
    "Await": "value",
    "Yield": "value",
    "YieldFrom": "value",
    "Compare": "left ops comparators",
    "FormattedValue": "value conversion format_spec",
    "JoinedStr": "values",
    "Constant": "value:constant kind",
    "Subscript": "value slice ctx",
    "Starred": "value ctx",
    "List": "elts ctx",
    "Tuple": "elts ctx",
    "Slice": "lower upper step",
    "arguments": "posonlyargs args vararg kwonlyargs kw_defaults kwarg defaults",
    # patterns
    "MatchSingleton": "value:constant",
    "MatchSequence": "patterns",
    "MatchOr": "patterns",
}

_METERED: Final = {
    "For": ("target iter body orelse type_comment", "one step per item, and one for the end"),
    "AsyncFor": ("target iter body orelse type_comment", "one step per item, and one for the start"),
    "While": ("test body orelse", "one step per test"),
}

_GUARDED: Final = {
    "FunctionDef": (
        "name:binds args body decorator_list returns:dropped type_comment type_params",
        "the name is checked; annotations are dropped; one step per call",
    ),
    "AsyncFunctionDef": (
        "name:binds args body decorator_list returns:dropped type_comment type_params",
        "the name is checked; annotations are dropped; one step per call",
    ),
    "Lambda": ("args body", "one step per call"),
    "arg": ("arg:binds annotation:dropped type_comment", "the name is checked; the annotation is dropped"),
    "ClassDef": (
        "name:binds bases keywords body decorator_list type_params",
        "names and keywords are checked here, bases when the class is made",
    ),
    "AugAssign": ("target op value", "an attribute must belong to the script's own object"),
    "AnnAssign": ("target annotation value simple", "the annotation is dropped outside class bodies"),
    "TypeAlias": ("name type_params value", "the name is checked"),
    "TypeVar": ("name:binds bound default_value", "the name is checked"),
    "ParamSpec": ("name:binds default_value", "the name is checked"),
    "TypeVarTuple": ("name:binds default_value", "the name is checked"),
    "comprehension": ("target iter ifs is_async", "one step per item, and one for the end"),
    "ListComp": ("elt generators", "see comprehension"),
    "SetComp": ("elt generators", "see comprehension"),
    "DictComp": ("key value generators", "see comprehension"),
    "GeneratorExp": ("elt generators", "see comprehension"),
    "ExceptHandler": ("type name:binds body", "the name is checked"),
    "Import": ("names is_lazy", "facade modules only; none in strict mode"),
    "ImportFrom": ("module:module names level is_lazy", "facade modules and the names they show; none in strict mode"),
    "alias": ("name:module asname:binds", "both names are checked"),
    "Global": ("names:binds", "the names are checked"),
    "Nonlocal": ("names:binds", "the names are checked"),
    "Call": ("func args keywords", "type(name, bases, namespace) is refused"),
    "keyword": ("arg:keyword value", "no dunder names"),
    "Attribute": ("value attr:attribute ctx", "see the table of attributes"),
    "Name": ("id:reads ctx", "no dunder names; no builtin that is not listed"),
    "MatchValue": ("value", "attributes must be free"),
    "MatchMapping": ("keys patterns rest:binds", "the name is checked; attributes of keys must be free"),
    "MatchClass": ("cls patterns kwd_attrs:attribute kwd_patterns", "attributes must be free"),
    "MatchStar": ("name:binds", "the name is checked"),
    "MatchAs": ("pattern name:binds", "the name is checked"),
}

_REFUSED: Final = {
    "Interactive": ("body", "not part of a script"),
    "Expression": ("body", "not part of a script"),
    "FunctionType": ("argtypes returns", "not part of a script"),
    "TypeIgnore": ("lineno:flag tag:constant", "not part of a script"),
    "TemplateStr": ("values", "template strings give objects that only newer Pythons have; write an f-string"),
    "Interpolation": ("value str:constant conversion format_spec", "part of a template string"),
}

_MARKS: Final = """
    Load Store Del And Or Add Sub Mult MatMult Div Mod Pow LShift RShift BitOr BitXor BitAnd FloorDiv Invert Not UAdd
    USub Eq NotEq Lt LtE Gt GtE Is IsNot In NotIn
"""

GRAMMAR: Final[Mapping[str, NodeRule]] = MappingProxyType(
    {name: NodeRule("free", _fields(fields)) for name, fields in _FREE.items()}
    | {name: NodeRule("metered", _fields(fields), note) for name, (fields, note) in _METERED.items()}
    | {name: NodeRule("guarded", _fields(fields), note) for name, (fields, note) in _GUARDED.items()}
    | {name: NodeRule("refused", _fields(fields), note) for name, (fields, note) in _REFUSED.items()}
    | {name: NodeRule("free", MappingProxyType({})) for name in _MARKS.split()}
)
"""Class name -> rule, for every concrete node class of the supported Pythons."""


def _children(node_class: type[ast.AST]) -> tuple[str, ...]:
    """The fields that hold nodes to visit, in the order in which Python evaluates or declares them."""
    rule = GRAMMAR[node_class.__name__]
    return tuple(field for field in node_class._fields if rule.fields.get(field) == "node")


def _running() -> dict[type[ast.AST], NodeRule]:
    found = {getattr(ast, name, None): rule for name, rule in GRAMMAR.items()}
    return {cls: rule for cls, rule in found.items() if isinstance(cls, type) and issubclass(cls, ast.AST)}


CHILDREN: Final[Mapping[type[ast.AST], tuple[str, ...]]] = {cls: _children(cls) for cls in _running()}
"""Node class of the running Python -> its fields that hold nodes."""

WALKED_CLASSES: Final = frozenset(cls for cls, rule in _running().items() if rule.verdict in {"free", "metered"})
"""Node classes that the policy pass walks through without a check of their own."""
