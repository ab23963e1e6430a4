"""The differential corpus uses everything that the language allows; what it leaves out is listed with its reason."""

from __future__ import annotations

import pytest

from tests.corpus.coverage import (
    Used,
    attributes_to_cover,
    builtins_to_cover,
    names_to_cover,
    nodes_to_cover,
    used_by,
)
from tests.corpus.snippets import DIFFERENTIAL, read_snippets

LEFT_OUT = {
    "typing.reveal_type": "prints to stderr, which the harness has not",
}


@pytest.fixture(scope="module")
def used() -> Used:
    return used_by(read_snippets(DIFFERENTIAL))


def test_every_allowed_syntax_node_is_used(used: Used) -> None:
    assert sorted(nodes_to_cover() - used.nodes - LEFT_OUT.keys()) == []


def test_every_facade_name_is_used(used: Used) -> None:
    assert sorted(names_to_cover() - used.names - LEFT_OUT.keys()) == []


def test_every_builtin_is_used(used: Used) -> None:
    assert sorted(builtins_to_cover() - used.builtins - LEFT_OUT.keys()) == []


def test_every_dunder_method_and_guarded_attribute_is_used(used: Used) -> None:
    assert sorted(attributes_to_cover() - used.attributes - LEFT_OUT.keys()) == []


def test_what_is_left_out_is_not_used_after_all(used: Used) -> None:
    everything = used.nodes | used.names | used.builtins | used.attributes
    assert sorted(LEFT_OUT.keys() & everything) == []
