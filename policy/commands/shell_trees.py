"""Shell text as tree-sitter reads it.

The grammar's scanner, which is C, indexes the tables of ctype.h with any code point, and reads beyond them for
`${` before a character above U+00FF. So it is given ASCII alone: every other character is read as a letter, which it
is to a shell too, and the words are taken from the text itself.

Importing the parser takes 10 to 30 ms, so it waits for the first script.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Query

MAX_SCRIPT_BYTES: Final = 64 * 1024
"""Longer text is not parsed. A pipeline of programs is a few hundred bytes."""


_NOT_ASCII: Final = re.compile(r"[^\x01-\x7f]")


@lru_cache(maxsize=1)
def _language() -> Language:
    import tree_sitter_bash
    from tree_sitter import Language

    return Language(tree_sitter_bash.language())


@lru_cache(maxsize=8)
def _query(kind: str) -> Query:
    from tree_sitter import Query

    return Query(_language(), f"({kind}) @found")


def parse_tree(script: str) -> Node:
    """Parse text of at most `MAX_SCRIPT_BYTES` as bash. Errors are nodes of the tree. Offsets count characters."""
    from tree_sitter import Parser

    return Parser(_language()).parse(_NOT_ASCII.sub("x", script).encode("ascii")).root_node


def nodes_in(tree: Node, kind: str) -> list[Node]:
    """Every node of a kind, however deep, in the order of their text."""
    from tree_sitter import QueryCursor

    found = QueryCursor(_query(kind)).captures(tree).get("found", [])
    return sorted(found, key=lambda node: (node.start_byte, -node.end_byte))


def text_of(node: Node, script: str) -> str:
    """The source of a node of that script's tree."""
    return script[node.start_byte : node.end_byte]
