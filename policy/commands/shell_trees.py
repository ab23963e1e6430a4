"""Shell text as tree-sitter reads it. Importing the parser takes 10 to 30 ms, so it waits for the first script."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Query

MAX_SCRIPT_BYTES: Final = 64 * 1024
"""Longer text is not parsed: a pipeline of programs is a few hundred bytes, and any 64 KiB parse within 0.2 s."""


@lru_cache(maxsize=1)
def _language() -> Language:
    import tree_sitter_bash
    from tree_sitter import Language

    return Language(tree_sitter_bash.language())


@lru_cache(maxsize=1)
def _commands_query() -> Query:
    from tree_sitter import Query

    return Query(_language(), "(command) @command")


def parse_tree(script: str) -> Node:
    """Parse text of at most `MAX_SCRIPT_BYTES`, without lone surrogates, as bash. Errors are nodes of the tree."""
    from tree_sitter import Parser

    return Parser(_language()).parse(script.encode()).root_node


def commands_in(tree: Node) -> list[Node]:
    """Every simple command of a tree, however deep, in the order of their text."""
    from tree_sitter import QueryCursor

    found = QueryCursor(_commands_query()).captures(tree).get("command", [])
    return sorted(found, key=lambda node: (node.start_byte, -node.end_byte))


def text_of(node: Node) -> str:
    """The source of a node."""
    return (node.text or b"").decode(errors="replace")
