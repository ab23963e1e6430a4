"""The runner of the corpus notices what gets through and what no longer does; the whole of it is `make red-team`."""

from __future__ import annotations

import sys

from tests.security import layers
from tests.security.attacks import command, worker
from tests.security.attacks.corpus import escapes
from tests.security.layers import ALL, NOTHING, Row
from tests.security.raw.arena import IS_ROOT
from tests.security.red_team import key_of, known_through, unexpected

KNOWN = known_through()
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
USER = "root" if IS_ROOT else "user"


def row(layer: str, *through: str, corpus: str = "worker") -> Row:
    return Row(corpus, layer, VERSION, "root", 10, frozenset(through))


def test_what_should_not_get_through_and_what_should_are_both_noticed() -> None:
    known = {"worker, seccomp, root": ["stat_root", "spin"]}
    assert unexpected(row("seccomp", "stat_root", "spin"), known) == (frozenset(), frozenset())
    assert unexpected(row("seccomp", "stat_root", "fork"), known) == (frozenset({"fork"}), frozenset({"spin"}))


def test_nothing_may_get_through_all_layers_whatever_is_recorded() -> None:
    assert unexpected(row(ALL, "fork"), {f"worker, {ALL}, root": ["fork"]})[0] == {"fork"}
    assert unexpected(row("check and guards", "x", corpus="language"), {"language, check and guards": ["x"]})[0] == {
        "x"
    }


def test_every_layer_is_recorded_with_attacks_that_there_are() -> None:
    users = ("root", "user")
    wanted = {f"worker, {layer}, {user}" for layer in layers.WORKER_LAYERS for user in users if layer != ALL}
    wanted |= {f"command, {layer}, {user}" for layer in layers.COMMAND_LAYERS for user in users if layer != ALL}
    assert set(KNOWN) == wanted | {"language, guards"}
    for key, names in KNOWN.items():
        if not key.startswith("language"):
            assert set(names) <= set((worker if key.startswith("worker") else command).ATTACKS), key
    assert set(KNOWN["language, guards"]) <= {escape.name for escape in escapes(minor=99)}


def test_each_layer_alone_stops_something_that_gets_through_nothing() -> None:
    for user in ("root", "user"):
        for corpus, known in (("worker", layers.WORKER_LAYERS), ("command", layers.COMMAND_LAYERS)):
            bare = set(KNOWN[f"{corpus}, {NOTHING}, {user}"])
            for layer in known.keys() - {ALL, NOTHING}:
                assert bare - set(KNOWN[f"{corpus}, {layer}, {user}"]), (corpus, layer, user)


def test_there_are_enough_attacks_on_worker_and_commands() -> None:
    assert len(worker.ATTACKS) >= 150
    assert len(command.ATTACKS) >= 150


def test_the_layers_of_the_language_hold_alone_what_they_are_known_to_hold() -> None:
    for seen in layers.language_rows(VERSION, sys.executable, USER):
        assert unexpected(seen, KNOWN) == (frozenset(), frozenset()), key_of(seen)


def test_the_filter_alone_holds_what_it_is_known_to_hold() -> None:
    for seen in layers.worker_rows(VERSION, sys.executable, USER, only=("seccomp",)):
        assert unexpected(seen, KNOWN) == (frozenset(), frozenset())
