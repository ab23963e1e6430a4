"""Each barrier does something by itself: with what stands before it removed, its own removal is felt.

A barrier whose absence nothing here would notice could be lost without a test failing.
"""

from __future__ import annotations

import pytest

from harness.confine import BARRIERS
from tests.security.raw.arena import IS_ROOT, open_arena
from tests.security.raw.peel import BEHIND
from tests.security.raw.signs import observe

# An attack that only this barrier stops once those of BEHIND are gone; where there is none, the sign must do.
WITNESSES = {
    "fresh_process": "trace_of_neighbour",
    "empty_environment": "canary_in_environment",
    "closed_descriptors": "read_leftover_descriptor",
    "rlimits": "fork",
    "no_capabilities": "change_root",
    "seccomp": "fork",
    "network_namespace": "udp_datagram",
    "pid_namespace": "session_of_victim",
    "ipc_namespace": "shared_segment_of_host",
    "empty_root": "read_file_of_host",
    "landlock": "list_folder_of_host",
}
SIGNED = ("undumpable", "dies_with_host", "user_namespace", "mount_namespace", "no_capabilities", "rlimits", "seccomp")


@pytest.mark.parametrize("barrier", WITNESSES)
def test_an_attack_gets_through_without_this_barrier_that_it_stops(barrier: str) -> None:
    attack = WITNESSES[barrier]
    assert _end_of(attack, without=BEHIND[barrier]) != "got through"
    assert _end_of(attack, without=(*BEHIND[barrier], barrier)) == "got through"


@pytest.mark.parametrize("barrier", SIGNED)
def test_the_sign_of_a_barrier_is_gone_without_it(barrier: str) -> None:
    without = ("pid_namespace", barrier) if barrier == "dies_with_host" else (barrier,)
    assert _sign_of(barrier, without=without[:-1]) in (True, None if not IS_ROOT else True)
    assert _sign_of(barrier, without=without) in (False, None if not IS_ROOT else False)


def test_no_worker_starts_where_privileges_could_be_gained() -> None:
    """The kernel takes a filter from an ordinary process only under no_new_privs."""
    with open_arena(without=["no_new_privs"]) as arena:
        failed = str(arena.ask({"hold": True})["failed"])
    assert "sandbox.unavailable: the barrier seccomp cannot be put up: EACCES" in failed


def test_every_barrier_is_covered_by_one_of_these() -> None:
    assert {*WITNESSES, *SIGNED, "no_new_privs"} == set(BARRIERS)


def _end_of(attack: str, *, without: tuple[str, ...]) -> str:
    with open_arena(without=without) as arena:
        return arena.run([attack])[attack]


def _sign_of(barrier: str, *, without: tuple[str, ...]) -> bool | None:
    with open_arena(without=without) as arena:
        return observe(arena)[barrier]
